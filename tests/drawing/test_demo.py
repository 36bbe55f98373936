"""The demo's world, mails and page."""

import base64
import csv
import email
import email.policy
import io
import re
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from PIL import Image, ImageDraw

import cycles
from clerk.demo import data, mails, papers, telling
from clerk.demo.page import render, summary
from clerk.demo.result import DocumentShown
from clerk.demo.run import run
from letters import dress
from mailer.compose import compose
from ocr.overlay import AMBER, GREEN, RED
from procedure import uscc
from procedure.facts import LetterIntent
from procedure.provinces import Provinces
from procedure.readings import DocumentReading, SealReading
from procedure.registry import RegistryKind
from tests.drawing.example import example
from tests.letters import made

WORLD = data.world()
ALL = (*mails.applications(WORLD), *mails.corrections(WORLD), *mails.proofs(WORLD))
KINDS: tuple[RegistryKind, ...] = (
    "entities", "accounts", "holdings", "projects", "cancellations", "credits", "surrenders",
)  # fmt: skip


def parsed(key: str) -> EmailMessage:
    raw = next(mail.raw for mail in ALL if mail.key == key)
    return email.message_from_bytes(raw, policy=email.policy.default)


def attached(key: str) -> list[bytes]:
    parts = parsed(key).iter_attachments()
    found = [part.get_payload(decode=True) for part in parts]
    assert all(isinstance(one, bytes) for one in found)
    return [one for one in found if isinstance(one, bytes)]


def test_the_world_fits_together() -> None:
    provinces = Provinces.parse(cycles.provinces())
    accounts = {account.account_no for account in WORLD.accounts}
    for entity in WORLD.entities:
        assert uscc.is_valid(entity.uscc)
        assert provinces.by_prefix(entity.province)
        assert entity.province in data.PROVINCES
    for holding in WORLD.holdings:
        assert holding.account_no in accounts
    held = {(row.account_no, row.project_code): row.quantity_t for row in WORLD.holdings}
    for row in WORLD.cancellations:
        assert row.quantity_t <= held[row.account_no, row.project_code]


def test_claims_are_within_the_cap_but_for_the_one_that_shows_it() -> None:
    for number, claim in papers.CLAIMS.items():
        within = sum(claim.values()) * 20 <= WORLD.entities[number].obligation_t
        assert within == (number != 3)


def test_claims_are_covered_by_holdings() -> None:
    held = {(row.account_no, row.project_code): row.quantity_t for row in WORLD.holdings}
    for number, claim in papers.CLAIMS.items():
        account = WORLD.entities[number].account_no
        for code, tonnes in claim.items():
            assert not account or tonnes <= held[account, code]


@pytest.mark.parametrize("kind", KINDS)
def test_registry_files_hold_every_row(kind: RegistryKind) -> None:
    name, raw = data.registry_file(kind)
    if name.endswith(".xlsx"):
        # A title row and the headings come first.
        rows = (load_workbook(io.BytesIO(raw)).worksheets[0].max_row or 0) - 2
    else:
        rows = len(list(csv.reader(io.StringIO(raw.decode("gb18030"))))) - 1
    assert rows == len(getattr(WORLD, kind))


def test_registry_files_are_written_where_asked(tmp_path: Path) -> None:
    written = data.write_registry(tmp_path / "registry", KINDS[:4])
    assert sorted(path.name for path in written.values()) == [
        "accounts.csv", "entities.xlsx", "holdings.csv", "projects.xlsx",
    ]  # fmt: skip


def test_mails_are_stable_and_in_order() -> None:
    assert [mail.raw for mail in mails.applications(WORLD)] == [mail.raw for mail in ALL[:10]]
    moments = [mail.at for mail in ALL]
    assert moments == sorted(moments)
    assert len({parsed(mail.key)["Message-ID"] for mail in ALL}) == len(ALL)


