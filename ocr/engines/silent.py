"""Nobody is told that an engine runs here: not where, when, for how long, nor on what machine.

onnxruntime reports each process and session to its makers by default since 1.29 (its Privacy.md),
and keeps what it could not send in the user's home. OpenVINO reports each import where the package
`openvino-telemetry` is installed; it is not among our requirements.
"""

import os
import sys


def tell_nobody() -> None:
    """Turns both off, for this process and those that it starts; before either is imported."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
