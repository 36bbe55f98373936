"""Who wrote a mail: whose headers are trusted, SPF, DKIM, DMARC, look-alikes."""

import base64
import time
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from casework.lookalikes import lookalike
from mailer.evidence.checking import Dns, checked, resolver
from mailer.parse import parse
from tests.mailer.nameserver import Nameserver

TRUSTED = frozenset({"mx.office.example"})
MAIL = b"From: zhang@firm.example\r\nSubject: x\r\n\r\nhello\r\n"
RESULTS = (
    b"Authentication-Results: mx.office.example (x; y) 1;\r\n"
    b" spf=pass smtp.mailfrom=zhang@firm.example;\r\n"
    b" dkim=fail header.d=other.example; dkim=pass (2048-bit) header.d=firm.example;"
    b"\r\n dmarc=pass header.from=firm.example\r\n"
)
FORGED = b"Authentication-Results: mx.evil.example; dmarc=pass\r\n"


def test_a_trusted_servers_word() -> None:
    found = parse(RESULTS + MAIL, trusted=TRUSTED).authentication
    assert found is not None
    assert (found.spf, found.dkim, found.dmarc) == ("pass", "pass", "pass")
    assert (found.spf_domain, found.dkim_domain) == ("firm.example", "firm.example")
    assert found.authentic


@pytest.mark.parametrize(
    "raw",
    [
        MAIL,
        FORGED + MAIL,
        # Ours stands on top, or it is not ours.
        FORGED + RESULTS + MAIL,
        b"Authentication-Results: mx.office.example.evil.example; dmarc=pass\r\n" + MAIL,
        b"Authentication-Results: \r\n" + MAIL,
    ],
)
def test_nobody_elses_word(raw: bytes) -> None:
    assert parse(raw, trusted=TRUSTED).authentication is None


def test_without_a_trusted_server_no_header_counts() -> None:
    assert parse(RESULTS + MAIL).authentication is None


