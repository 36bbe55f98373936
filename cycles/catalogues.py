"""Languages beside Chinese: one gettext catalogue each, ``languages/LOCALE.po``.

The .po files are read as they are (a few milliseconds, once): an installed wheel and a working copy
have the same, and none can be older than its text. Babel is loaded only where such a language is
spoken.
"""

import io
from datetime import date, datetime, timedelta, timezone
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from typing import TYPE_CHECKING

from procedure.errors import WrongUse
from procedure.language import AND, CHINESE, Language, _, joined

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALES = ("zh_CN", "en")
BEIJING = timezone(timedelta(hours=8))
_FOLDER = files(__name__.rpartition(".")[0]) / "languages"


@cache
def language(locale: str) -> Language:
    """The language of a locale; `WrongUse` for one that is not there."""
    if locale == CHINESE.tag:
        return CHINESE
    if locale not in LOCALES:
        raise WrongUse(
            f"no texts in {locale!r}: use {' or '.join(LOCALES)}",
            user_message=_("没有语言“{locale}”，可用：{known}。").said(
                locale=locale, known=joined(LOCALES, AND)
            ),
        )
    return Translated(locale)


class Translated:
    """A language with a catalogue; dates and numbers after CLDR, by Babel."""

    def __init__(self, locale: str) -> None:
        from babel import Locale
        from babel.messages.mofile import write_mo

        self.tag = locale
        self._locale = Locale.parse(locale)
        compiled = io.BytesIO()
        write_mo(compiled, catalogue(locale))
        compiled.seek(0)
        self._texts = GNUTranslations(compiled)

    def message(self, chinese: str, count: int | None = None) -> str:
        """The text in this language; Chinese where the catalogue lacks it."""
        if count is None:
            return self._texts.gettext(chinese)
        return self._texts.ngettext(chinese, chinese, count)

    def number(self, value: int) -> str:
        """With its thousands marked as the language does."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self._locale)

    def moment(self, at: datetime) -> str:
        """3 Nov 2021, 09:12, in Beijing time."""
        from babel.dates import format_datetime

        return format_datetime(at, "d MMM y, HH:mm", tzinfo=BEIJING, locale=self._locale)

    def day(self, at: date) -> str:
        """3 Nov 2021."""
        from babel.dates import format_date

        return format_date(at, "d MMM y", locale=self._locale)

    def full_day(self, at: date) -> str:
        """Fri 10 Dec 2021."""
        from babel.dates import format_date

        return format_date(at, "EEE d MMM y", locale=self._locale)

    def full_moment(self, at: datetime) -> str:
        """Wed 15 Dec 2021, 17:00, in Beijing time."""
        from babel.dates import format_datetime

        return format_datetime(at, "EEE d MMM y, HH:mm", tzinfo=BEIJING, locale=self._locale)


def catalogue(locale: str) -> "Catalog":
    """The catalogue as its file says."""
    from babel.messages.pofile import read_po

    with (_FOLDER / f"{locale}.po").open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)
