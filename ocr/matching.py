"""Whose seal it is, as the reading says it: `procedure.seals` decides."""

from dataclasses import replace

from procedure import seals
from procedure.readings import DocumentReading


def with_matches(document: DocumentReading) -> DocumentReading:
    """``matches_name`` set on every seal, by the name that the document itself gives."""
    key = "enterprise_name" if document.kind == "application" else "account_name"
    reading = document.fields.get(key)
    name = str(reading.value) if reading and reading.value else ""
    found = tuple(
        replace(one, matches_name=seals.matches(one.text, name, one.confidence, one.tries))
        for one in document.seals
    )
    return replace(document, seals=found)
