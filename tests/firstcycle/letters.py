"""What came out of a cycle: its letters, the rows of its digests, and what may differ of them."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.sink import Sink

LATE = "迟发"
MOVING = re.compile(rb"^(Date|Received|DKIM-Signature):.*?\r\n(?![ \t])", re.M | re.S)
"""Header lines that tell when and how a letter went out (RFC 5322 §2.2.3: folded ones whole)."""
WEEKLY = re.compile(
    r"CCER周汇总_(?P<province>[^_]+)_(?P<period>[\d-]+_[\d-]+)(?P<more>_补充\d+)?\.csv"
)
DAILY = re.compile(r"CCER注销记录_(?P<province>[^_]+)_(?P<period>[\d-]+)(?P<more>_补充\d+)?\.csv")
NATIONAL = re.compile(r"CCER_CANCELLATIONS_2019-2020_(?P<period>\d+)(?P<more>_S\d+)?\.csv")


@dataclass(frozen=True)
class Letters:
    """Every letter once, by Message-ID and recipient."""

    raw: dict[tuple[str, str], bytes]
    again: int
    """Copies that came once more under the same Message-ID."""

    @classmethod
    def of(cls, sink: Sink) -> "Letters":
        """Copies of one letter must be alike to the byte."""
        found: dict[tuple[str, str], bytes] = {}
        again = 0
        for recipients, raw in sink.raw:
            message_id = str(message_from_bytes(raw)["Message-ID"])
            for address in recipients:
                before = found.setdefault((message_id, address), raw)
                again += before is not raw
                assert before == raw, f"{message_id} to {address} came in two versions"
        return cls(found, again)

    def unlike(self, other: "Letters") -> list[str]:
        """Where two runs differ beyond what may: Date, Received, DKIM-Signature, lateness."""
        keys = self.raw.keys() | other.raw.keys()
        pairs = {key: (self.raw.get(key), other.raw.get(key)) for key in sorted(keys)}
        return [f"{key}: {told(*two)}" for key, two in pairs.items() if not same(*two)]

    def late(self) -> int:
        """How many digests bear the mark."""
        return sum(LATE in str(parsed(raw)["Subject"]) for raw in self.raw.values())


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def same(one: bytes | None, other: bytes | None) -> bool:
    """To the byte; where one of them is late, in all that it says besides."""
    if one is None or other is None:
        return False
    if MOVING.sub(b"", one) == MOVING.sub(b"", other):
        return True
    late = [LATE in str(parsed(raw)["Subject"]) for raw in (one, other)]
    return late.count(True) == 1 and said(one) == said(other)


def said(raw: bytes) -> list[object]:
    """Every header and part, without the mark of lateness."""
    found = parsed(MOVING.sub(b"", raw))
    parts: list[object] = []
    for part in found.walk():
        heads = [(name, str(value).replace(f" {LATE}", "")) for name, value in part.items()]
        content = part.get_payload(decode=True)
        text = content if isinstance(content, bytes) else b""
        if part.get_content_maintype() == "text" and not part.get_filename():
            text = text.decode().replace(f" {LATE}", "").encode()
        parts.append((heads, text))
    return parts


def told(one: bytes | None, other: bytes | None) -> str:
    """Which letter it is, and what of it differs first."""
    if one is None or other is None:
        missing = one or other
        return f"only in one run: {parsed(missing)['Subject']}" if missing else "nowhere"
    pairs = zip(said(one), said(other), strict=False)
    first = next(((a, b) for a, b in pairs if a != b), ("", ""))
    return f"{parsed(one)['Subject']}: {str(first[0])[:600]} … {str(first[1])[:600]}"


Row = tuple[str, ...]


@dataclass(frozen=True)
class Digests:
    """All rows of all digests, and how many regular digests there were of each."""

    rows: Counter[Row]
    regular: Counter[tuple[str, str]]
    """(kind, province) → how many."""

    @classmethod
    def of(cls, letters: Letters) -> "Digests":
        rows: Counter[Row] = Counter()
        regular: Counter[tuple[str, str]] = Counter()
        for raw in {message_id: raw for (message_id, _), raw in letters.raw.items()}.values():
            for part in parsed(raw).iter_attachments():
                name = part.get_filename() or ""
                data = part.get_payload(decode=True)
                if not name.endswith(".csv") or not isinstance(data, bytes):
                    continue
                table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:]
                kind, province, period, more = _named(name)
                if not more:
                    regular[kind, province] += 1
                for row in table:
                    rows[_row(kind, province, "补充" if more else period, row)] += 1
        return cls(rows, regular)


def _named(name: str) -> tuple[str, str, str, str]:
    for kind, pattern in (("weekly", WEEKLY), ("daily", DAILY), ("national", NATIONAL)):
        if found := pattern.fullmatch(name):
            parts = found.groupdict()
            return kind, parts.get("province") or "全国", parts["period"], parts["more"] or ""
    raise AssertionError(f"{name} is no digest's file")


def _row(kind: str, province: str, period: str, row: list[str]) -> Row:
    """What identifies it to a person: never the program's own numbers."""
    if kind == "weekly":
        change, _case, application, version, name = row[:5]
        return kind, province, period, name, change, application, version
    if kind == "daily":
        return kind, province, period, row[0], row[4], row[6], row[-1]
    return kind, province, period, row[5], row[8], row[10], row[1]
