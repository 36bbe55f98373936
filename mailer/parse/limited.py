"""Parsing in a child process with limits on time and memory: one hostile mail harms nobody."""

import hashlib
import pickle
import resource
import subprocess
import sys

from mailer.mail import Mail
from mailer.parse import UNPARSABLE
from procedure.errors import Temporary


def limited(
    raw: bytes,
    own: frozenset[str] = frozenset(),
    envelope_from: str | None = None,
    *,
    trusted: frozenset[str] = frozenset(),
    seconds: int = 10,
    megabytes: int = 512,
    patience: float = 120,
) -> Mail:
    """`mailer.parse.parse` in a child; a mail with a problem where the child is cut off.

    ``seconds`` are of processor time, which the mail alone is to blame for. ``patience`` are
    seconds of waiting: a child that got no turn so long says nothing of the mail. `Temporary` then.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))

    try:
        done = subprocess.run(
            [sys.executable, "-m", "mailer.parse.child"],
            input=pickle.dumps((own, envelope_from, trusted, raw)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            check=False,
            preexec_fn=limit,
        )
    except subprocess.TimeoutExpired as error:
        raise Temporary(
            f"a mail of {len(raw)} bytes waited {patience} s to be parsed: the machine is too busy"
        ) from error
    if done.returncode != 0:
        return _unparsed(raw)
    mail: Mail = pickle.loads(done.stdout)  # noqa: S301 - from our own child
    return mail


def _unparsed(raw: bytes) -> Mail:
    digest = hashlib.sha256(raw).hexdigest()
    return Mail(kind="other", problems=(UNPARSABLE,), fingerprint=digest)
