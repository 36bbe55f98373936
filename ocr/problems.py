"""Why a document could not be read: one code for each cause that its sender can act on.

The texts say what, where and what to do; receipts show them as they are.
"""

from collections.abc import Mapping

from procedure.errors import BadInput
from procedure.language import Text, _
from procedure.readings import Problem

MESSAGES: Mapping[str, Text] = {
    "empty": _("文件为空（0 字节）。请重新导出或扫描后再发送。"),
    "damaged": _("文件已损坏或不完整，无法打开。请确认能正常打开后重新发送。"),
    "encrypted": _("文件设有密码，无法打开。请去除密码后重新发送。"),
    "too-large": _("文件过大（{detail}）。请发送不超过 64 MiB、30 页、每页 1 亿像素的文件。"),
    "unsupported": _(
        "不支持该文件格式（{detail}）。请另存为 PDF 或 .docx，或发送清晰的扫描件（PDF、JPG、PNG）。"
    ),
    "not-a-form": _("未识别出申请表或注销截图。请确认所附文件正确，并发送完整、清晰的页面。"),
    "too-slow": _("识读超时。请发送分辨率适中、清晰的扫描件（PDF、JPG、PNG）。"),
    "unreadable": _("页面无法识读。请发送清晰、完整、摆正的扫描件或原始电子文件。"),
}


UNKNOWN = _("未知格式")


class Unreadable(BadInput):
    """A document that cannot be opened or read; ``code`` is a key of `MESSAGES`."""

    def __init__(self, code: str, reason: str, detail: str = "") -> None:
        super().__init__(reason, code=code, user_message=message(code, detail))


def message(code: str, detail: str = "") -> str:
    """The text of a problem."""
    return MESSAGES[code].said(detail=detail or UNKNOWN.said())


def problem(code: str, detail: str = "") -> Problem:
    """The problem as a reading carries it."""
    return Problem(code, message(code, detail))
