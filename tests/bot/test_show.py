"""What a case says in a chat: made views, one thing of each changed."""

from dataclasses import replace

import pytest

from bot import overview, show
from bot.evidence import latest
from bot.fieldwork import Field, named, reading
from bot.references import SHOW, Reference
from casework.stats import StageCount, Standing, Term
from casework.views import (
    ApplicationCard,
    CancellationCard,
    CaseLine,
    CaseView,
    HistoryLine,
    ProofCard,
    TodoLine,
    VersionCard,
)
from casework.viewtypes import LetterLine
from procedure.findings import Finding
from procedure.readings import DocumentReading, ProjectRow, Reading, SealReading
from tests.casework.made import at

NO = "CCER-2019-13-0001"
WHEN = at("2021-11-05 09:30")
PAPER = DocumentReading("application")
LINE = CaseLine(
    NO, "2019-2020", None, "河北衡岚热力有限公司", "", "13", "河北省", "submitted", "待确认", None
)
TODO = TodoLine(
    NO, 1, 1, "河北衡岚热力有限公司", "河北省", "submitted", "待确认", "待确认", WHEN, None, 5000, 0
)
VERSION = VersionCard(1, WHEN, "a@firm.example", "m", "d", 0, PAPER)
CARD = ApplicationCard(
    1, 1, "submitted", "待确认", WHEN, {"obligation_t": 100_000, "offset_t": 5000}, (), (), (),
    versions=(VERSION,),
)  # fmt: skip
BARE = CaseView(
    NO, "2019-2020", "2019-2020年度", None, "河北衡岚热力有限公司", "", "", "13", "河北省",
    "submitted", "待确认", None, None, 0, 0, 0, 0, (CARD,), (), (), (), (), (), (),
)  # fmt: skip
FINDING = Finding("proof-late", "附件3 §2", "warning", "截图晚于截止时间")


def _labels(view: CaseView, may_decide: bool = False) -> list[str]:
    return [one.label for row in show.case(view, may_decide).buttons for one in row]


def test_a_list_says_since_when_and_whether_there_are_more() -> None:
    assert "2021-11-05 09:30 起" not in show.found([LINE], 20).text
    said = show.found([replace(LINE, since=WHEN)] * 2, 2)
    assert "2021-11-05 09:30 起" in said.text
    assert "仅列出前 2 个" in said.text
    assert [row[0].reference for row in said.buttons] == [str(Reference(SHOW, NO))] * 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (replace(TODO, deadline=at("2021-12-15 17:00")), "2021-12-15 17:00"),
        (replace(TODO, errors=3), "3 项不符"),
        (replace(TODO, offset_t=None), "数量未识读"),
    ],
)
def test_what_waits_is_told_with_its_deadline_and_its_errors(line: TodoLine, said: str) -> None:
    assert said not in show.todo(1, [TODO], 0).text
    assert said in show.todo(1, [line], 0).text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"uscc": "91130000123456789X"}, "91130000123456789X"),
        ({"account_no": "386730192506"}, "386730192506"),
        ({"cap_t": 6182}, "6,182"),
        ({"confirmed_t": 5001, "cancelled_t": 4002}, "4,002"),
        ({"deadline": at("2021-12-15 17:00")}, "2021-12-15 17:00"),
        ({"findings": (FINDING,)}, "截图晚于截止时间"),
        ({"next_steps": ("请企业注销", "等待截图")}, "请企业注销；等待截图"),
        ({"letters": (LetterLine("k", "notice", ("a@firm.example",), "sent"),)}, "均已发出"),
    ],
)
def test_the_case_says_what_is_known_of_it(more: dict[str, object], said: str) -> None:
    assert said not in show.case(BARE, may_decide=False).text
    assert said in show.case(replace(BARE, **more), may_decide=False).text  # type: ignore[arg-type]


def test_letters_that_are_not_sent_yet_are_counted() -> None:
    letters = [
        LetterLine(state, "notice", ("a@firm.example",), state) for state in ("sent", "queued")
    ]
    said = show.case(replace(BARE, letters=tuple(letters)), may_decide=False).text
    assert "信函 2 封，其中尚未送达 1 封" in said


def test_cancellations_and_screenshots_are_told_and_can_be_looked_at() -> None:
    row = CancellationCard(
        "r", "386730192506", "CCER-0001", "", 4321, "自愿注销", "已完成", WHEN, "1-4321", ()
    )
    proof = ProofCard(7, WHEN, "m", "d", 0, (), DocumentReading("cancellation"))
    view = replace(BARE, cancellations=(row,), proofs=(proof,))
    said = show.case(view, may_decide=False).text
    # Without a name it is its code that says which project it was.
    assert "4,321 吨" in said
    assert "CCER-0001" in said
    assert "注销截图 1 份" in said
    assert set(_labels(view)) - set(_labels(BARE)) == {"注销截图7识读图"}