@pytest.mark.parametrize("mail", ALL, ids=lambda mail: mail.key)
def test_every_mail_parses(mail: mails.DemoMail) -> None:
    message = email.message_from_bytes(mail.raw, policy=email.policy.default)
    assert all(len(line) <= 998 for line in mail.raw.split(b"\r\n"))
    assert b"\n" not in mail.raw.replace(b"\r\n", b"")
    assert str(message["To"]).strip("<>") == data.OWN_ADDRESS
    assert _decoded(mail.raw) == mail.subject
    text = message.get_body(("plain",))
    assert text is not None
    assert "您好" in text.get_content()
    names = [part.get_filename() for part in message.iter_attachments()]
    assert [name for name in names if name != "image001.png"] == list(mail.files)


def _decoded(raw: bytes) -> str:
    """The subject, its encoded-words joined before decoding as they were cut."""
    head = raw.split(b"\r\n\r\n")[0].decode("ascii").replace("\r\n ", " ")
    subject = re.search(r"^Subject: (.*?)\r$", head, re.M)
    assert subject
    words = re.findall(r"=\?([\w-]+)\?B\?([^?]*)\?=", subject[1])
    joined = b"".join(base64.b64decode(part) for _, part in words)
    return joined.decode(words[0][0])


def test_the_zip_has_gbk_names_and_no_utf8_flag() -> None:
    with zipfile.ZipFile(io.BytesIO(attached("zip")[0])) as archive:
        assert archive.testzip() is None
        names = [name.encode("cp437").decode("gbk") for name in archive.namelist()]
        assert all(not info.flag_bits & 0x800 for info in archive.infolist())
    assert names == ["申请材料/使用CCER抵销配额清缴申请表.pdf", "申请材料/一般持有账户开户证明.png"]


def test_the_duplicate_is_the_same_document_in_another_mail() -> None:
    assert attached("duplicate") == attached("docx")
    assert parsed("duplicate")["Message-ID"] != parsed("docx")["Message-ID"]


def test_the_auto_reply_says_so() -> None:
    mail = next(mail for mail in ALL if mail.key == "auto-reply")
    assert mail.sender == ""
    assert parsed("auto-reply")["Auto-Submitted"] == "auto-replied"


class _Outside(HTMLParser):
    """Collects what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            local = ("#", "data:", "http") if tag == "a" else ("data:",)
            if name in ("src", "href") and value and not value.startswith(local):
                self.found.append(value)
        if tag in ("script", "link"):
            self.found.append(tag)


def test_the_page_needs_nothing_from_outside() -> None:
    page = render(example())
    parser = _Outside()
    parser.feed(page)
    assert parser.found == []
    assert "url(" not in page


def test_the_page_tells_the_whole_story() -> None:
    result = example()
    page = render(result)
    for mail in result.mails:
        assert mail.subject in page
    for document in result.documents:
        assert document.name in page
    for case in result.cases:
        assert case.case_no in page
    for word in ("附件3 §2 第4步", "超过应清缴配额", "全部相符", "周汇总.xlsx", "210,000 吨"):
        assert word in page


@pytest.mark.parametrize(
    ("verdicts", "shown"),
    [((True,), "good"), ((False,), "bad"), ((None,), "look"), ((True, False), "bad"),
     ((True, None), "look")],
)  # fmt: skip
def test_a_seal_is_marked_by_its_verdict(verdicts: tuple[bool | None, ...], shown: str) -> None:
    """The words were searched for 不符 or 未: another firm's seal passed."""
    seals = tuple(SealReading(1, None, text="某厂", matches_name=one) for one in verdicts)
    reading = DocumentReading("application", seals=seals)
    verdict = telling._verdict(reading)
    assert verdict == shown
    document = DocumentShown("k", "a.pdf", "申请表", (), seal="某厂", seal_verdict=verdict)
    assert f'<dt>印章</dt><dd class="{shown}">某厂</dd>' in render(
        replace(example(), documents=(document,))
    )


