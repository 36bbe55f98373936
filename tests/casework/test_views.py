"""Looking: own provinces only, everything of a case, and every look is logged."""

from collections.abc import Callable

import pytest

from casework import decisions, exporting, views
from casework.cards import who_did
from casework.held import registry_values
from procedure.errors import Conflict, NotAllowed
from store.rows import Person
from tests.casework.made import Firm, read
from tests.casework.office import HEBEI, OPERATOR, SHANXI, Office

A = Firm(1)
B = Firm(2, "山西霁岭发电有限公司", "14", "山西省", email="b@jiling.example")


@pytest.fixture
def two(office: Office) -> tuple[Office, str, str]:
    return office, office.apply(A), office.apply(B)


def test_cases_are_found_by_number_code_account_and_part_of_the_name(
    two: tuple[Office, str, str],
) -> None:
    office, number, _ = two
    for text in (number, number.lower(), A.uscc, A.account, "衡岚", "河北衡岚热力"):
        assert [one.case_no for one in views.find(office.desk, HEBEI, text)] == [number]
    assert views.find(office.desk, HEBEI, "") == []
    assert views.find(office.desk, HEBEI, "%") == []


def test_a_province_sees_its_own_only(two: tuple[Office, str, str]) -> None:
    office, first, second = two
    assert [one.case_no for one in views.listed(office.desk, HEBEI)] == [first]
    assert [one.case_no for one in views.listed(office.desk, SHANXI)] == [second]
    assert len(views.listed(office.desk, OPERATOR)) == 2
    for text in (second, B.uscc, B.account, "霁岭", "有限公司"):
        assert second not in [one.case_no for one in views.find(office.desk, HEBEI, text)]
    with pytest.raises(NotAllowed):
        views.case_view(office.desk, HEBEI, second)
    with pytest.raises(NotAllowed):
        views.listed(office.desk, Person("无省", "handler"))


def test_a_case_of_another_province_and_none_at_all_are_answered_alike(
    two: tuple[Office, str, str],
) -> None:
    office, _, second = two
    doings: list[Callable[[str], object]] = [
        lambda number: views.case_view(office.desk, HEBEI, number),
        lambda number: decisions.confirm(office.desk, HEBEI, number, 1),
        lambda number: decisions.withdraw(office.desk, HEBEI, number, 1),
        lambda number: exporting.export(office.desk, HEBEI, number),
        lambda number: registry_values(office.desk, HEBEI, number),
    ]
    for do in doings:
        answers = set()
        for number in (second, "CCER-2021-999999"):
            with pytest.raises(NotAllowed) as caught:
                do(number)
            assert f"there is no case '{number}'" in str(caught.value)
            assert "没有该编号的案件" in caught.value.user_message
            both = f"{caught.value} {caught.value.user_message}"
            answers.add(both.replace(number, ""))
        assert len(answers) == 1


def test_todo_is_what_the_person_may_decide_oldest_first(two: tuple[Office, str, str]) -> None:
    office, first, _ = two
    third = office.apply(Firm(3, "河北穗禾化工有限公司"), offset_t=read(None))
    _, lines = views.todo(office.desk, HEBEI)
    assert [(one.case_no, one.what) for one in lines] == [(first, "待确认"), (third, "待人工识读")]
    assert views.todo(office.desk, OPERATOR) == (0, [])
    decisions.confirm(office.desk, HEBEI, first, 1)
    assert [one.case_no for one in views.todo(office.desk, HEBEI)[1]] == [third]


def test_a_case_whole(two: tuple[Office, str, str]) -> None:
    office, number, _ = two
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.cancellations((A, 3_000, "2021-11-03 08:00:00"))
    office.prove(A, 3_000, time="2021-11-03T08:00:00+08:00")
    view = views.case_view(office.desk, HEBEI, number.lower())
    assert (view.stage, view.cap_t) == ("cancelled", 5_000)
    assert (view.confirmed_t, view.cancelled_t, view.credited_t) == (5_000, 3_000, 0)
    assert {one.kind for one in view.letters} == {"receipt", "confirmation"}
    assert len(view.letters) == 3
    assert [one.kind for one in view.history][:2] == ["application-filed", "confirmed"]
    assert [one.quantity_t for one in view.cancellations] == [3_000]
    assert len(view.proofs) == 1
    assert {one.rule for one in view.findings} == {"cancel-quantity", "cancel-before-confirmation"}
    assert view.last_seq == office.state(number).last_seq


def test_the_history_says_what_the_registration_body_recorded(
    two: tuple[Office, str, str],
) -> None:
    office, number, _ = two
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.cancellations((A, 5_000, "2021-11-03 10:00:00"))
    office.prove(A, time="2021-11-03T10:00:00+08:00")
    office.credits((A, 5_000))
    for status in ("已申请", "省级已确认", "已登记"):
        office.surrenders((A, 5_000, status))
    lines = views.case_view(office.desk, HEBEI, number).history
    said = [one.text for one in lines if one.kind in ("credited", "surrender-recorded")]
    assert said == [
        "生成抵销CCER：5,000 吨",
        "清缴登记（已申请）：5,000 吨",
        "清缴登记（省级已确认）：5,000 吨",
        "清缴登记（已登记）：5,000 吨",
    ]
    assert {who_did(one) for one in lines if one.by == "registry"} == {"导入"}
    assert {who_did(one) for one in lines} == {"导入", "邮件", "陈示例"}


def test_a_resubmitted_version_shows_no_former_decision(two: tuple[Office, str, str]) -> None:
    office, number, _ = two
    decisions.return_(office.desk, HEBEI, number, 1, "盖章不清")
    (card,) = views.case_view(office.desk, HEBEI, number).applications
    assert (card.decided_by, card.reason) == ("陈示例", "盖章不清")
    office.apply(A, 4_000)
    (card,) = views.case_view(office.desk, HEBEI, number).applications
    assert (card.version, card.decided_by, card.decided_at, card.reason) == (2, "", None, "")
    with pytest.raises(Conflict):
        decisions.revoke(office.desk, HEBEI, number, 1, "误操作")


def test_another_case_s_letters_are_not_in_it(two: tuple[Office, str, str]) -> None:
    """CCER-2019-13-0001 is no beginning of CCER-2019-13-00010/…"""
    office, number, other = two
    decisions.confirm(office.desk, SHANXI, other, 1)
    view = views.case_view(office.desk, HEBEI, number)
    assert [one.kind for one in view.letters] == ["receipt"]


def test_a_document_is_the_case_s_own_only(two: tuple[Office, str, str]) -> None:
    office, number, other = two
    sha = views.case_view(office.desk, SHANXI, other).applications[0].versions[0].document
    assert views.document(office.desk, SHANXI, other, sha)[0] == "申请表.docx"
    with pytest.raises(NotAllowed):
        views.document(office.desk, HEBEI, number, sha)
    with pytest.raises(NotAllowed):
        views.document(office.desk, HEBEI, other, sha)