@pytest.mark.parametrize(
    ("by", "who", "shown"),
    [
        ("person", "王敏", "王敏"),
        ("person", "zhang@firm.example", "邮件"),
        ("registry", "运维", "导入"),
    ],
)
def test_nobody_s_mail_address_stands_in_a_chat(by: str, who: str, shown: str) -> None:
    line = HistoryLine(1, WHEN, "filed", who, "收到申请", by=by)  # type: ignore[arg-type]
    said = show.history_line(line)
    assert f" {shown}：收到申请" in said
    assert "firm.example" not in said


def test_only_the_latest_events_are_told_in_their_order() -> None:
    lines = tuple(HistoryLine(n, WHEN, "filed", "王敏", f"事件{n:02}") for n in (3, 9, 1, 7, 5, 11))
    said = show.case(replace(BARE, history=lines), may_decide=False).text
    places = [said.find(f"事件{number:02}") for number in (1, 3, 5, 7, 9, 11)]
    assert places[0] == -1
    assert sorted(places) == places


@pytest.mark.parametrize(
    ("cards", "count"),
    [
        # One that waits: confirm, return, correct. Two: each its own, one button to correct.
        ((CARD,), 3),
        ((CARD, replace(CARD, application=2)), 5),
        # Nothing waits: what is unclear can be corrected, what is clear cannot.
        ((replace(CARD, stage="confirmed", unclear=("offset_t",)),), 1),
        ((replace(CARD, stage="confirmed"),), 0),
        ((), 0),
    ],
)
def test_what_may_be_done_with_each_application(
    cards: tuple[ApplicationCard, ...], count: int
) -> None:
    view = replace(BARE, applications=cards)
    assert len(_labels(view, may_decide=True)) - len(_labels(view)) == count


def test_the_short_answer_leads_to_the_whole_case() -> None:
    brief = show.brief(BARE, may_decide=False)
    assert [row[0].reference for row in brief.buttons] == [
        row[0].reference for row in show.case_buttons([NO])
    ]
    assert len(brief.text) < len(show.case(replace(BARE, findings=(FINDING,)), False).text)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ""),
        ({"decided_by": "王敏", "decided_at": WHEN, "confirmed_t": 4999}, "4,999"),
        (
            {"decided_by": "王敏", "decided_at": WHEN, "stage": "returned", "reason": "盖章不清"},
            "盖章不清",
        ),
        ({"decided_by": "王敏", "decided_at": WHEN, "stage": "lapsed"}, ""),
    ],
)
def test_a_second_comer_is_told_the_decision(more: dict[str, object], said: str) -> None:
    lines = show.standing(replace(CARD, **more))  # type: ignore[arg-type]
    assert len(lines) == (3 if said else 2)
    assert said in lines[-1]


PROJECTS = (ProjectRow(name=Reading("甲风电项目")), ProjectRow(name=Reading("乙水电项目")))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field(0, "offset_t", ""), 5000),
        (Field(0, "name", "", 1), "乙水电项目"),
        (Field(0, "name", "", 5), None),
        (Field(0, "rows_total", ""), 6172),
        (Field(0, "seal", ""), "甲电力有限公司"),
        (Field(0, "contact", ""), None),
    ],
)
def test_what_was_read_of_a_field(field: Field, value: object) -> None:
    paper = DocumentReading(
        "application", fields={"offset_t": Reading(5000)}, projects=PROJECTS,
        rows_total=Reading(6172), seals=(SealReading(1, None, "round", "甲电力有限公司"),),
    )  # fmt: skip
    found = reading(paper, field)
    assert (found.value if found else None) == value
    assert reading(DocumentReading("application"), Field(0, "seal", "")) is None


def test_a_field_that_is_none_of_the_form_s_has_no_name() -> None:
    found = named("申请抵销量 4200", CARD)
    assert found is not None
    assert (found[0].name, found[1]) == ("offset_t", "4200")
    assert named("天气 晴", CARD) is None


@pytest.mark.parametrize(
    ("one", "left"),
    [
        (Term("cancel", WHEN, passed=True, working_days=None), "（已过）"),
        (Term("cancel", WHEN, passed=False, working_days=0, today=True), "（今天）"),
        (Term("cancel", WHEN, passed=False, working_days=3), "（还有 3 个工作日）"),
        # The calendar of that year is not known yet.
        (Term("cancel", WHEN, passed=False, working_days=None), "2021-11-05 09:30"),
    ],
)
def test_how_long_a_term_still_is(one: Term, left: str) -> None:
    assert overview._term(one).endswith(left)


def test_provinces_beyond_a_dozen_are_summed_up() -> None:
    provinces = tuple((f"省{number}", 20 - number) for number in range(14))
    one = Standing("2019-2020年度", (StageCount("submitted", "待确认", 9),), provinces)
    said = overview._standing(one)
    assert [line.split()[-1] for line in said[-2:]] == ["9", str(8 + 7)]
    few = overview._standing(replace(one, provinces=provinces[:2]))
    assert few[-1].split() == ["省1", "19"]


def test_an_application_without_papers_has_none_to_look_at() -> None:
    assert latest(CARD) is not None
    assert latest(replace(CARD, versions=())) is None
    view = replace(BARE, applications=(replace(CARD, versions=()),))
    assert len(_labels(BARE)) - len(_labels(view)) == 3
