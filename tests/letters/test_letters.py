"""Every letter: text and HTML say the same, bytes never vary, hostile words are harmless."""

import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from letters import dress
from letters.sheets import defused
from mailer.compose import compose
from procedure.errors import WrongUse
from procedure.facts import (
    FACTS,
    DailyRecords,
    Facts,
    LetterIntent,
    ReadLine,
    ReceiptSection,
    Reminder,
    StatusAnswer,
    StatusCase,
    Thread,
    WeeklySummary,
)
from procedure.findings import Finding
from tests.letters import made

KINDS = made.everything()


def test_every_kind_has_an_example() -> None:
    assert set(KINDS) == set(FACTS)


@pytest.mark.parametrize(("kind", "facts"), KINDS.items())
def test_text_and_html_hold_the_same_numbers(kind: str, facts: Facts) -> None:
    dressed = dress(kind, facts)
    seen = re.sub(r"<[^>]*>", " ", dressed.html.partition("<body")[2].partition(">")[2])
    assert set(re.findall(r"\d[\d,]*", dressed.text)) - set(re.findall(r"\d[\d,]*", seen)) <= {
        f"{n}" for n in range(1, 10)
    }
    assert "6182" in dressed.text.replace(",", "")


@pytest.mark.parametrize(("kind", "facts"), KINDS.items())
def test_the_same_facts_give_the_same_bytes(kind: str, facts: Facts) -> None:
    assert dress(kind, facts) == dress(kind, facts)


def test_a_finding_is_said_with_its_clause() -> None:
    text = dress("receipt", made.receipt()).text
    assert "附件3 §1(1)" in text
    assert "须更正" in text
    assert "2021年12月15日（星期三）17:00" in text


@pytest.mark.parametrize(("kind", "facts"), KINDS.items())
def test_a_chinese_letter_says_a_step_in_chinese(kind: str, facts: Facts) -> None:
    """Clauses are kept as 附件3 §2 step 4."""
    dressed = dress(kind, facts)
    assert "step" not in dressed.text + re.sub(r"<style.*?</style>", "", dressed.html)
    assert ("附件3 §2 第" in dressed.text) == (kind in STEPPED)


STEPPED = {
    "receipt", "confirmation", "return", "revocation", "reminder", "lapse", "weekly", "daily",
    "national",
}  # fmt: skip
"""Letters that cite a step of the procedure."""


def test_a_finding_s_step_is_said_in_the_letter_s_language() -> None:
    seal = Finding("seal-missing", "附件3 §2 step 3", "error", "未见公章。")
    facts = replace(made.receipt(), sections=(replace(made.section(), findings=(seal,)),))
    assert "依据：附件3 §2 第3步" in dress("receipt", facts).text
    assert "Annex 3 §2 step 3" in dress("receipt", facts, "en").text
    assert seal.clause == "附件3 §2 step 3"


@pytest.mark.parametrize("rows", [0, 1])
def test_the_clause_of_a_digest_stands_within_its_sentence(rows: int) -> None:
    daily = dress("daily", made.daily(rows)).text
    national = dress("national", made.national(rows)).text
    assert ("当日无CCER注销记录（" if rows == 0 else "发送贵单位（附件3 §2 第6步）。") in daily
    assert "（附件3 §2 第6步）" in national
    assert "。（" not in daily + national


def test_an_empty_digest_has_no_table_without_rows() -> None:
    daily = dress("daily", made.daily(0))
    weekly = dress("weekly", replace(made.weekly(), rows=()))
    assert "当日无CCER注销记录" in daily.text
    assert "本期无新增或变更的申请信息。" in weekly.text
    for dressed, head in ((daily, "账户与项目"), (weekly, "申请抵销（吨）")):
        assert head not in dressed.html
        assert "（无）" not in dressed.text
    assert "账户与项目" in dress("daily", made.daily(1)).html
    assert "本期无新增" not in dress("weekly", made.weekly()).text


def test_an_amount_runs_on_without_a_blank() -> None:
    facts = KINDS["reminder"]
    assert isinstance(facts, Reminder)
    assert "尚有 82 吨未注销" in dress("reminder", facts).text
    assert "6,182 吨的注销记录" in dress("reminder", replace(facts, about="proof")).text


def test_what_a_person_must_look_at_is_said_so() -> None:
    line = ReadLine("联系人", "张某", accepted=False)
    facts = replace(made.receipt(), sections=(replace(made.section(), lines=(line,)),))
    assert "待人工核对" in dress("receipt", facts).text


def test_what_staff_will_look_at_is_not_asked_for_again() -> None:
    facts = replace(made.receipt(), next_steps=())
    waits, refused = (
        dress("receipt", replace(facts, sections=(ReceiptSection("a.pdf", "tray", waits=one),)))
        for one in (True, False)
    )
    assert "来件待人工核对" in waits.subject
    assert "重新发送" not in waits.text
    assert "来件未能受理" in refused.subject
    assert "重新发送" in refused.text
    # One of two waits, the other one must come again: that is what the letter is headed by.
    both = tuple(ReceiptSection("a.pdf", "tray", waits=one) for one in (True, False))
    assert "来件未能受理" in dress("receipt", replace(facts, sections=both)).subject


