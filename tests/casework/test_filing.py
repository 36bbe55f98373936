"""Every document of a mail ends in one place, and the mail gets one answer or rightly none."""

from dataclasses import replace
from pathlib import Path

import pytest

from casework import decisions
from casework.filing import file_mail
from procedure.facts import Receipt
from procedure.readings import DocumentReading, Problem
from tests.casework.made import Firm, document, form, mail, proof, read, unreadable
from tests.casework.office import HEBEI, Office

A = Firm(1)
B = Firm(2, "河北穗禾化工有限公司", email="b@suihe.example")
OTHER = DocumentReading("other")


def receipts(office: Office) -> list[Receipt]:
    return [one for one in office.facts("receipt") if isinstance(one, Receipt)]


def test_an_application_makes_a_case_and_one_receipt(office: Office) -> None:
    message = office.post(A.email, form(A), rfc_message_id="<1@x>", subject="抵销申请")
    (letter,) = office.letters()
    assert (letter.kind, letter.to, letter.in_reply_to) == ("receipt", (A.email,), "<1@x>")
    (receipt,) = receipts(office)
    (section,) = receipt.sections
    assert (section.place, section.case_no) == ("application", office.case(A))
    assert {line.label for line in section.lines} >= {"申请抵销量", "应清缴碳排放配额总量"}
    assert office.places(message) == ["application"]
    assert office.stage(office.case(A)) == "submitted"


def test_filing_again_changes_nothing(office: Office) -> None:
    data = office.reader.lay(form(A))
    incoming = mail(A.email, data)
    message = office.send(incoming)
    file_mail(office.desk, message, incoming, office.reader)
    assert office.events(office.case(A)) == {"application-filed": 1}
    assert len(office.letters()) == 1


def test_the_same_document_under_another_message_id_is_a_duplicate(office: Office) -> None:
    data = office.reader.lay(form(A))
    office.send(mail(A.email, data, rfc_message_id="<1@x>"))
    message = office.send(mail(A.email, data, rfc_message_id="<2@x>"))
    assert office.places(message) == ["duplicate"]
    assert office.events(office.case(A)) == {"application-filed": 1, "duplicate-received": 1}
    assert [one.sections[0].place for one in receipts(office)] == ["application", "duplicate"]
    assert office.reader.asked == 1


def test_one_message_id_with_other_content_is_no_duplicate(office: Office) -> None:
    office.post(A.email, form(A), rfc_message_id="<1@x>")
    message = office.post(A.email, form(A, 4_000), rfc_message_id="<1@x>")
    assert office.places(message) == ["application"]
    (app,) = office.state(office.case(A)).applications
    assert (app.version, app.amount_t) == (2, 4_000)


def test_the_same_file_twice_in_one_mail_is_one_application(office: Office) -> None:
    data = office.reader.lay(form(A))
    message = office.send(mail(A.email, data, data))
    assert office.places(message) == ["application", "duplicate"]
    assert len(office.letters()) == 1


def test_forms_of_several_firms_in_one_mail(office: Office) -> None:
    message = office.post("group@x.example", form(A), form(B))
    assert office.places(message) == ["application", "application"]
    assert len(office.cases()) == 2
    (receipt,) = receipts(office)
    assert [s.case_no for s in receipt.sections] == [office.case(A), office.case(B)]


def test_several_documents_in_one_file(office: Office) -> None:
    data = office.reader.lay(proof(A), form(A))
    message = office.send(mail(A.email, data))
    assert office.places(message) == ["cancellation", "application"]
    assert office.events(office.case(A))["proof-filed"] == 1


def test_a_form_and_its_proof_in_one_mail_whatever_their_order(office: Office) -> None:
    message = office.post(A.email, proof(A), form(A))
    assert office.places(message) == ["cancellation", "application"]


@pytest.mark.parametrize("code", ["damaged", "encrypted", "empty", "too-large", "timeout"])
def test_what_cannot_be_read_is_answered_and_waits_for_a_person(office: Office, code: str) -> None:
    message = office.post(A.email, unreadable(code))
    assert office.places(message) == ["tray"]
    assert office.tray() == [code]
    (receipt,) = receipts(office)
    assert receipt.sections[0].problem
    assert any("重新发送" in step for step in receipt.next_steps)


