"""Header values as clients really write them."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.parse import headers, parse
from mailer.parse.texts import MOST_GUESSED, decode

SUBJECT = "CCER抵销配额清缴申请表—河北示例一电力有限公司"


def word(data: bytes, charset: str, encoding: str = "B") -> bytes:
    body = base64.b64encode(data) if encoding == "B" else quopri.encodestring(data, header=True)
    return b"=?" + charset.encode() + b"?" + encoding.encode() + b"?" + body + b"?="


def cut(text: str, charset: str, size: int, between: bytes = b"\r\n ") -> bytes:
    data = text.encode("gb18030" if charset.startswith("gb") else charset)
    pieces = [data[i : i + size] for i in range(0, len(data), size)]
    return between.join(word(piece, charset) for piece in pieces)


@pytest.mark.parametrize(
    "raw",
    [
        word(SUBJECT.encode(), "utf-8"),
        word(SUBJECT.encode("gb18030"), "gb2312"),
        word(SUBJECT.encode("gb18030"), "GBK"),
        word(SUBJECT.encode(), "utf-8", "Q"),
        # Cut inside characters, folded, or run together.
        cut(SUBJECT, "utf-8", 7),
        cut(SUBJECT, "gb2312", 9),
        cut(SUBJECT, "utf-8", 10, b""),
        cut(SUBJECT, "gbk", 5, b" "),
        # Labels that lie or are missing.
        word(SUBJECT.encode("gb18030"), "utf-8"),
        word(SUBJECT.encode(), "gb2312"),
        word(SUBJECT.encode("gb18030"), "us-ascii"),
        word(SUBJECT.encode("gb18030"), "x-unknown"),
        SUBJECT.encode(),
        SUBJECT.encode("gb18030"),
        # Encoded twice by a gateway.
        word(word(SUBJECT.encode(), "utf-8"), "us-ascii"),
        # Folded within the word.
        word(SUBJECT.encode(), "utf-8")[:40] + b"\r\n " + word(SUBJECT.encode(), "utf-8")[40:],
        # RFC 2231 language tag.
        word(SUBJECT.encode(), "utf-8*zh-CN"),
    ],
)
def test_subject(raw: bytes) -> None:
    assert headers.text(raw) == SUBJECT


def test_words_between_plain_text_keep_their_spaces() -> None:
    raw = b"Re: " + word("申请".encode(), "utf-8") + b" form " + word("表".encode(), "utf-8")
    assert headers.text(raw) == "Re: 申请 form 表"


@pytest.mark.parametrize(
    ("disposition", "content_type"),
    [
        ('attachment; filename="申请表.pdf"'.encode(), b""),
        ('attachment; filename="申请表.pdf"'.encode("gb18030"), b""),
        (b"attachment; filename*=UTF-8''%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf", b""),
        (b"attachment; filename*=gb2312''%C9%EA%C7%EB%B1%ED.pdf", b""),
        # Segments, one cut inside a character.
        (b"attachment; filename*0*=UTF-8''%E7%94%B3%E8%AF; filename*1*=%B7%E8%A1%A8.pdf", b""),
        (b"attachment; filename*0*=utf-8''%E7%94%B3; filename*1*=%E8%AF%B7%E8%A1%A8;"
         b" filename*2=.pdf", b""),
        # Mixed with encoded-words.
        (b"attachment; filename=" + word("申请表.pdf".encode("gb18030"), "gb18030"), b""),
        (b'attachment;\r\n filename="' + word("申请表.pdf".encode(), "utf-8") + b'"', b""),
        (b"attachment; filename*0=" + word("申请".encode(), "utf-8") + b"; filename*1="
         + word("表.pdf".encode(), "utf-8"), b""),
        (b"attachment", b"application/pdf; name=" + word("申请表.pdf".encode(), "utf-8")),
        (b"", 'application/octet-stream; name=申请表.pdf'.encode()),
    ],
)  # fmt: skip
def test_file_name(disposition: bytes, content_type: bytes) -> None:
    assert headers.file_name(disposition, content_type) == "申请表.pdf"


@pytest.mark.parametrize(
    ("raw", "name", "address"),
    [
        (b"a@example.org", "", "a@example.org"),
        (b"<A@Example.ORG>", "", "a@example.org"),
        (b'"Zhang, San" <a@example.org>', "Zhang, San", "a@example.org"),
        (word("张某".encode("gb18030"), "gb2312") + b" <a@qq.example>", "张某", "a@qq.example"),
        (b'"' + word("张某".encode(), "utf-8") + b'" <a@qq.example>', "张某", "a@qq.example"),
        (b"nobody", "nobody", ""),
        (b"", "", ""),
    ],
)
def test_address(raw: bytes, name: str, address: str) -> None:
    assert headers.address(raw) == (name, address)


def test_twenty_thousand_encoded_words_are_bounded() -> None:
    raw = b"Subject: " + b" ".join([word("申".encode(), "utf-8")] * 20_000) + b"\r\n\r\ntext\r\n"
    assert parse(raw).subject.startswith("申申申")


@given(st.binary(max_size=400))
def test_no_header_raises(raw: bytes) -> None:
    value = headers.text(raw)
    assert "\r" not in value
    assert "\n" not in value
    headers.file_name(raw, raw)
    headers.address(raw)


def test_a_name_with_percents_that_are_no_encoding_is_left_alone() -> None:
    assert headers.file_name(b'attachment; filename="%FF%FF%.pdf"', b"") == "%FF%FF%.pdf"


def test_a_word_whose_base64_was_cut_keeps_what_is_whole() -> None:
    assert headers.text(b"=?utf-8?B?YWJjZ?=") == "abc"


def test_chinese_in_utf_8_under_another_label_is_read_though_a_look_at_it_cuts_a_character() -> (
    None
):
    text = "申请表" * (MOST_GUESSED // 9 + 1)
    assert len(text.encode()[:MOST_GUESSED].decode("utf-8", "ignore").encode()) < MOST_GUESSED
    assert decode(text.encode(), "gb2312") == text


def test_utf_7_that_has_bytes_of_its_own_is_none() -> None:
    assert decode("申请表".encode(), "utf-7") == "申请表"
    assert decode("申请表".encode("utf-7"), "utf-7") == "申请表"
