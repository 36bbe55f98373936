"""Mails with a form, many of them."""

from datetime import datetime

from clerk.demo.mime import Draft, Enclosure, write
from clerk.drawing.invent import provinces
from clerk.drawing.many import firm, form
from tests.crash.load import TO

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WHEN = datetime.fromisoformat("2021-11-26T09:00:00+08:00")


def application(number: int) -> bytes:
    """A mail with the form of a firm of its own, in Hebei."""
    hebei = next(one for one in provinces() if one.prefix == "13")
    enclosed = Enclosure("申请表.docx", WORD, form(firm(number, hebei)))
    sender = f"load{number}@163.example"
    draft = Draft(
        "163", sender, "陈示例", TO, "CCER抵销配额清缴申请表", "您好：现报送申请表，请查收。",
        WHEN, f"load.{number}@163.example", (enclosed,),
    )  # fmt: skip
    return write(draft)