def test_a_locked_archive_is_not_read_and_its_sender_is_told(office: Office) -> None:
    locked = replace(document(b"zip", name="申请.zip"), encrypted=True, role="container")
    office.send(replace(mail(A.email), documents=(locked,)))
    assert office.reader.asked == 0
    assert office.tray() == ["encrypted"]
    assert "密码" in receipts(office)[0].sections[0].problem


def test_a_mail_without_any_document_is_answered(office: Office) -> None:
    office.send(mail(A.email))
    assert office.tray() == ["nothing-filed"]
    assert any("忘记添加附件" in one for one in receipts(office)[0].problems)


def test_a_registry_file_from_anybody_waits_for_a_person_unanswered(office: Office) -> None:
    data = office.reader.lay(OTHER)
    office.send(mail("x@y.example", data, kind="registry"))
    assert office.tray() == ["registry-by-mail"]
    assert office.letters() == []
    assert office.reader.asked == 0


def test_a_scan_nobody_recognised_in_a_mail_that_says_nothing_is_not_lost(office: Office) -> None:
    for kind in ("other", "question"):
        message = office.post("x@y.example", OTHER, kind=kind, subject="你好")
        assert office.places(message) == ["tray"]
    assert office.tray() == ["not-a-form", "not-a-form"]
    assert office.letters("receipt") == []


def test_what_comes_beside_a_form_is_set_aside(office: Office) -> None:
    message = office.post(A.email, form(A), OTHER)
    assert office.places(message) == ["application", "set-aside"]
    assert office.tray() == []


def test_a_bounce_or_an_automatic_reply_applies_for_nothing(office: Office) -> None:
    for kind in ("bounce", "auto_reply"):
        data = office.reader.lay(form(A))
        message = office.send(mail("mailer-daemon@x.example", data, kind=kind, may_reply=False))
        assert office.places(message) == ["tray"]
    assert office.cases() == []
    assert office.letters() == []
    message = office.post("x@y.example", unreadable(), kind="bounce", may_reply=False)
    assert office.places(message) == ["set-aside"]


def test_a_mail_through_a_list_is_filed_unanswered(office: Office) -> None:
    message = office.post(A.email, form(A), kind="list", may_reply=False)
    assert office.places(message) == ["application"]
    assert office.letters() == []


def test_a_form_that_names_nobody_goes_to_a_person(office: Office) -> None:
    message = office.post(A.email, form(A, enterprise_name=read(None), uscc=None))
    assert office.places(message) == ["tray"]
    assert office.tray() == ["entity-unreadable"]


def test_a_form_of_a_province_not_served_here_goes_to_a_person(office: Office) -> None:
    far = Firm(5, "广东榕帆电力有限公司", "44", "广东省", email="g@rongfan.example")
    message = office.post(far.email, form(far))
    assert office.places(message) == ["tray"]
    assert office.tray() == ["province-unknown"]
    (said,) = receipts(office)
    assert said.sections[0].problem == (
        "所属省份为广东省，不由本邮箱受理，请向广东省生态环境厅申请。"
    )
    assert not said.next_steps


def test_a_form_of_no_known_province_is_asked_to_name_it(office: Office) -> None:
    nowhere = Firm(5, "榕帆电力有限公司", "00", "", email="g@rongfan.example")
    office.post(nowhere.email, form(nowhere))
    assert office.tray() == ["province-unknown"]
    (said,) = receipts(office)
    assert "请在申请表中写明所属省份后重新发送" in said.sections[0].problem


def test_what_to_send_says_whether_the_cycle_still_takes_it(office: Office) -> None:
    office.clock.to("2021-12-10 23:59")
    office.post(A.email)
    office.clock.to("2021-12-11 00:01")
    office.post(A.email)
    before, after = (one.next_steps[-1] for one in receipts(office))
    assert before.endswith("本周期申请截止日为 2021-12-10。")
    assert after.endswith("本周期申请已于 2021-12-10 截止。")


def test_whoever_sends_a_form_again_is_told_until_when(office: Office) -> None:
    office.apply(A, 50_000)
    office.clock.to("2021-12-11 00:01")
    office.apply(A, 50_001)
    before, after = (one.next_steps[0] for one in receipts(office))
    assert before.startswith("请按上述意见修改")
    assert before.endswith("将替代原申请表。本周期申请截止日为 2021-12-10。")
    assert after.endswith("将替代原申请表。本周期申请已于 2021-12-10 截止。")


