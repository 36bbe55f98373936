"""The printed, sealed screenshot of a finished cancellation, 附件3 §2 step 5."""

import re

from mailer.kinds.traits import Traits

PROOF = re.compile(
    r"注销.{0,10}(?:截图|证明|凭证|截屏|完成|扫描件|打印件)|(?:截图|截屏).{0,10}注销|自愿注销|已注销"
)


def named(mail: Traits) -> bool:
    """A file is called so."""
    return bool(PROOF.search(mail.names))


def matches(mail: Traits) -> bool:
    """Named so by subject or file; by the text alone only where a file comes with it."""
    if named(mail) or (mail.files and PROOF.search(mail.subject)):
        return True
    return mail.files and bool(PROOF.search(mail.own_text))