def test_what_is_not_said_is_not_passed() -> None:
    found = parse(b"Authentication-Results: mx.office.example; none\r\n" + MAIL, trusted=TRUSTED)
    assert found.authentication is not None
    assert (found.authentication.dmarc, found.authentication.authentic) == ("", False)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """A private key, and its DNS record."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )  # fmt: skip
    public = made.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()


def names(key: tuple[bytes, str], **more: list[str]) -> Dns:
    """A DNS of our own."""
    records = {
        ("firm.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 a:mx.firm.example -all"],
        ("mx.firm.example", "A"): ["198.51.100.7"],
        ("_dmarc.firm.example", "TXT"): ["v=DMARC1; p=reject"],
        ("s._domainkey.firm.example", "TXT"): [key[1]],
        ("s._domainkey.other.example", "TXT"): [key[1]],
    }
    return lambda name, kind: records.get((name.lower(), kind), [])


def signed(key: tuple[bytes, str], domain: bytes = b"firm.example") -> bytes:
    header: bytes = dkim.sign(MAIL, b"s", domain, key[0], include_headers=[b"from", b"subject"])
    return header + MAIL


ZHANG, STRANGER = "192.0.2.9", "203.0.113.5"


@pytest.mark.parametrize(
    ("domain", "peer", "sender", "expected"),
    [
        ("", ZHANG, "zhang@firm.example", ("pass", "none", "pass")),
        ("", "198.51.100.7", "zhang@firm.example", ("pass", "none", "pass")),
        ("", STRANGER, "zhang@firm.example", ("fail", "none", "fail")),
        # Forwarded: SPF breaks, the signature holds.
        ("firm.example", STRANGER, "x@forwarder.example", ("none", "pass", "pass")),
        # Somebody else's signature says nothing of the author.
        ("other.example", STRANGER, "x@other.example", ("none", "pass", "fail")),
        ("", STRANGER, "", ("none", "none", "fail")),
    ],
)
def test_direct_receipt(
    key: tuple[bytes, str], domain: str, peer: str, sender: str, expected: tuple[str, str, str]
) -> None:
    raw = signed(key, domain.encode()) if domain else MAIL
    found = checked(raw, "zhang@firm.example", sender, peer, names(key))
    assert (found.spf, found.dkim, found.dmarc) == expected
    assert found.source == "checked"


def test_a_changed_mail_is_not_the_signed_one(key: tuple[bytes, str]) -> None:
    raw = signed(key).replace(b"hello", b"hullo")
    found = checked(raw, "zhang@firm.example", "", STRANGER, names(key))
    assert (found.dkim, found.authentic) == ("fail", False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: no author\r\n\r\nx",
        b"DKIM-Signature: v=1; nonsense\r\n" + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=firm.example; s=s; h=from; bh=x; b=y\r\n" + MAIL,
        b"no header at all",
    ],
)
def test_nothing_that_a_mail_holds_raises(key: tuple[bytes, str], raw: bytes) -> None:
    assert not checked(raw, "", "a@firm.example", STRANGER, names(key)).authentic


def test_a_dns_that_fails_or_sleeps_is_no_verdict(key: tuple[bytes, str]) -> None:
    def broken(_name: str, _kind: str) -> list[str]:
        raise OSError("nobody answers")

    def slow(_name: str, _kind: str) -> list[str]:
        time.sleep(2)
        return []

    found = checked(signed(key), "zhang@firm.example", "a@firm.example", ZHANG, broken)
    assert (found.spf, found.dkim, found.dmarc) == ("temperror", "temperror", "temperror")
    began = time.monotonic()
    found = checked(MAIL, "zhang@firm.example", "a@firm.example", ZHANG, slow, seconds=0.2)
    assert time.monotonic() - began < 1.5
    assert found.dmarc == "temperror"


@pytest.mark.parametrize(
    ("domain", "resembles"),
    [
        ("ccersc.org.cn", ""),
        ("mail.ccersc.org.cn", ""),
        ("ccersc.org", "ccersc.org.cn"),
        ("ccerse.org.cn", "ccersc.org.cn"),
        ("ccresc.org.cn", "ccersc.org.cn"),
        ("ccer-sc.org.cn", "ccersc.org.cn"),
        ("ccersc.org.cn.evil.example", ""),
        ("hebeipower1.com", "hebeipowerl.com"),
        ("hebeipovverl.com", "hebeipowerl.com"),
        ("xn--hebeiowerl-b9j.com", "hebeipowerl.com"),
        ("qq.com", ""),
        ("q9.com", ""),
        ("firm.example", ""),
        ("", ""),
    ],
)
def test_lookalikes(domain: str, resembles: str) -> None:
    known = ["ccersc.org.cn", "hebeipowerl.com", "mail.qq.com"]
    if domain.startswith("xn--"):
        domain = "hebei\u0440owerl.com".encode("idna").decode()
    assert lookalike(domain, known) == resembles


def test_the_child_knows_whom_to_trust(tmp_path: Path) -> None:
    from mailer.parse.limited import limited

    found = limited(RESULTS + MAIL, trusted=TRUSTED).authentication
    assert found is not None
    assert found.authentic


def test_a_server_that_is_named_as_the_one_for_incoming_mail_may_send(
    key: tuple[bytes, str],
) -> None:
    known = names(key)
    records = {
        ("firm.example", "TXT"): ["v=spf1 mx -all"],
        ("firm.example", "MX"): ["10 mx.firm.example"],
    }

    def ask(name: str, kind: str) -> list[str]:
        return records.get((name.lower(), kind)) or known(name, kind)

    for peer, wanted in (("198.51.100.7", "pass"), (STRANGER, "fail")):
        found = checked(MAIL, "zhang@firm.example", "zhang@firm.example", peer, ask)
        assert found.spf == wanted


def test_a_second_signature_that_is_broken_takes_nothing_from_a_good_one(
    key: tuple[bytes, str],
) -> None:
    good, broken = (signed(key, one)[: -len(MAIL)] for one in (b"other.example", b"no.example"))
    for raw in (good + broken + MAIL, broken + good + MAIL):
        found = checked(raw, "zhang@firm.example", "", STRANGER, names(key))
        assert (found.dkim, found.dkim_domain, found.dmarc) == ("pass", "other.example", "fail")


def test_the_dns_tells_addresses_texts_and_nothing() -> None:
    records = {
        ("firm.example", "TXT"): ['"v=spf1 " "-all"'],
        ("firm.example", "MX"): ["10 mx.firm.example."],
        ("mx.firm.example", "A"): ["198.51.100.7"],
    }
    with Nameserver(records) as server:
        ask = resolver(5.0, server.address)
        assert ask("firm.example", "TXT") == ["v=spf1 -all"]
        assert ask("firm.example", "MX") == ["10 mx.firm.example"]
        assert ask("mx.firm.example", "A") == ["198.51.100.7"]
        assert ask("no.example", "A") == []
        quick = resolver(0.2, server.address)
    with pytest.raises(OSError, match=r"firm\.example TXT"):
        quick("firm.example", "TXT")


def test_a_result_that_is_none_of_the_three_is_passed_over() -> None:
    head = b"Authentication-Results: mx.office.example; arc=fail; ; spf=fail; dmarc=pass\r\n"
    found = parse(head + MAIL, trusted=TRUSTED).authentication
    assert found is not None
    assert (found.spf, found.dkim, found.dmarc) == ("fail", "", "pass")


GOOD, BAD = "pass header.d=firm.example", "fail header.d=x.example"


@pytest.mark.parametrize("order", [(GOOD, BAD), (BAD, GOOD)])
def test_of_several_signatures_a_good_one_counts_wherever_it_stands(order: tuple[str, str]) -> None:
    told = "; ".join(f"dkim={one}" for one in order)
    head = f"Authentication-Results: mx.office.example; {told}\r\n".encode()
    found = parse(head + MAIL, trusted=TRUSTED).authentication
    assert found is not None
    assert (found.dkim, found.dkim_domain) == ("pass", "firm.example")