def test_a_changed_form_is_a_version_before_and_a_further_one_after_confirmation(
    office: Office,
) -> None:
    number = office.apply(A, 1_000)
    office.apply(A, 2_000)
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.apply(A, 500)
    office.apply(A, 600)
    found = [(app.number, app.version, app.amount_t) for app in office.state(number).applications]
    assert found == [(1, 2, 2_000), (2, 2, 600)]


def test_a_returned_form_comes_back_as_the_next_version(office: Office) -> None:
    number = office.apply(A)
    decisions.return_(office.desk, HEBEI, number, 1, "盖章不清")
    assert office.stage(number) == "returned"
    office.apply(A, 4_000)
    (app,) = office.state(number).applications
    assert (app.stage, app.version) == ("submitted", 2)


def test_a_withdrawn_form_sent_again_is_not_taken_for_a_duplicate(office: Office) -> None:
    data = office.reader.lay(form(A))
    office.send(mail(A.email, data))
    decisions.withdraw(office.desk, HEBEI, office.case(A), 1)
    message = office.send(mail(A.email, data))
    assert office.places(message) == ["tray"]
    assert office.tray() == ["withdrawn-again"]
    assert "核实是否重新申请" in receipts(office)[-1].sections[0].problem


def test_a_mail_that_asks_to_withdraw_is_seen_by_a_person(office: Office) -> None:
    office.apply(A)
    office.send(mail(A.email, kind="question", subject="关于撤回抵销申请"))
    assert office.tray() == ["withdrawal-asked"]


def test_a_screenshot_of_no_case_goes_to_a_person(office: Office) -> None:
    message = office.prove(A)
    assert office.places(message) == ["tray"]
    assert office.tray() == ["proof-without-case"]


def test_a_serial_used_on_another_account_is_found(office: Office) -> None:
    office.entities(A, B)
    office.accounts(A, B)
    office.apply(A)
    head = "账户名称,账户编号,项目编号,项目名称,数量,操作类型,状态,时间,序列号"
    row = (
        B.name,
        B.account,
        "CCER-0001",
        "项目",
        5000,
        "自愿注销",
        "已完成",
        "2021-11-02 10:00:00",
    )
    office.table("cancellations", head, [(*row, "CN-1-1-5000")])
    office.prove(A, serial="CN-1-1-5000")
    (filed,) = office.state(office.case(A)).proofs
    assert "serial-reused" in [one.rule for one in filed.filed.findings]


def test_a_problem_of_the_whole_mail_is_told(office: Office) -> None:
    said = mail(A.email, links=("https://mail.example/ftn/1",))
    office.send(said)
    assert any("超大附件" in one for one in receipts(office)[0].problems)


def test_a_document_that_the_reader_cannot_name_is_set_aside_with_its_code(office: Office) -> None:
    odd = DocumentReading("other", problem=Problem("not-a-form", "不是申请表。"))
    office.post(A.email, form(A), odd)
    with office.store.read() as tx:
        notes = [p.note for m in tx.messages.ids() for p in tx.messages.placements(m)]
    assert notes == ["", "not-a-form"]


def test_the_letters_to_entities_are_in_the_office_s_language(tmp_path: Path) -> None:
    office = Office(tmp_path, locale="en")
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert {office.intent(one).locale for one in office.letters()} == {"en"}
    office.close()


def test_a_form_that_was_read_after_a_newer_one_replaces_nothing(office: Office) -> None:
    number = office.apply(A, 3_000)
    newer = office.clock.now()
    office.clock.to("2021-10-27 09:00")
    late = form(A, 4_000)
    office.post(A.email, late)
    # Sent once more, as it was, it is no newer one; and a stranger hears nothing of the case.
    office.clock.to("2021-10-30 09:00")
    office.post(A.email, late)
    office.clock.to("2021-10-27 10:00")
    office.post("who@nowhere.example", form(A, 4_100))
    own, stranger, again = [r for r in receipts(office) if r.sections[0].place == "tray"]
    for said in (own, again):
        assert "已先行受理" in said.sections[0].problem
        assert not any("重新发送" in step or "作为附件发送" in step for step in said.next_steps)
    assert "已先行受理" not in stranger.sections[0].problem
    state = office.state(number)
    assert [(v.version, v.received_at) for v in state.applications[0].versions] == [(1, newer)]
    assert office.tray() == ["overtaken"] * 3
