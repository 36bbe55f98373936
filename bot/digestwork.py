"""/digest: the last digests with their delivery; one as a file; the next one as it would be now."""

from zlib import crc32

import letters
from bot import plain, texts
from bot import references as ref
from bot.messages import Button, File, Reply
from bot.paging import PAGE, turns
from bot.references import Reference
from casework import digests, rights
from casework.desk import Desk
from casework.digests import DigestKind, DigestLine
from casework.rounds import NATIONAL
from procedure.facts import Facts
from procedure.language import term
from procedure.provinces import Province
from store.rows import Person

CHOICES = 12
"""So many provinces get buttons for a preview; others are typed."""
KINDS: tuple[DigestKind, ...] = ("weekly", "daily")


def typed(desk: Desk, person: Person, rest: str) -> Reply:
    """“汇总” lists the last ones, “汇总 河北” previews what the next ones would say."""
    if not rest.strip():
        return listed(desk, person)
    found = desk.provinces.find(rest.strip()) or _called(desk, rest.strip())
    if found is None:
        return Reply(texts.NO_PROVINCE.format(said=plain.name(rest.strip())))
    prefix = found.prefix
    rights.require(person, "digest-look", prefix)
    return Reply(
        texts.PREVIEW_ASK.format(province=term(desk.province_name(prefix))),
        (_previews(desk, prefix),),
    )


def _called(desk: Desk, said: str) -> Province | None:
    """The province of this name in the language that is spoken."""
    names = ((one, term(desk.province_name(one.prefix))) for one in desk.provinces.all)
    return next((one for one, name in names if name.casefold() == said.casefold()), None)


def listed(desk: Desk, person: Person, first: int = 0) -> Reply:
    """A page of digests, newest first, and previews of the next ones."""
    lines = digests.listed(desk, person)
    first = first if 0 <= first < len(lines) else 0
    page = lines[first : first + PAGE]
    text = [texts.DIGEST_HEAD.format(count=len(lines)) if lines else str(texts.DIGEST_NONE)]
    text += [_line(desk, number, one) for number, one in enumerate(page, first + 1)]
    buttons: list[tuple[Button, ...]] = [
        (Button(texts.BUTTON_DIGEST.format(index=n), _data(ref.DIGEST, one)),)
        for n, one in enumerate(page, first + 1)
    ]
    buttons += turns(ref.DIGESTS, first, len(lines))
    seen = [one for one in sorted(desk.served) if rights.may(person, "digest-look", one)]
    buttons += [_previews(desk, one) for one in seen] if len(seen) <= CHOICES else []
    then = texts.DIGEST_NEXT if lines else texts.DIGEST_NEXT_NONE
    return Reply("\n".join([*text, str(then)]), tuple(buttons))


def _previews(desk: Desk, prefix: str) -> tuple[Button, ...]:
    name = term(desk.province_name(prefix))
    return tuple(
        Button(
            texts.BUTTON_PREVIEW.format(province=name, kind=texts.DIGEST_KINDS[kind]),
            str(Reference(ref.PREVIEW, application=int(prefix), pick=number)),
        )
        for number, kind in enumerate(KINDS)
    )


def _line(desk: Desk, number: int, one: DigestLine) -> str:
    whole = one.province == NATIONAL
    line = texts.DIGEST_LINE.format(
        index=number,
        kind=texts.DIGEST_KINDS[one.kind],
        province="" if whole else term(desk.province_name(one.province)),
        period=one.period,
        supplement=texts.SUPPLEMENT.format(number=one.supplement) if one.supplement else "",
        rows=one.rows,
        delivery=texts.DELIVERY[one.delivery],
        late=str(texts.DIGEST_LATE) if one.late else "",
    )
    return line.replace("  ", " ")


def look(desk: Desk, person: Person, seen: Reference) -> Reply:
    """One digest as it was sent, with its files."""
    found = [one for one in digests.listed(desk, person) if _number(one.key) == seen.seq]
    if len(found) != 1:
        return Reply(str(texts.BAD_BUTTON))
    facts = digests.facts_of(desk, person, found[0].key)
    made = texts.DIGEST_MADE.format(
        line=_line(desk, 1, found[0]), made=plain.moment(found[0].made_at),
        to=plain.listing(found[0].recipients) or str(texts.NO_VALUE),
    )  # fmt: skip
    unsent = found[0].delivery in ("failed", "held")
    then = texts.DIGEST_UNSENT.format(key=found[0].key) if unsent else str(texts.DIGEST_FILES)
    return Reply(f"{made}\n{then}", files=_files(found[0].kind, facts))


def preview(desk: Desk, person: Person, seen: Reference) -> Reply:
    """What the next digest would say by now; nothing is stored or sent."""
    if not 0 <= seen.pick < len(KINDS):
        return Reply(str(texts.BAD_BUTTON))
    kind, prefix = KINDS[seen.pick], f"{seen.application:02d}"
    facts = digests.preview(desk, person, kind, prefix, desk.now())
    text = texts.PREVIEWED.format(
        province=term(desk.province_name(prefix)),
        kind=texts.DIGEST_KINDS[kind],
        rows=len(facts.rows),
    )
    return Reply(text, files=_files(kind, facts))


def _files(kind: str, facts: Facts) -> tuple[File, ...]:
    """The attachments; the letter's own text where it has none."""
    dressed = letters.dress(kind, facts)
    files = tuple(
        File(one.name, one.type, one.content(), picture=one.type.startswith("image/"))
        for one in dressed.attachments
    )
    text = File(str(texts.DIGEST_TEXT_FILE), "text/plain", dressed.text.encode())
    return files or (text,)


def _number(key: str) -> int:
    """A digest's key is too long for a button: its checksum names it, if it is the only one."""
    return crc32(key.encode())


def _data(verb: str, one: DigestLine) -> str:
    return str(Reference(verb, seq=_number(one.key)))
