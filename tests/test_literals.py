"""Chinese in the code is a text of the catalogues, or is none for a reason that stands here."""

import ast
import gc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.catalogue import ROOT, SPEAKING

HAN = re.compile(r"[㐀-鿿]")
SOUGHT = "words, labels and patterns that are sought in documents, mails and registry files"
TYPED = "what a person types, in whatever language is spoken"
TERM = "terms that `procedure.language.term` says; `tests.catalogue.terms` has them"
PAPER = "a Chinese paper or mail, not a message: drawn, filled in or sent by invented firms"
STORED = "a value that is kept and compared: people see it by `term`"
NO_TEXT: dict[str, str] = {
    "bot/bymail.py: QUOTED SIGNED GREETING ORDER TARGET AMOUNT ALL NOTHING": TYPED,
    "bot/bymail.py: DOUBT WISH TAPPING _order": TYPED,
    "bot/fieldwork.py: named": TYPED,
    "bot/languages.py: _NAMES": TYPED,
    "bot/muting.py: _HOURS _SPAN _OFF _span": TYPED,
    "bot/returning.py: typed": TYPED,
    "bot/texts.py: LANGUAGES": "a language's own name, whichever is spoken",
    "bot/traywork.py: _number_and": TYPED,
    "bot/words.py": TYPED,
    "casework/answers.py: WITHDRAWING COURTESY": SOUGHT,
    "casework/bymail.py: UNTIL WEEKDAY WORDS": SOUGHT,
    "casework/columns.py": SOUGHT,
    "casework/desk.py: _defaults": "the office's name where none is set: a name",
    "casework/labels.py: FIELD_LABELS ROW_LABELS": TERM,
    "casework/rowparse.py: _TOTAL _tonnes _year _YES _NO _STATUSES": SOUGHT,
    "casework/sheets.py: _text": SOUGHT,
    "casework/views.py: WAITING": TERM,
    "clerk/beginning.py: _prefix": "an English message with a province's name as example",
    "clerk/blankform.py": PAPER,
    "clerk/commands/init.py: NEXT _asked": "both languages side by side: none is set yet",
    "clerk/demo": "the demonstration: a day of an invented Chinese office, its papers and its page",
    "clerk/drawing": PAPER,
    "clerk/settings.py: Office": "the office's name where none is set: a name",
    "casework/correcting.py: NO_VALUE_WORDS _ABOUT_A_SEAL _ring": TYPED,
    "casework/daily.py: _change": STORED,
    "casework/weekly.py: _change": STORED,
    "letters/national.py: CHANGES": STORED,
    "mailer/kinds": SOUGHT,
    "mailer/parse/bodies.py: CLOUD_WORDS": SOUGHT,
    "mailer/parse/content.py: made_name": "a file name for a part without one, kept with it",
    "mailer/parse/passwords.py: TOLD": SOUGHT,
    "mailer/parse/reports.py: GONE LATER": SOUGHT,
    "mailer/parse/structure.py: _unpacked": "a file name for a part without one, kept with it",
    "mailer/parse/texts.py: _chinese": SOUGHT,
    "ocr/alike.py ocr/convert.py ocr/engines/tesseract.py ocr/layout.py ocr/lexicon.py": SOUGHT,
    "ocr/beside.py: _NUMBER _ALONE": SOUGHT,
    "ocr/continued.py: _NUMBERED _COUNTED _NUMERALS _may_be_amount": SOUGHT,
    "ocr/documents.py: _NOTHING": SOUGHT,
    "ocr/ruledrows.py: _GOES_ON _NUMBER": SOUGHT,
    "ocr/cellvalues.py ocr/lostrows.py": SOUGHT,
    "ocr/faces.py: _SAMPLE": "characters that tell faces apart",
    "ocr/glyphmemory.py: _THIN": "characters that engines lose",
    "ocr/seenas.py: _READ": "characters that are drawn alike",
    "ocr/setting.py: _OLD": "characters that are drawn alike",
    "ocr/drawings.py ocr/textsheet.py ocr/ringtext.py ocr/seals.py ocr/splitting.py": SOUGHT,
    "ocr/astray.py ocr/doubts.py ocr/tables.py ocr/torn.py ocr/trim.py ocr/units.py": SOUGHT,
    "ocr/further.py ocr/ringvoices.py ocr/whole.py ocr/wordshapes.py": SOUGHT,
    "procedure/acceptance.py": SOUGHT,
    "procedure/fieldrules.py": SOUGHT,
    "procedure/checking.py: _POINT": SOUGHT,
    "procedure/casestate.py: STAGE_NAMES": TERM,
    "procedure/clauses.py: cited": TERM,
    "procedure/evidence.py: _place": SOUGHT,
    "procedure/facts.py: Decision Reminder": "a clause's name, as the rule text has it",
    "procedure/fieldnames.py: FIELD_NAMES": TERM,
    "procedure/forms.py": SOUGHT,
    "procedure/language.py: Chinese _WEEKDAYS": "the Chinese language itself",
    "procedure/lookalikes.py procedure/namegrams.py procedure/names.py": SOUGHT,
    "procedure/radicals.py": "characters that are drawn alike",
    "procedure/operations.py procedure/seals.py procedure/surnames.py": SOUGHT,
    "procedure/tonnes.py procedure/values.py": SOUGHT,
    "store/erasing.py: GONE": "stands in the database in a firm's name's place: a name",
}
"""``FILE or FOLDER...`` or ``FILE: names at its top level`` → why its Chinese is no text."""


