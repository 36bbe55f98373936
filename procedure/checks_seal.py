"""Seals: there, the official one, and of this firm. A picture can never prove a seal genuine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from procedure import names
from procedure.acceptance import families
from procedure.checking import Inquiry, readable
from procedure.evidence import text
from procedure.fieldrules import UNREAD, UNSURE
from procedure.findings import Finding, Severity
from procedure.language import _
from procedure.readings import Reading, SealReading
from procedure.seals import Verdict, verdict

Verdicts = Mapping[SealReading, Verdict]


def seals(ask: Inquiry, name_field: str) -> Iterator[Finding]:
    """附件3 §2 step 3 and step 5. At most one finding: the best seal on the paper counts.

    Another firm's ring is an error; one that is most likely another's a warning; a ring that
    cannot be told, or that is held against a name which was itself read badly, is a note: a
    person compares the seal with the name. Words below its star that could not be read are a
    warning: an official seal has none.
    """
    found = ask.doc.seals
    if not found:
        proof = name_field == "account_name"
        message = (_NO_SEAL_ON_PROOF if proof else _NO_SEAL).said()
        yield ask.finding("seal-missing", "error", message)
        return
    verdicts = {seal: _verdict(ask, seal, name_field) for seal in found}
    special = {seal: _special(ask, seal, name_field) for seal in found}
    own = (seal for seal in found if verdicts[seal] == "own")
    if not any(not special[seal] and not seal.kind_unread for seal in own):
        yield _of_the_best(ask, verdicts, special, name_field)


def _of_the_best(
    ask: Inquiry, verdicts: Verdicts, special: Mapping[SealReading, str], name_field: str
) -> Finding:
    best = min(verdicts, key=lambda seal: (_ORDER.index(verdicts[seal]), not seal.kind_unread))
    open_kind = best.kind_unread and verdicts[best] in ("own", "unread")
    kind = next((seal for seal in verdicts if special[seal]), None)
    # Of a special seal beside one that may be the official one nothing is wrong for certain.
    if kind is not None and not (open_kind and verdicts[best] == "own"):
        return _kind(ask, kind, special[kind])
    if open_kind:
        return _at(ask, best, "seal-kind", "warning", _KIND_UNREAD, expected=_("公章").said())
    if verdicts[best] == "unread":
        return _at(ask, best, "seal-unread", "note", _UNREAD, expected=ask.text(name_field))
    return _name(ask, best, name_field, verdicts[best])


_ORDER: tuple[Verdict, ...] = ("own", "unread", "near", "foreign")
_NO_SEAL = _("申请表上未见单位公章，请加盖公章后重新提交。")
_NO_SEAL_ON_PROOF = _("注销截图上未见单位公章，请加盖公章后重新提交。")
_FOREIGN = _("印章文字“{text}”与单位名称“{name}”不一致，请核对。")
_DOUBTFUL = _("印章文字“{text}”与单位名称“{name}”疑似不一致，请核对。")
_KIND_UNREAD = _("印章五角星下方有未能辨认的字迹，可能不是单位公章，请核对。").said()
_UNREAD = _("印章文字未能自动辨认，由工作人员核对印章与单位名称是否一致。").said()


def _special(ask: Inquiry, seal: SealReading, name_field: str) -> str:
    """The seal's kind, or the body within the firm that it is of; "" for a firm's own name."""
    body = names.body(seal.text)
    own = body == names.body(ask.text(name_field))
    return names.special_seal(seal.text) or ("" if own else body)


def _verdict(ask: Inquiry, seal: SealReading, name_field: str) -> Verdict:
    """Own where any evidence says so; another's only beside a name that was read well, and surely
    where its ring is the name of another registered entity."""
    reading = ask.field(name_field)
    entity = ask.entity()
    candidates = [text(reading), entity.name if entity else ""]
    said = [verdict(seal.text, name, seal.confidence, seal.tries) for name in candidates if name]
    if "own" in said or seal.matches_name is True:
        return "own"
    if not said or not readable(reading):
        return "foreign" if said and _plainly_another(reading, said) else "unread"
    registry = ask.world.registry
    other = registry.entity_by_name(names.seal_owner(seal.text)) if registry else None
    if other and entity and other.uscc != entity.uscc:
        return "foreign"
    return min(said, key=_ORDER.index)


def _plainly_another(reading: Reading | None, said: Sequence[Verdict]) -> bool:
    """Whether a ring is another firm's though ink beside the name, which two engines read alike,
    was left unread, or they are unsure of one of its characters: more of a name makes none of its
    characters another one, and one character makes no foreign ring (`procedure.seals`) its own."""
    if reading is None or len(families(reading.engines)) < 2:
        return False
    rest = tuple(one for one in reading.against if one not in {UNREAD, UNSURE})
    return set(said) == {"foreign"} and readable(replace(reading, against=rest))


def _kind(ask: Inquiry, seal: SealReading, kind: str) -> Finding:
    message = _("所盖印章为“{kind}”，不是单位公章，请加盖公章后重新提交。").said(kind=kind)
    return _at(ask, seal, "seal-kind", "error", message, expected=_("公章").said())


def _name(ask: Inquiry, seal: SealReading, name_field: str, said: Verdict) -> Finding:
    reading = ask.field(name_field)
    name = text(reading)
    sure = said == "foreign" and reading is not None and reading.accepted
    words = _FOREIGN if said == "foreign" else _DOUBTFUL
    message = words.said(text=seal.text, name=name)
    return _at(ask, seal, "seal-name", "error" if sure else "warning", message, expected=name)


def _at(
    ask: Inquiry, seal: SealReading, rule: str, kind: Severity, message: str, expected: str
) -> Finding:
    return Finding(
        rule=rule,
        clause=ask.cycle.clause(rule),
        severity=kind,
        message=message,
        expected=expected,
        found=seal.text,
        page=seal.page,
        box=seal.box,
    )
