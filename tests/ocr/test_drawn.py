"""Drawn documents whose layout once misled the reader; each test is named after what went wrong."""

import io
from dataclasses import replace
from datetime import date

from clerk.drawing import Application, ProjectLine, Style, draw_application
from clerk.drawing.fonts import packaged
from clerk.drawing.invent import credit_code
from clerk.drawing.paint import paint
from clerk.drawing.screens import account_screen
from ocr import read_document
from procedure.acceptance import decide
from tests.drawing.test_drawing import OWN, SEAL
from tests.ocr.evaluate import template

STYLE = Style(packaged(), "grid", wording=2, hue=2)
COMPANY = replace(OWN, uscc=credit_code("66", 10), contact="冯演军")
PROJECT = ProjectLine("甘肃晟源示例20MW光伏发电项目", "JX-2013-304", 156_000)
APP = Application(COMPANY, 3_127_940, 156_000, (PROJECT,), date(2021, 11, 26))


def test_a_pair_of_contact_and_phone_below_the_projects_is_no_project() -> None:
    drawn = draw_application(APP, STYLE, "digital", 104, SEAL)
    (document,) = (decide(d) for d in read_document(drawn.data, drawn.name, template()))
    amounts = [row.amount_t.value for row in document.projects if row.amount_t]
    assert amounts == [156_000]
    assert document.fields["contact"].value == "冯演军"


def test_an_account_s_own_page_is_no_proof_of_a_cancellation() -> None:
    out = io.BytesIO()
    paint(account_screen(OWN.name, OWN.account_no, STYLE), 96, 4).save(out, "PNG")
    (document,) = read_document(out.getvalue(), "account.png", template())
    assert document.kind == "other"
