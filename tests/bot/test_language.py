"""English by setting: whole dialogues without a Chinese word of ours, and none lost on the way."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import notices
from bot.fake import FakeDoor
from bot.languages import _NAMES
from casework import habits, views
from cycles.catalogues import LOCALES
from procedure.language import _
from procedure.readings import Reading
from tests.bot.house import HENGLAN, WANG, ZHAO, House, house

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.stock(HENGLAN)
        yield made


def _ours(text: str) -> str:
    """The text without what is nobody's to translate: names, values of the paper."""
    for kept in (HENGLAN.name, WANG.name, "河北省"):
        text = text.replace(kept, "")
    return "\n".join(line for line in text.splitlines() if not re.match(r"\s+[^×!·:]+: ", line))


def test_a_person_chooses_and_others_keep_theirs(office: House) -> None:
    wang, zhao = FakeDoor(office.desk, WANG), FakeDoor(office.desk, ZHAO)
    assert "用中文答复" in wang.say("/language").text
    assert wang.tap("English").text.startswith("From now on I answer in English")
    assert wang.say("todo").text.startswith("No case waits for you")
    assert zhao.say("待办").text.startswith("没有等您处理的案件")
    assert wang.say("语言 中文").text.startswith("以后用中文答复")


def test_the_installation_can_speak_english(office: House) -> None:
    desk = replace(office.desk, chat_locale="en")
    assert FakeDoor(desk).say("hello").text.startswith("Hello. This account is not bound")
    assert FakeDoor(desk, WANG).say("待办").text.startswith("No case waits")
    habits.speak(desk, WANG, "zh_CN")
    assert FakeDoor(desk, WANG).say("todo").text.startswith("没有等您处理的案件")


def test_the_main_commands_have_no_chinese_words_of_ours(office: House) -> None:
    no = office.file(HENGLAN)
    wang = FakeDoor(office.desk, WANG)
    wang.say("/language english")
    for said in (
        "help", "todo", f"status {no}", f"case {no}", f"confirm {no}",
        f"return {no}", f"correct {no}",
        "find", "case", "tray", "digest", "stats", "mute", "mute 2 hours", "mute off",
        "assign", "dismiss", "cancel", "bind", "nonsense", "digest 河北",
    ):  # fmt: skip
        reply = wang.say(f"/{said}")
        text = re.sub(r"(?m)^/\w+ \S+|中文", "", _ours(reply.text))
        assert not CHINESE.search(text.split("〔")[0]), (said, text)
        labels = [b.label for row in reply.buttons for b in row if b.label != "中文"]
        assert not CHINESE.search("".join(labels)), (said, labels)


def test_a_draft_in_chinese_is_acted_on_after_the_language_was_changed(office: House) -> None:
    no = office.file(HENGLAN)
    wang = FakeDoor(office.desk, WANG)
    draft = wang.say(f"退回 {no} 缺少公章")
    tap = next(b.reference for row in draft.buttons for b in row if b.label == "退回")
    habits.speak(office.desk, WANG, "en")
    assert no in wang.send(tap).text
    assert office.stage(no) == "returned"
    assert "缺少公章" in views.case_view(office.desk, WANG, no).applications[0].reason


def test_an_amount_offered_in_english_is_the_same_amount(office: House) -> None:
    unsure = Reading(value=5_000, text="5000", confidence=0.5, accepted=False, candidates=("6182",))
    no = office.file(HENGLAN, offset_t=unsure)
    wang = FakeDoor(office.desk, WANG)
    wang.say("/language en")
    assert "offset applied for" in wang.say(f"/correct {no}").text
    wang.say(f"/correct {no} offset applied for 6,182 t")
    wang.tap("Correct")
    card = views.case_view(office.desk, WANG, no).applications[0]
    assert card.values["offset_t"] == 6_182


