"""The printed, sealed screenshot of a finished cancellation, 附件3 §2 step 5."""

import re

from mailer.kinds.traits import Traits

PROOF = re.compile(
    r"注[销銷].{0,10}(?:截[图圖]|[证證]明|[凭憑][证證]|截屏|完成|[扫掃]描件|打印件)"
    r"|(?:截[图圖]|截屏).{0,10}注[销銷]|自[愿願]注[销銷]|已注[销銷]"
    r"|cancellation (?:proof|screenshot|record|certificate)|proof of cancellation",
    re.IGNORECASE,
)


def named(mail: Traits) -> bool:
    """A file is called so."""
    return bool(PROOF.search(mail.names))


def matches(mail: Traits) -> bool:
    """Named so by subject or file; by the text alone only where a file comes with it."""
    if named(mail) or (mail.files and PROOF.search(mail.subject)):
        return True
    return mail.files and bool(PROOF.search(mail.own_text))
