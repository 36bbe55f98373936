"""Whose seal it is, as the reading says it: `procedure.seals` decides."""

from dataclasses import replace

from procedure import names, seals
from procedure.readings import DocumentReading, SealReading


def with_matches(document: DocumentReading) -> DocumentReading:
    """``matches_name`` set on every seal, by the name that the document itself gives."""
    key = "enterprise_name" if document.kind == "application" else "account_name"
    reading = document.fields.get(key)
    name = str(reading.value) if reading and reading.value else ""
    return replace(document, seals=tuple(matched(seal, name) for seal in document.seals))


def matched(seal: SealReading, name: str) -> SealReading:
    """The seal with its verdict beside a name.

    An own seal's text says the name by which it was known as own: an engine read it, though other
    readings weighed more. Its kind stays, and so does every text that was read: what most said
    stands first in ``tries``, for a name taken over from the paper is no evidence of the paper.
    """
    verdict = seals.matches(seal.text, name, seal.confidence, seal.tries)
    # A kind that was read is told by its text; of one that was not nobody would know.
    seal = replace(seal, matches_name=None if verdict and seal.kind_unread else verdict)
    read = next((one for one in seal.tries if names.same(one, name)), None)
    if not verdict or read is None or names.seal_owner(seal.text) == names.normalise(name):
        return seal
    kind = names.special_seal(seal.text) or ""
    most = seal.text.removesuffix(kind)
    return replace(seal, text=read + kind, tries=tuple(dict.fromkeys((most, *seal.tries))))
