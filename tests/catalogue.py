"""The messages of the code and the catalogues beside it: ``python -m tests.catalogue`` brings the
.po files up to what the code says (new ones untranslated, unused ones dropped)."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import cycles
from casework.labels import FIELD_LABELS, ROW_LABELS
from casework.views import WAITING
from cycles.catalogues import LOCALES, catalogue
from procedure.case import STAGE_NAMES
from procedure.clauses import cited
from procedure.fieldnames import FIELD_NAMES
from procedure.language import CHINESE
from procedure.provinces import Provinces

ROOT = Path(__file__).parents[1]
CHANGES = ("新增", "新版本", "状态更新", "更正", "撤回", "补充")
"""What a row of a digest is: `casework.weekly` and `casework.daily`."""
FOLDER = ROOT / "cycles" / "languages"
SPEAKING = (
    "bot", "casework", "clerk", "cycles", "letters", "mailer", "ocr", "procedure", "store",
)  # fmt: skip
"""Packages whose texts are for the catalogue."""
KEYWORDS = {"_": None, "n_": (1, 1)}


def terms() -> Iterator[str]:
    """Fixed terms that are data or mappings: said by `procedure.language.term`."""
    yield from STAGE_NAMES.values()
    yield from WAITING.values()
    yield from CHANGES
    yield from FIELD_NAMES.values()
    yield from FIELD_LABELS.values()
    yield from ROW_LABELS.values()
    yield from (one.name for one in Provinces.parse(cycles.provinces()).all)
    yield from (str(cycles.load(one)["title"]) for one in cycles.ids())
    yield from (one for one in map(cited, _clauses()) if not one.isascii())


def _clauses() -> Iterator[str]:
    """Every clause that a packaged cycle names."""
    for one in map(cycles.load, cycles.ids()):
        yield str(one["rule_text"])
        yield from map(str, dict(one.get("clauses", {})).values())


def messages() -> Catalog:
    """Everything that the code can say."""
    found = Catalog(project="ccer-clerk", charset="utf-8")
    for package in SPEAKING:
        for name, line, said, _, _ in extract_from_dir(ROOT / package, keywords=KEYWORDS):
            if name.endswith(".py"):
                found.add(said, locations=[(f"{package}/{name}", line)])
    for one in terms():
        found.add(one)
    return found


def main() -> None:
    template = messages()
    for locale in LOCALES:
        path = FOLDER / f"{locale}.po"
        if locale == CHINESE.tag:
            continue
        kept = catalogue(locale) if path.exists() else Catalog(locale)
        kept.update(template, no_fuzzy_matching=True)
        kept.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, kept, width=100, no_location=True, omit_header=True)


if __name__ == "__main__":
    main()
