"""Who vouches for a sender: from the wire to the findings on the case."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from casework.imports import import_registry
from procedure.events import ProofFiled
from procedure.findings import Finding
from tests.casework.made import Firm, form, proof
from tests.clerk.mailroom import Mailroom, mailroom
from tests.mailer.listening import certificate
from tests.mailer.nameserver import Nameserver, txt

A = Firm(email="office@henglan.example")
FAR = {"trusted": ["10.0.0.0/8"]}
"""Settings under which this machine is a stranger at the listener."""


def entities(room: Mailroom) -> None:
    head = "单位名称,统一社会信用代码,所属省份,应清缴配额,联系邮箱"
    row = f"{A.name},{A.uscc},{A.province_name},{A.obligation},{A.email}"
    data = f"{head}\n{row}\n".encode("utf-8-sig")
    assert import_registry(room.house.desk, "entities", data, "entities.csv", None, "o").ok


def senders(room: Mailroom, message_id: str) -> dict[str, Finding]:
    """What was found of the sender of this mail's application or proof."""
    with room.house.store.read() as tx:
        (place,) = tx.messages.placements(message_id)
        assert place.place in ("application", "cancellation"), place
        state = tx.cases.state(place.case_no)
        filed = [one.payload for one in tx.cases.events(place.case_no)]
    assert state is not None
    proofs = [one.findings for one in filed if isinstance(one, ProofFiled)]
    found = state.applications[-1].findings if place.application else proofs[-1]
    return {one.rule: one for one in found if one.rule.startswith("sender-")}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def names(key: rsa.RSAPrivateKey) -> Iterator[Nameserver]:
    public = base64.b64encode(key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )).decode()  # fmt: skip
    records = {
        ("henglan.example", "TXT"): [txt("v=spf1 ip4:192.0.2.0/24 -all")],
        ("_dmarc.henglan.example", "TXT"): [txt("v=DMARC1; p=none")],
        ("s1._domainkey.henglan.example", "TXT"): [txt(f"v=DKIM1; k=rsa; p={public}")],
        ("nodmarc.example", "TXT"): [txt("v=spf1 ip4:192.0.2.0/24 -all")],
        ("here.example", "TXT"): [txt("v=spf1 ip4:127.0.0.0/8 -all")],
    }
    with Nameserver(records) as server:
        yield server


def signed(key: rsa.RSAPrivateKey, raw: bytes) -> bytes:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )  # fmt: skip
    signature: bytes = dkim.sign(raw, b"s1", b"henglan.example", pem)
    return signature + raw


def test_straight_from_a_stranger_the_dns_is_asked(
    tmp_path: Path, key: rsa.RSAPrivateKey, names: Nameserver
) -> None:
    evidence: dict[str, Any] = {"dns": True, "nameserver": names.address, "servers": ["mx.own"]}
    with mailroom(tmp_path, smtp=FAR, evidence=evidence) as room:
        entities(room)
        good = room.send(signed(key, room.form(form(A), A.email)), A.email)
        assert senders(room, good) == {}
        kept = room.row(good).mail
        assert kept is not None
        assert kept.authentication is not None
        assert (kept.authentication.spf, kept.authentication.dmarc) == ("fail", "pass")
        # The header of a server that it never passed counts nothing.
        claim = {"Authentication_Results": "mx.own; dmarc=pass; dkim=pass header.d=henglan.example"}
        forged = room.send(room.form(form(A, 4_000), A.email, **claim), A.email)
        (found,) = senders(room, forged).values()
        assert (found.rule, found.severity) == ("sender-disowned", "warning")
        assert "SPF fail" in found.message
        # A domain that asks for nothing: no more than a note. It is not on the list either.
        other = room.send(room.form(form(A, 3_000), "a@nodmarc.example"), "a@nodmarc.example")
        assert {rule: one.severity for rule, one in senders(room, other).items()} == {
            "sender-unknown": "warning", "sender-unproven": "note",
        }  # fmt: skip
        fine = room.send(room.form(form(A, 2_000), "a@here.example"), "a@here.example")
        assert list(senders(room, fine)) == ["sender-unknown"]
        # Checked again after an import the same is known of them.
        entities(room)
        assert list(senders(room, fine)) == ["sender-unknown"]
        proven = room.send(
            room.form(proof(A), A.email).replace("申请表".encode(), "注销截图".encode()), A.email
        )
        assert list(senders(room, proven)) == ["sender-disowned"]


def test_behind_a_server_of_our_own_its_word_counts(tmp_path: Path) -> None:
    with mailroom(tmp_path, evidence={"servers": ["mx.own.example"]}) as room:
        entities(room)
        said = {
            "mx.own.example; dmarc=fail header.from=henglan.example": ["sender-disowned"],
            "mx.own.example; spf=softfail; dkim=none; dmarc=none": ["sender-unproven"],
            "mx.own.example; spf=softfail; dkim=pass header.d=henglan.example": [],
            "mx.own.example; spf=fail; dkim=pass header.d=else.example": ["sender-unproven"],
            "mx.own.example; spf=pass; dkim=fail": [],
            "mx.evil.example; dmarc=fail": [],
        }
        for offset, (header, rules) in enumerate(said.items(), start=1000):
            raw = room.form(form(A, offset), A.email, Authentication_Results=header)
            assert list(senders(room, room.send(raw, A.email))) == rules, header
        domain = "a@heng1an.example"
        alike = senders(room, room.send(room.form(form(A, 900), domain), domain))
        assert alike["sender-lookalike"].severity == "warning"
        assert "henglan.example" not in alike["sender-lookalike"].public
        assert "henglan.example" not in str(room.letters()[-1].facts)


def test_a_login_under_the_author_s_address_stands_for_it(tmp_path: Path) -> None:
    cert, file = certificate(tmp_path / "tls")
    smtp = {**FAR, "certificate": cert, "key": file, "users": {A.email: "s3cret"}}
    with mailroom(tmp_path, smtp=smtp) as room:
        entities(room)
        for offset, (author, source) in enumerate(((A.email, "login"), ("b@c.example", None))):
            raw = room.form(form(A, 1000 + offset), author)
            row = room.row(room.send(raw, author, (A.email, "s3cret")))
            assert row.envelope.login == A.email
            assert row.mail is not None
            vouched = row.mail.authentication
            assert (vouched.source if vouched else None) == source
