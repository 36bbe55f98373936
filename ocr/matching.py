"""Whose seal it is: ring texts compared with the entity's name."""

from dataclasses import replace

from procedure import names
from procedure.readings import DocumentReading, SealReading

SAME, FOREIGN = 0.8, 0.55
_LEAST = 5


def with_matches(document: DocumentReading) -> DocumentReading:
    """``matches_name`` set on every seal whose ring is legible and whose document has a name."""
    key = "enterprise_name" if document.kind == "application" else "account_name"
    reading = document.fields.get(key)
    name = str(reading.value) if reading and reading.value else ""
    seals = tuple(replace(seal, matches_name=matches(seal, name)) for seal in document.seals)
    return replace(document, seals=seals)


def matches(seal: SealReading, name: str) -> bool | None:
    """True, False, or None where ring or name cannot be told for certain."""
    owner = names.seal_owner(seal.text)
    if len(owner) < _LEAST or not name:
        return None
    alike = names.similarity(owner, name)
    if alike >= SAME:
        return True
    return False if alike <= FOREIGN and seal.confidence >= 0.6 else None
