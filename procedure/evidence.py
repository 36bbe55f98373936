"""Evidence that no recogniser gave: check characters, sums, serial spans, registry records.

Each function returns the document with ``evidence`` and ``against`` of its readings filled up.
What speaks against a reading here speaks about the paper or about the reading; which of the two,
`procedure.acceptance` judges by how the text was got.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from procedure import names, uscc, values
from procedure.operations import is_voluntary_cancellation
from procedure.readings import DocumentReading, ProjectRow, Reading, RecordRow, SealReading
from procedure.registry import CancellationRecord, Entity
from procedure.registryview import RegistryView

AMBIGUOUS = "ambiguous-number"
"""In ``against``: the printed amount can be meant in another way too (`values.Tonnes`)."""
CHECK, CHECK_FAILS = "check-character", "check-fails"
ORGANISATION = "organisation-check"
"""The organisation code inside a credit code checks out too (GB 11714): two checks in one code."""
SUM, SUM_DIFFERS = "sum", "sum-differs"
REPEATED = "repeated"
"""The same amount printed twice (one row and its offset): weaker than a sum of several."""
SPAN, SPAN_DIFFERS = "serial-span", "serial-span-differs"
REGISTRY, REGISTRY_DIFFERS = "registry", "registry-differs"
SEAL, PLACE = "seal", "place"
IMPLAUSIBLE = "implausible"
UNIT_UNCLEAR = "unit-unclear"

ABOUT_PAPER = frozenset({CHECK_FAILS, SUM_DIFFERS, SPAN_DIFFERS, IMPLAUSIBLE, REGISTRY_DIFFERS})
"""Contradictions that a paper may really hold: they do not stop text that nobody recognised."""


def collect(doc: DocumentReading, registry: RegistryView | None) -> DocumentReading:
    """All of it, in order: what the paper says of itself first, then the registry."""
    steps: list[Callable[[DocumentReading], DocumentReading]] = [
        _check_character,
        _sums,
        _plausible,
        _serials,
        _seal,
    ]
    for step in steps:
        doc = step(doc)
    if registry is not None:
        doc = _registry(doc, registry)
    return _place(doc)


def integer(reading: Reading | None) -> int | None:
    """A tonnes reading's value, None where absent or unread."""
    return reading.value if reading and isinstance(reading.value, int) else None


def text(reading: Reading | None) -> str:
    """A text reading's value, "" where absent or unread."""
    return str(reading.value) if reading and reading.value is not None else ""


def _for(reading: Reading, *keys: str) -> Reading:
    return replace(reading, evidence=tuple(dict.fromkeys((*reading.evidence, *keys))))


def _against(reading: Reading, key: str) -> Reading:
    return replace(reading, against=tuple(dict.fromkeys((*reading.against, key))))


def _mark(doc: DocumentReading, name: str, *keys: str) -> DocumentReading:
    if name not in doc.fields:
        return doc
    return replace(doc, fields={**doc.fields, name: _for(doc.fields[name], *keys)})


def _mark_against(doc: DocumentReading, name: str, key: str) -> DocumentReading:
    return replace(doc, fields={**doc.fields, name: _against(doc.fields[name], key)})


def _check_character(doc: DocumentReading) -> DocumentReading:
    code = text(doc.fields.get("uscc"))
    if not code:
        return doc
    if not uscc.is_valid(code):
        return _mark_against(doc, "uscc", CHECK_FAILS)
    keys = (CHECK, ORGANISATION) if uscc.org_code_valid(code) else (CHECK,)
    return _mark(doc, "uscc", *keys)


def _sums(doc: DocumentReading) -> DocumentReading:
    """Rows' sum, their 合计 and the offset applied for: those that agree speak for each other."""
    amounts = [integer(row.amount_t) for row in doc.projects]
    known = [a for a in amounts if a is not None]
    rows = sum(known) if known and len(known) == len(amounts) else None
    parts = {"rows": rows, "total": integer(doc.rows_total), "offset": _offset(doc)}
    present = {name: value for name, value in parts.items() if value is not None}
    if len(present) < 2:
        return doc
    for name, value in present.items():
        others = [key for key, other in present.items() if key != name and other == value]
        clear = [key for key in others if not _ambiguous(doc, key)]
        # A total and an offset that say alike what the rows do not are one figure, read twice.
        agree = SUM if len(known) > 1 and "rows" in (name, *others) else REPEATED
        if clear or (others and not _ambiguous(doc, name)):
            doc = _mark_amounts(doc, name, _for, agree)
        elif not others:
            doc = _mark_amounts(doc, name, _against, SUM_DIFFERS)
    return doc