def test_the_same_moment_in_another_zone_gives_the_same_sheet() -> None:
    facts = made.weekly()
    elsewhere = replace(facts, snapshot_at=facts.snapshot_at.astimezone(UTC))
    assert dress("weekly", facts).attachments == dress("weekly", elsewhere).attachments


def test_a_day_without_records_says_so() -> None:
    assert "空报" in dress("daily", made.daily(0)).subject


def test_the_sheet_holds_numbers_dates_and_a_total() -> None:
    files = dress("weekly", made.weekly()).attachments
    sheet = openpyxl.load_workbook(io.BytesIO(files[0].content())).worksheets[0]
    rows = list(sheet.values)
    assert rows[1][7] == 6182
    assert isinstance(rows[1][12], datetime)
    assert rows[1][12].hour == 10
    assert rows[3][7] == 12364
    assert sheet.freeze_panes == "A2"


def test_an_application_with_several_rows_counts_once_and_not_when_it_is_out() -> None:
    facts = made.weekly()
    first, second = facts.rows
    changed = replace(first, event_seq=3, change="状态更新", confirmed_t=6182)
    gone = replace(second, event_seq=4, change="撤回", stage="withdrawn")
    dressed = dress("weekly", replace(facts, rows=(first, second, changed, gone)))
    book = openpyxl.load_workbook(io.BytesIO(dressed.attachments[0].content()))
    total = list(book.worksheets[0].values)[-1]
    assert (total[7], total[9]) == (6182, 6182)


def test_cells_are_no_formulas() -> None:
    files = dress("weekly", made.weekly('=HYPERLINK("http://x")')).attachments
    sheet = openpyxl.load_workbook(io.BytesIO(files[0].content())).worksheets[0]
    assert sheet["E2"].data_type == "s"
    assert str(sheet["E2"].value).startswith("'=")
    assert b"'=HYPERLINK" in files[1].content()


@given(st.text(max_size=50))
def test_no_text_is_a_formula(text: str) -> None:
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(max_size=200))
def test_hostile_names_are_harmless(name: str) -> None:
    dressed = dress("receipt", made.receipt(f"<script>{name}\u202e\r\nBcc: x"))
    assert "<script" not in dressed.html
    assert "\u202e" not in dressed.html + dressed.text
    assert len(dressed.subject) <= 160
    assert not re.search(r"[\x00-\x1f\x7f]", dressed.subject)


def test_an_unknown_locale_is_refused() -> None:
    with pytest.raises(WrongUse):
        dress("receipt", made.receipt(), "xx")


def test_the_message_reads_back() -> None:
    facts = made.weekly()
    thread = Thread("<1@x>", ("<0@x>",), "s")
    intent = LetterIntent("weekly", "a", ("n@x.example",), facts, ("c@x.example",), thread=thread)
    sender = ("示例省生态环境厅", "clerk@province.example")
    raw, again = (
        b"".join(compose(dress("weekly", facts), intent, sender, made.AT, "province.example"))
        for _ in range(2)
    )
    assert raw == again
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == dress("weekly", facts).subject
    assert message["From"].addresses[0].display_name == "示例省生态环境厅"
    assert message["In-Reply-To"] == "<1@x>"
    assert message["References"].split() == ["<0@x>", "<1@x>"]
    assert message["Auto-Submitted"] == "auto-generated"
    names = [part.get_filename() for part in message.iter_attachments()]
    *files, picture = dress("weekly", facts).attachments
    assert names == [file.name for file in files]
    inline = [part for part in message.walk() if part["Content-ID"]]
    assert [(one["Content-ID"], one.get_content()) for one in inline] == [
        (f"<{picture.inline_id}>", picture.data)
    ]
    page = message.get_body(("html",))
    assert page is not None
    assert f'src="cid:{picture.inline_id}"' in page.get_content()
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == dress("weekly", facts).text
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("receipt", KINDS["weekly"]),
        ("return", KINDS["confirmation"]),
        ("confirmation", KINDS["return"]),
        ("revocation", KINDS["confirmation"]),
        ("nothing", KINDS["notice"]),
    ],
)
def test_facts_of_another_kind_are_refused(kind: str, facts: Facts) -> None:
    with pytest.raises(WrongUse):
        dress(kind, facts)


def test_a_status_says_since_when_and_what_comes_next() -> None:
    case = StatusCase(made.CASE, made.NAME, "已确认", made.AT, 6182, ("请自愿注销。",))
    facts = StatusAnswer(made.OFFICE, made.CYCLE, "查询", (case,), made.DEADLINE)
    text = dress("answer", facts).text
    assert "2021-11-05 10:20" in text
    assert "1. 请自愿注销。" in text
    two = dress("answer", replace(facts, cases=(case, replace(case, case_no="B")))).text
    assert "2. B：请自愿注销。" in two


