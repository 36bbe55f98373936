"""A question: about a case, or how the procedure goes."""

import re

from mailer.kinds.command import CASE
from mailer.kinds.traits import Traits

ASKS = re.compile(
    r"查[询詢]|[请請][问問]|咨询|进度|进展|如何|怎么|怎样|什么时候|何时|是否|能否|可否|哪里|收到(?:了)?[吗嗎]|[吗嗎][？?]|[？?]|status|enquiry|inquiry",
    re.I,
)


def matches(mail: Traits) -> bool:
    """Somebody waits for an answer in words."""
    return bool(ASKS.search(f"{mail.subject}\n{mail.text[:2000]}") or CASE.search(mail.subject))
