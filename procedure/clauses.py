"""The procedure's clauses as people read them.

Rules, findings and records name a clause as it is kept: ``附件3 §2 step 4``. Others rely on that
form, and old records have it, so it is put into words only where somebody reads it.
"""

import re

from procedure.language import termed

_STEP = re.compile(r" step (\d+)")


def cited(clause: str) -> str:
    """附件3 §2 第4步, told in other languages by their catalogue; "" where none is named."""
    return termed(_STEP.sub(r" 第\1步", clause)) if clause else ""