def test_a_notice_is_said_in_the_language_of_its_reader(office: House) -> None:
    office.bind(WANG, 1)
    office.bind(ZHAO, 3)
    habits.speak(office.desk, WANG, "en")
    office.file(HENGLAN)
    notices.plan(office.desk, "telegram", {})
    said = {one.channel_user: one.reply.text for one in notices.due(office.desk, "telegram")}
    assert "waiting" in said["1"]
    assert "Next: tap the case number" in said["1"]


def test_every_language_can_be_named() -> None:
    assert set(_NAMES) == set(LOCALES)


def test_who_speaks_english_is_told_in_english_who_was_first(office: House) -> None:
    no = office.file(HENGLAN)
    wang = FakeDoor(office.desk, WANG)
    wang.say("/language en")
    shown = wang.say(f"/confirm {no}")
    assert "Confirmed" in wang.tap("Confirm").text
    wang.last = shown
    assert "王敏: confirmed by the province: 5,000 t" in wang.tap("Confirm").text
    assert "王敏 confirmed 5,000 t on 3 Nov 2021, 09:00" in wang.say(f"/return {no} again").text


def test_letters_do_not_take_the_language_of_who_decided(tmp_path: Path) -> None:
    said = []
    for locale in LOCALES:
        (tmp_path / locale).mkdir()
        with house(tmp_path / locale) as office:
            office.stock(HENGLAN)
            no = office.file(HENGLAN)
            habits.speak(office.desk, WANG, locale)
            wang = FakeDoor(office.desk, WANG)
            wang.say(f"/correct {no} date 2021-11-02")
            wang.tap("更正" if locale == "zh_CN" else "Correct")
            wang.say(f"/confirm {no}")
            wang.tap("确认" if locale == "zh_CN" else "Confirm")
            with office.desk.store.read() as tx:
                letters = tx.outbox.of_case(no, set())
                intents = [tx.outbox.intent(one.key) for one in letters]
                assert None not in intents
                said.append([one.facts for one in intents if one is not None])
            assert office.stage(no) == "confirmed"
    assert said[0]
    assert said[0] == said[1]


OVER = "The offset applied for, 50,000 t, exceeds 5% of the surrender obligation 100,000 t"


def test_findings_are_told_to_each_in_their_language(office: House) -> None:
    no = office.file(HENGLAN, 50_000)
    wang, zhou = FakeDoor(office.desk, WANG), FakeDoor(office.desk, replace(WANG, name="周全"))
    wang.say("/language english")
    assert OVER in wang.say(f"/case {no}").text
    assert OVER in wang.say(f"/return {no}").text
    assert "申请抵销量 50,000 吨，超过应清缴配额总量" in zhou.say(f"案件 {no}").text


def test_a_reason_picked_in_english_is_written_in_the_applicant_s_language(office: House) -> None:
    no = office.file(HENGLAN, 50_000)
    wang = FakeDoor(office.desk, WANG)
    wang.say("/language english")
    wang.say(f"/return {no}")
    assert "超过应清缴配额总量" in wang.tap("Return for no. 1").text
    assert wang.tap("Return").text.startswith(f"Returned {no}")
    with office.desk.store.read() as tx:
        state = tx.cases.state(no)
    assert state is not None
    assert state.applications[0].returned is not None
    assert CHINESE.search(state.applications[0].returned.reason)


def test_a_field_is_named_as_the_paper_has_it_or_as_it_is_shown(office: House) -> None:
    no = office.file(HENGLAN)
    wang = FakeDoor(office.desk, WANG)
    wang.say("/language english")
    for field in ("申请抵销量", "offset applied for", "offset_t"):
        assert "4,200 t" in wang.say(f"/correct {no} {field} 4,200 t").text


def test_an_item_of_the_tray_is_told_in_its_reader_s_language(office: House) -> None:
    text = _("邮件多次处理失败，请人工查看原件。").said()
    with office.desk.store.write() as tx:
        tx.tray.put("m", "", "mail-failed", text, office.clock.now())
    wang = FakeDoor(office.desk, replace(WANG, provinces=("13", "14")))
    assert "邮件多次处理失败" in wang.say("待处理").text
    wang.say("/language english")
    assert "The mail failed several times; please look at the original." in wang.say("/tray").text