def _explained() -> dict[str, str]:
    """File, folder or FILE:NAME → reason."""
    found: dict[str, str] = {}
    for key, reason in NO_TEXT.items():
        files, _, names = key.partition(": ")
        places = [f"{files}:{name}" for name in names.split()] if names else files.split()
        found |= dict.fromkeys(places, reason)
    return found


EXPLAINED = _explained()


def _texts(tree: ast.AST) -> Iterator[int]:
    """Strings that need no look: of the catalogue, and documentation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "n_"):
            yield from map(id, ast.walk(node.args[0]))


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return ast.unparse(target) if target is not None else ""


def literals(source: str) -> Iterator[tuple[str, int, str]]:
    """Chinese strings that no catalogue has: top-level name, line, text."""
    # CPython 3.11 loses count of its depth where a collection runs Python code meanwhile.
    gc.disable()
    try:
        tree = ast.parse(source)
    finally:
        gc.enable()
    known = set(_texts(tree))
    for top in tree.body:
        for node in ast.walk(top):
            if not isinstance(node, ast.Constant) or id(node) in known:
                continue
            if isinstance(node.value, str) and HAN.search(node.value):
                yield _name(top), node.lineno, node.value


def _places(file: str, name: str) -> Iterator[str]:
    """What may explain it, the narrowest first."""
    yield f"{file}:{name}"
    yield file
    yield from map(str, Path(file).parents)


def _files() -> list[Path]:
    return sorted(path for one in SPEAKING for path in (ROOT / one).rglob("*.py"))


def test_every_chinese_literal_is_in_the_catalogue_or_explained() -> None:
    """A new one: put it into `_()`, or say here why nobody reads it."""
    left, used = [], set()
    for path in _files():
        file = str(path.relative_to(ROOT))
        for name, line, text in literals(path.read_text()):
            reason = next((one for one in _places(file, name) if one in EXPLAINED), None)
            used.add(reason)
            if reason is None:
                left.append(f"{file}:{line} {name}: {text[:30]}")
    assert left == []
    assert EXPLAINED.keys() - used == set(), "explained, but no more there"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('A = "申请"', ["申请"]),
        ('A = _("申请")', []),
        ('A = n_("{count} 份" "申请")', []),
        ('A = f"{n} 份申请"', [" 份申请"]),
        ('def a():\n    """申请"""\n    raise E(user_message="退回")', ["退回"]),
        ('class A:\n    x: str\n    """申请"""', []),
        ('A = {"x": "汇总" if y else _("日报")}', ["汇总"]),
    ],
)
def test_what_counts_as_a_literal(source: str, found: list[str]) -> None:
    assert [text for _name, _line, text in literals(source)] == found