def _offset(doc: DocumentReading) -> int | None:
    return integer(doc.fields.get("offset_t"))


def _ambiguous(doc: DocumentReading, part: str) -> bool:
    readings: Iterable[Reading | None] = {
        "rows": [row.amount_t for row in doc.projects],
        "total": [doc.rows_total],
        "offset": [doc.fields.get("offset_t")],
    }[part]
    return any(reading is not None and AMBIGUOUS in reading.against for reading in readings)


def _mark_amounts(
    doc: DocumentReading, part: str, mark: Callable[[Reading, str], Reading], key: str
) -> DocumentReading:
    if part == "offset":
        return replace(doc, fields={**doc.fields, "offset_t": mark(doc.fields["offset_t"], key)})
    if part == "total":
        return replace(doc, rows_total=doc.rows_total and mark(doc.rows_total, key))
    rows = tuple(
        replace(row, amount_t=row.amount_t and mark(row.amount_t, key)) for row in doc.projects
    )
    return replace(doc, projects=rows)


def _plausible(doc: DocumentReading) -> DocumentReading:
    """An offset of more than half the obligation is a lost digit or unit more often than a wish."""
    obligation, offset = integer(doc.fields.get("obligation_t")), _offset(doc)
    if obligation is None or offset is None or offset * 2 <= obligation:
        return doc
    doc = _mark_against(doc, "obligation_t", IMPLAUSIBLE)
    # An offset that several rows add up to was read right: it is the obligation that was not.
    if SUM in doc.fields["offset_t"].evidence:
        return doc
    return _mark_against(doc, "offset_t", IMPLAUSIBLE)


def _serials(doc: DocumentReading) -> DocumentReading:
    return replace(doc, records=tuple(_serial(row) for row in doc.records))


def _serial(row: RecordRow) -> RecordRow:
    span = values.serial_total(text(row.serial))
    quantity = integer(row.quantity_t)
    if span is None or quantity is None or not row.serial or not row.quantity_t:
        return row
    if span == quantity:
        return replace(row, quantity_t=_for(row.quantity_t, SPAN), serial=_for(row.serial, SPAN))
    return replace(
        row,
        quantity_t=_against(row.quantity_t, SPAN_DIFFERS),
        serial=_against(row.serial, SPAN_DIFFERS),
    )


def _seal(doc: DocumentReading) -> DocumentReading:
    """The ring text is another print of the name, in other type: where the ring itself says so."""
    name = "enterprise_name" if doc.kind == "application" else "account_name"
    printed = text(doc.fields.get(name))
    return _mark(doc, name, SEAL) if any(_says(seal, printed) for seal in doc.seals) else doc


def _says(seal: SealReading, name: str) -> bool:
    """Whether a ring's weightiest reading is the name. An own seal's text may have been taken from
    the paper because one lonely reading was the same: the paper does not speak for itself."""
    owners = [names.seal_owner(one) for one in seal.tries]
    lonely = any(names.same(one, name) for one in owners[1:]) and not names.same(owners[0], name)
    return names.same(names.seal_owner(seal.text), name) and not lonely


def _place(doc: DocumentReading) -> DocumentReading:
    """A province's name that begins the firm's name too."""
    province = text(doc.fields.get("province"))
    name = text(doc.fields.get("enterprise_name"))
    short = province[:3] if province.startswith(("内蒙古", "黑龙江")) else province[:2]
    return _mark(doc, "province", PLACE) if short and name.startswith(short) else doc


def _registry(doc: DocumentReading, registry: RegistryView) -> DocumentReading:
    if doc.kind == "application":
        doc = _entity(doc, registry)
        account = registry.account(text(doc.fields.get("account_no")))
        if account and names.same(account.owner_name, text(doc.fields.get("enterprise_name"))):
            doc = _mark(doc, "account_no", REGISTRY)
        return replace(doc, projects=tuple(_project(row, registry) for row in doc.projects))
    account = registry.account(text(doc.fields.get("account_no")))
    if account and names.same(account.owner_name, text(doc.fields.get("account_name"))):
        doc = _mark(_mark(doc, "account_no", REGISTRY), "account_name", REGISTRY)
    known = registry.cancellations(text(doc.fields.get("account_no")))
    return replace(doc, records=tuple(_record(row, known) for row in doc.records))


