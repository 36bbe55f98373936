"""Registry files by mail: the day's cancellation records, the credits, other lists."""

import re

from mailer.kinds.traits import Traits

SHEET = re.compile(r"\.(xlsx?|csv|zip)$", re.I | re.M)
WORDS = re.compile(
    r"注销(?:记录|数据|明细|清单)|登记(?:数据|记录)|持有量?(?:清单|数据|明细)|抵销CCER(?:清单|生成|明细)"
    r"|重点排放单位名单|(?:cancellations|credits|holdings|entities|surrenders)\.(?:xlsx|csv)",
    re.I,
)


def matches(mail: Traits) -> bool:
    """A sheet of registry records."""
    return bool(SHEET.search(mail.names) and WORDS.search(f"{mail.subject}\n{mail.names}"))