def test_a_receipt_with_a_document_that_waits_is_not_all_well() -> None:
    waits = replace(made.section(), findings=(), lines=(), place="tray", problem="无法打开。")
    fine = replace(waits, place="application", problem="")
    for sections, told in (((fine, waits), True), ((fine,), False)):
        text = dress("receipt", replace(made.receipt(), sections=sections)).text
        assert ("部分内容待人工核对" in text) == told


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "＋1", "－1", "＠SUM", "\t=1", "@x", " =1"])
def test_no_cell_begins_as_a_formula_in_any_width(text: str) -> None:
    assert defused(text).startswith("'")


def test_the_progress_of_the_cycle_is_drawn_alike_in_text_and_html() -> None:
    dressed = dress("weekly", made.weekly())
    bars = [line for line in dressed.text.splitlines() if "■" in line or "□" in line]
    bars = [line for line in bars if line.count("■") + line.count("□") == 20]
    assert [line.split()[0] for line in bars] == [
        "申请抵销",
        "已确认",
        "已注销",
        "已核实",
        "周期时间",
    ]
    assert [line.count("■") for line in bars] == [20, 10, 5, 0, 4]
    assert "剩余 40 天" in bars[-1]
    picture = next(one for one in dressed.attachments if one.inline_id)
    assert [round(share, 1) for share in drawn_bars(picture.content())] == [1.0, 0.5, 0.2, 0.0]
    assert len(picture.content()) < 10_000


def drawn_bars(png: bytes) -> list[float]:
    """The blue part of each bar of a progress chart, from its own pixels."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    blue = [
        sum(is_blue(image.getpixel((x, y))) for x in range(image.width))
        for y in range(image.height)
    ]
    rows = [blue[top + 2 * 13] for top in range(2 * 28, image.height - 2 * 20, 2 * 28)]
    return [count / max(rows) for count in rows]


def is_blue(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    red, _, blue = pixel
    return bool(blue > 120 and red < 90)


def test_what_waits_is_listed_with_the_deadline_and_an_end() -> None:
    facts = replace(made.daily(), waiting=tuple(f"案件 {n}" for n in range(60)))
    text = dress("daily", facts).text
    assert "待本省处理 60 份（最早的在前），注销截止 2021年12月15日（星期三）17:00" in text
    assert "案件 49" in text
    assert "案件 50" not in text
    assert "另有 10 份" in text


@pytest.mark.parametrize(("kind", "facts"), [("weekly", made.weekly()), ("daily", made.daily())])
def test_a_long_digest_shows_its_first_rows_and_its_sheets_all(
    kind: str, facts: WeeklySummary | DailyRecords
) -> None:
    rows: Any = tuple(replace(facts.rows[0], case_no=f"NO-{n:03}") for n in range(203))
    dressed = dress(kind, replace(facts, rows=rows))
    said = "以上为前 200 项，另有 3 项，全部内容见附件。"
    assert said in dressed.text
    assert said in dressed.html
    sheet = next(one.content() for one in dressed.attachments if one.name.endswith(".csv"))
    assert sheet.count(b"NO-") == 203
    assert "另有" not in dress(kind, replace(facts, rows=rows[:200])).text


def test_a_record_that_is_told_again_or_late_says_so() -> None:
    facts = made.daily(3)
    words = ("新增", "更正", "补充")
    rows = tuple(replace(row, change=word) for row, word in zip(facts.rows, words, strict=True))
    dressed = dress("daily", replace(facts, rows=rows))
    assert [dressed.text.count(f"已完成，{word}") for word in words] == [0, 1, 1]
    sheet = next(one.content() for one in dressed.attachments if one.name.endswith(".csv"))
    lines = sheet.decode("utf-8-sig").splitlines()
    assert [line.split(",")[-1] for line in lines] == ["类别", *words]


def test_a_large_national_file_has_every_row_and_the_hash_that_the_letter_names() -> None:
    some = made.national().rows[0]
    rows = tuple(replace(some, event_seq=n) for n in range(3_000))
    dressed = dress("national", replace(made.national(), rows=rows))
    (file,) = dressed.attachments
    data = file.content()
    assert len(data) > 4 * (1 << 16)
    _, *lines = csv.reader(data.decode().splitlines())
    assert [int(line[0]) for line in lines] == list(range(3_000))
    assert hashlib.sha256(data).hexdigest() in dressed.text


def test_the_letter_names_the_hash_of_each_attachment() -> None:
    dressed = dress("daily", made.daily())
    files = [one for one in dressed.attachments if not one.inline_id]
    assert len(files) == 2
    for file in files:
        assert f"{file.name} SHA-256：{hashlib.sha256(file.content()).hexdigest()}" in dressed.text


def test_a_decision_says_what_the_receipt_had_wrong() -> None:
    line = ReadLine("申请抵销量", "6,182 吨", accepted=True, note="61,820 吨")
    text = dress("confirmation", replace(made.decision("confirmed"), corrections=(line,))).text
    assert "栏目：申请抵销量；更正为：6,182 吨；回执所列：61,820 吨" in text
    assert "更正为" not in dress("confirmation", made.decision("confirmed")).text