def _entity(doc: DocumentReading, registry: RegistryView) -> DocumentReading:
    code, name = text(doc.fields.get("uscc")), text(doc.fields.get("enterprise_name"))
    by_code, by_name = registry.entity_by_uscc(code), registry.entity_by_name(name)
    if by_code:
        doc = _mark(doc, "uscc", REGISTRY)
    if by_name:
        doc = _mark(doc, "enterprise_name", REGISTRY)
    return _obligation(doc, by_code or by_name)


def _obligation(doc: DocumentReading, entity: Entity | None) -> DocumentReading:
    printed = integer(doc.fields.get("obligation_t"))
    if entity is None or printed is None:
        return doc
    if entity.obligation_t == printed:
        return _mark(doc, "obligation_t", REGISTRY)
    return _mark_against(doc, "obligation_t", REGISTRY_DIFFERS)


def _project(row: ProjectRow, registry: RegistryView) -> ProjectRow:
    """Numbers of projects lie close together: only number and name together are evidence."""
    found = registry.project(text(row.code))
    if not found or not row.code or not row.name or not names.same(found.name, text(row.name)):
        return row
    return replace(row, code=_for(row.code, REGISTRY), name=_for(row.name, REGISTRY))


def _record(row: RecordRow, known: Sequence[CancellationRecord]) -> RecordRow:
    """A record of this project and quantity. Where the account has others of the same project or
    the same quantity, a misread row may be one of these: then its other cells must tell."""
    kind = is_voluntary_cancellation(text(row.operation))
    ours = (text(row.project_code), integer(row.quantity_t))
    cells = [
        ((one.project_code, one.quantity_t), one)
        for one in known
        if is_voluntary_cancellation(one.operation) is kind
    ]
    same = [one for cell, one in cells if cell == ours and _agrees(row, one)]
    rivals = [one for cell, one in cells if (cell[0] == ours[0]) != (cell[1] == ours[1])]
    if not same or not row.quantity_t or not row.project_code or not _told(row, same, rivals):
        return row
    row = replace(
        row,
        quantity_t=_for(row.quantity_t, REGISTRY),
        project_code=_for(row.project_code, REGISTRY),
    )
    if row.project_name and names.same(same[0].project_name, text(row.project_name)):
        row = replace(row, project_name=_for(row.project_name, REGISTRY))
    printed = {values.iso_moment(record.time) for record in same if record.time}
    if row.time and text(row.time) in printed:
        row = replace(row, time=_for(row.time, REGISTRY))
    return row


def _told(
    row: RecordRow, same: Sequence[CancellationRecord], rivals: Sequence[CancellationRecord]
) -> bool:
    """Without rivals the cells themselves tell."""
    if not rivals:
        return True
    return any(_shares(row, one) for one in same) and not any(_may_be(row, one) for one in rivals)


def _may_be(row: RecordRow, record: CancellationRecord) -> bool:
    """Whether no other cell that both have says otherwise."""
    name, recorded = text(row.project_name), record.project_name
    return _agrees(row, record) and (not name or not recorded or names.same(recorded, name))


def _agrees(row: RecordRow, record: CancellationRecord) -> bool:
    """Whether neither day nor serial numbers say otherwise. Exports give days, minutes or seconds,
    and not always those of the screen."""
    return all(a == b or not a or not b for a, b in _pairs(row, record))


def _shares(row: RecordRow, record: CancellationRecord) -> bool:
    return any(a == b and bool(a) for a, b in _pairs(row, record))


def _pairs(row: RecordRow, record: CancellationRecord) -> tuple[tuple[object, object], ...]:
    """Day and serial numbers of a row and a record; empty where they are not there."""
    day = values.iso_moment(record.time)[:10] if record.time else ""
    serials = tuple(tuple(re.findall(r"\d+", said)) for said in (text(row.serial), record.serial))
    return (text(row.time)[:10], day), (serials[0], serials[1])
