"""Whose seal it is: ring texts compared with the entity's name."""

import re
from dataclasses import replace
from difflib import SequenceMatcher

from procedure import names
from procedure.readings import DocumentReading, SealReading

_LEAST = 6
_ALIKE, _CORE_ALIKE = 0.75, 0.6
_CORE_FOREIGN, _IN_COMMON, _SURE = 0.45, 0.34, 0.75
# What firms share says nothing about which of them it is.
_COMMON = re.compile(
    "股份|有限|责任|公司|集团|自备|电厂|运营|燃气|发电|热力|电力|钢铁|水泥|化工|铝业|造纸|航空|石化|建材|能源|实业|控股|[省市县区厂()（）]"
)


def with_matches(document: DocumentReading) -> DocumentReading:
    """``matches_name`` set on every seal whose ring is legible and whose document has a name."""
    key = "enterprise_name" if document.kind == "application" else "account_name"
    reading = document.fields.get(key)
    name = str(reading.value) if reading and reading.value else ""
    seals = tuple(replace(seal, matches_name=matches(seal, name)) for seal in document.seals)
    return replace(document, seals=seals)


def matches(seal: SealReading, name: str) -> bool | None:
    """True, False, or None where ring or name cannot be told for certain."""
    owner, own = names.seal_owner(seal.text), names.normalise(name)
    if len(owner) < _LEAST or len(own) < _LEAST:
        return None
    if owner == own:
        return True
    alike, core = names.similarity(owner, own), _core_similarity(owner, own)
    if alike >= _ALIKE and core >= _CORE_ALIKE:
        return True
    legible = seal.confidence >= _SURE and len(owner) >= 8
    foreign = core <= _CORE_FOREIGN and _in_common(owner, own) <= _IN_COMMON
    return False if legible and foreign else None


def _cores(a: str, b: str) -> tuple[str, str]:
    """What is left without the words that all firms use."""
    return _COMMON.sub("", a) or a, _COMMON.sub("", b) or b


def _core_similarity(a: str, b: str) -> float:
    return names.similarity(*_cores(a, b))


def _in_common(a: str, b: str) -> float:
    """The part of the shorter core that is found in the other, in order: a ring may be read in
    part, and a part of the right name is no other firm's."""
    left, right = _cores(a, b)
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / min(len(left), len(right))
