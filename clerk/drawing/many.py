"""Many application forms at small cost: one drawn .docx whose firm is another one each time.

For load, not for reading: all say the same but for the firm.
"""

import io
import zipfile
from datetime import date
from functools import cache

from clerk.drawing.content import Application, Company, ProjectLine
from clerk.drawing.fonts import packaged
from clerk.drawing.invent import credit_code
from clerk.drawing.style import Style
from clerk.drawing.word import form_docx
from procedure.provinces import Province

OBLIGATION, OFFSET = 1_000_000, 40_000
"""Tonnes that each of them says."""


def firm(number: int, province: Province) -> Company:
    """An invented firm; another number or province is another firm. ``number`` below 10,000."""
    serial = int(province.prefix) * 10_000 + number
    return Company(
        f"{province.short}示例{number:04}热电有限公司",
        credit_code(province.prefix, serial),
        province.name,
        f"CN-100-{serial:07}",
        "陈示例",
        "13800138000",
    )


def form(own: Company) -> bytes:
    """The firm's form as .docx."""
    out = io.BytesIO()
    drawn, model = _drawn()
    said = {getattr(model, name): getattr(own, name) for name in ("name", "uscc", "account_no")}
    said[model.province] = own.province
    with zipfile.ZipFile(io.BytesIO(drawn)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "word/document.xml":
                for before, after in said.items():
                    data = data.replace(before.encode(), after.encode())
            new.writestr(item, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def _drawn() -> tuple[bytes, Company]:
    """The form, and the firm whose it is: no text of one field is within another's."""
    model = Company(
        "样张热电有限公司", "X" * 18, "样张省", "CN-100-XXXXXXX", "陈示例", "13800138000"
    )
    rows = (ProjectLine("示例风电场一期工程", "CCER-0001", OFFSET),)
    said = Application(model, OBLIGATION, OFFSET, rows, date(2021, 11, 20), OFFSET)
    return form_docx(said, Style(packaged()), None, 1), model
