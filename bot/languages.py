"""/language: in which language a person is answered."""

from bot import references as ref
from bot import texts
from bot.messages import Button, Reply
from bot.references import Reference
from bot.words import fold
from casework import habits
from casework.desk import Desk
from cycles.catalogues import LOCALES, language
from procedure.language import speaking, spoken
from store.rows import Person

_NAMES = {
    "zh_CN": frozenset({"中文", "汉语", "简体中文", "chinese", "zh", "zh_cn"}),
    "en": frozenset({"english", "en", "英文", "英语"}),
}


def typed(desk: Desk, person: Person, rest: str) -> Reply:
    """“语言 English” changes it; alone, or with another word, it says what there is."""
    said = fold(rest).strip().lower()
    found = next((locale for locale, names in _NAMES.items() if said in names), None)
    return _set(desk, person, found) if found else _choice()


def tapped(desk: Desk, person: Person, seen: Reference) -> Reply:
    """One was picked."""
    if not 0 <= seen.pick < len(LOCALES):
        return Reply(str(texts.BAD_BUTTON))
    return _set(desk, person, LOCALES[seen.pick])


def _choice() -> Reply:
    buttons = tuple(
        Button(texts.LANGUAGES[locale], str(Reference(ref.LANGUAGE, pick=index)))
        for index, locale in enumerate(LOCALES)
    )
    return Reply(texts.LANGUAGE_NOW.format(name=texts.LANGUAGES[spoken().tag]), (buttons,))


def _set(desk: Desk, person: Person, locale: str) -> Reply:
    habits.speak(desk, person, locale)
    with speaking(language(locale)):
        return Reply(str(texts.LANGUAGE_SET))
