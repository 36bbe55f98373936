"""Whose desk an item of the tray is for, where that is beyond doubt.

A province's staff must not see another's firms (trap 9), so of an installation that serves several
they get what is certainly their own: its sender proved who they are, the list of entities names
that address of entities of their province alone, and nothing that was read or filed of the mail
speaks of anybody else: now, by an earlier version of the reader, or in another mail that brought
the same document. Whatever is left open is for those who see all.
"""

from casework.desk import Desk
from procedure.readings import DocumentReading
from store import Tx
from store.rows import Placement, TrayItem

NAMED = ("enterprise_name", "account_name")


def province_of(desk: Desk, tx: Tx, row: TrayItem) -> str:
    """Prefix of the province whose item it certainly is; "" where it may be another's."""
    message = tx.messages.get(row.message_id)
    mail = message.mail if message else None
    if mail is None or mail.authentication is None or not mail.authentication.authentic:
        return ""
    known = {one.province for one in tx.registry.entities_of_address(mail.from_addr.lower())}
    if len(known) != 1:
        return ""
    (province,) = known
    placed = tx.messages.placements(row.message_id)
    ours = all(_speaks_of(desk, tx, one) <= known for one in placed)
    return province if ours else ""


def _speaks_of(desk: Desk, tx: Tx, placed: Placement) -> set[str]:
    """Provinces of the cases it was filed in and of whoever it names; "" for one nobody knows."""
    numbers = {one.case_no for one in tx.messages.placements_of(placed.sha256) if one.case_no}
    found = {case.province for case in map(tx.cases.row, sorted(numbers)) if case}
    for readings in tx.documents.all_readings(placed.sha256).values():
        for reading in readings:
            found |= _read(desk, tx, reading)
    return found


def _read(desk: Desk, tx: Tx, reading: DocumentReading) -> set[str]:
    """As little sure as a reading may be: what it names must be known, and of the province."""
    said = {name: str(one.value) for name, one in reading.fields.items() if one.value}
    registry = tx.registry
    entities = [registry.entity_by_name(said[name]) for name in NAMED if name in said]
    if "uscc" in said:
        entities.append(registry.entity_by_uscc(said["uscc"].upper()))
    if "account_no" in said:
        entities.append(registry.entity_of_account(said["account_no"]))
    found = {one.province if one else "" for one in entities}
    if "province" in said:
        province = desk.provinces.find(said["province"])
        found.add(province.prefix if province else "")
    return found | _stamped(tx, reading)


def _stamped(tx: Tx, reading: DocumentReading) -> set[str]:
    """Whose seals are on it. A ring is often misread: one that names nobody says nothing."""
    rings = {text for seal in reading.seals for text in (seal.text, *seal.tries) if text}
    return {one.province for one in map(tx.registry.entity_by_name, sorted(rings)) if one}
