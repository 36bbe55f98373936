"""Whose account it is, and /bind: an invitation code makes a chat account a person's."""

from bot import plain, texts, words
from bot.messages import Ask, Reply
from casework import people, rights
from casework.desk import Desk
from procedure.language import Text, term
from store.rows import Person


def who(desk: Desk, ask: Ask) -> Person | None:
    """The person bound to the account that asks."""
    return people.of_channel(desk, ask.channel, ask.channel_user)


def bind(desk: Desk, ask: Ask, person: Person | None, code: str) -> Reply:
    """Bind the account; the same code sent twice by the same account answers the same."""
    if ask.chat == "group":
        return Reply(str(texts.BIND_IN_PRIVATE))
    if person is not None:
        said = texts.ALREADY_BOUND.format(**describe(desk, person))
        return Reply(f"{said}\n{then(person)}")
    code = "".join(words.fold(code).upper().split())
    if not code:
        return Reply(str(texts.BIND_USAGE))
    bound = people.bind(desk, ask.channel, ask.channel_user, code, desk.now())
    said = texts.BOUND.format(**describe(desk, bound))
    return Reply(f"{said}\n{then(bound)}\n\n{texts.HELP}")


def then(person: Person | None) -> Text:
    """What comes next where nothing else is said: of use to this person."""
    if person is None:
        return texts.BIND_NEXT
    return texts.ERROR_NEXT if rights.may(person, "confirm") else texts.LOOK_NEXT


def see(person: Person) -> str:
    """What comes next after a list: what waits is for those who decide; others look things up."""
    return str(texts.SEE_TODO if rights.may(person, "confirm") else texts.LOOK_NEXT)


def describe(desk: Desk, person: Person) -> dict[str, str]:
    """Name, role and provinces for a greeting."""
    provinces = plain.listing(term(desk.province_name(prefix)) for prefix in person.provinces)
    return {
        "name": plain.name(person.name),
        "role": plain.role(person),
        "provinces": provinces or str(texts.ALL_PROVINCES),
    }
