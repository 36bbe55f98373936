"""Words of the registry's records: which operation is a voluntary cancellation, and a finished one.

The registry's screens are not known for certain, so both questions are asked by meaning.
"""

import unicodedata

_VOLUNTARY = ("自愿注销", "自愿核销", "自愿取消", "抵销注销", "清缴注销")
_OTHER = ("转入", "转出", "签发", "登记", "冻结", "解冻", "划转", "交易", "强制", "开户")
_UNFINISHED = (
    "未",
    "待",
    "失败",
    "撤",
    "驳",
    "拒",
    "取消",
    "处理中",
    "审核中",
    "办理中",
    "审批中",
    "进行中",
)
_UNFINISHED_EXACT = ("已提交", "已申请", "提交", "申请", "受理", "已受理", "初审通过", "草稿")


def is_voluntary_cancellation(operation: str) -> bool:
    """自愿注销; a bare 注销 counts, an empty cell does not speak against it, 交易转入 does."""
    plain = _plain(operation)
    if not plain or any(word in plain for word in _VOLUNTARY):
        return True
    return "注销" in plain and not any(word in plain for word in _OTHER)


def is_finished(status: str) -> bool:
    """已完成, 成功, 已注销 …; what waits, failed or was taken back is not. Empty counts."""
    plain = _plain(status)
    return not any(word in plain for word in _UNFINISHED) and plain not in _UNFINISHED_EXACT


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