def test_the_page_speaks_as_the_rest_does() -> None:
    page = render(replace(example(), mails=(replace(example().mails[0], sender=""),)))
    assert "（空发件人）" in page
    assert "待人工核对" in page[page.index('class="legend"') :][:400]
    assert "待核看" not in page
    assert "两台" not in page + "".join(one.title for one in ALL)
    have = {"ppocr-v6": True, "ppocr-v4": True, "tesseract": False, "orientation": True}
    assert list(telling._engines(have)) == ["ppocr-v6", "ppocr-v4"]


def test_letters_are_framed_without_rights_and_with_their_pictures() -> None:
    page = render(example())
    assert page.count("<iframe sandbox srcdoc=") == 4
    first = page[page.index("srcdoc=") : page.index("</iframe>")]
    assert "cid:chart@clerk" not in first
    assert "data:image/png;base64," in first
    assert "<p>" not in first


def test_a_digest_s_picture_is_shown_and_its_sheets_are_linked() -> None:
    facts = made.weekly()
    intent = LetterIntent("weekly", "a", ("n@x.example",), facts)
    raw = b"".join(
        compose(dress("weekly", facts), intent, ("办公室", "o@x.example"), made.AT, "x.example")
    )
    files = tuple(telling._files(email.message_from_bytes(raw, policy=email.policy.default)))
    assert [one.name.rpartition(".")[2] for one in files if not one.content_id] == ["xlsx", "csv"]
    (picture,) = [one for one in files if one.content_id]
    assert (picture.content_id, picture.type) == ("progress@clerk", "image/png")
    shown = replace(example().letters[0], html='<img src="cid:progress@clerk">', files=files)
    page = render(replace(example(), letters=(shown,)))
    assert "cid:" not in page
    assert "progress.png" not in page


def test_a_letter_cannot_break_out_of_its_frame() -> None:
    result = example()
    evil = replace(result.letters[0], html='"></iframe><script>alert(1)</script>')
    page = render(replace(result, letters=(evil,)))
    assert "<script>" not in page


def test_the_summary_counts_mails_and_problems() -> None:
    result = example()
    text = summary(result)
    assert "来信 10 封" in text
    assert "全部相符" in text
    broken = replace(result.verification, problems=("m1：没有去向",))
    text = summary(replace(result, verification=broken))
    assert "1 处问题" in text
    assert "m1：没有去向" in text


@pytest.mark.timeout(400)
def test_the_day_is_played_whole_and_comes_out_as_it_must(tmp_path: Path) -> None:
    said: list[str] = []
    assert run(said.append, tmp_path), "\n".join(said)
    page = (tmp_path / "demo.html").read_text(encoding="utf-8")
    for words in ("已登记清缴", "公章", "全部相符"):
        assert words in page or words in "\n".join(said), words
    assert "cid:" not in page
    assert "<td>导入</td>" in page
    assert "&lt;&gt;" not in page
    assert not re.search(r"<td>i\d+</td>", page)
    assert re.search(r'<dd class="bad">[^<]*不是申请单位的公章', page)
    # Two engines take their time over a scan: "less than 0.1 s" for all would be nobody's figure.
    assert re.search(r"识读 \d+\.\d 秒", page)
    parser = _Outside()
    parser.feed(page)
    assert parser.found == []


def test_what_tells_accepted_from_doubtful_keeps_its_colours_in_a_photo() -> None:
    """Few pixels of a photo's many colours: reduced with them, amber and red were one brown."""
    noise = np.random.default_rng(1).normal(150, 25, (900, 700, 3))
    photo = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(photo)
    for place, colour in enumerate((GREEN, AMBER, RED)):
        draw.rectangle((20 + 30 * place, 20, 30 + 30 * place, 30), outline=colour, width=2)
    out = io.BytesIO()
    photo.save(out, "PNG")
    shown = Image.open(io.BytesIO(telling._small(out.getvalue()))).convert("RGB")
    assert [shown.getpixel((20 + 30 * place, 20)) for place in range(3)] == [GREEN, AMBER, RED]
