"""What was typed → a command: slash words, Chinese aliases, case numbers however written."""

import re
import unicodedata
from dataclasses import dataclass

ALIASES = {
    "bind": ("绑定",),
    "status": ("查询", "状态", "进度"),
    "todo": ("待办",),
    "case": ("案件", "详情"),
    "confirm": ("确认",),
    "return": ("退回",),
    "correct": ("更正",),
    "find": ("查找", "搜索"),
    "tray": ("待处理", "待处理箱"),
    "assign": ("归入",),
    "dismiss": ("不予归入",),
    "digest": ("汇总", "日报", "周报"),
    "deadline": ("期限", "截止"),
    "stats": ("统计",),
    "mute": ("静音", "免打扰"),
    "language": ("语言",),
    "cancel": ("取消",),
    "help": ("帮助", "start", "help", "?"),
}
COMMANDS = tuple(ALIASES)
ENDS = frozenset({"退出", "再见", "exit", "quit", "/exit", "/quit"})
"""What ends a talk at the terminal."""
YES = frozenset({"是", "YES", "Y"})

FIELD_WORDS = {
    "企业名称": "enterprise_name",
    "名称": "enterprise_name",
    "信用代码": "uscc",
    "省份": "province",
    "应清缴量": "obligation_t",
    "抵销量": "offset_t",
    "账户": "account_no",
    "账号": "account_no",
    "日期": "date",
    "印章": "seal",
}
"""What people say for short → a field of an application."""

_BY_WORD = {word: name for name, words in ALIASES.items() for word in (name, *words)}
# Hyphens that NFKC leaves alone, as phones and input methods type them.
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
_SEPARATORS = " \t\r\n\u3000:,，：、"
_CASE = re.compile(
    r"CCER[-_\s]*(?P<year>\d{4})[-_\s]*(?P<prefix>\d{2})[-_\s]*(?P<seq>\d{4,9})(?!\d)"
    r"(?:\s*(?:[/#]\s*(?P<short>\d{1,3})(?!\d)|第\s*(?P<long>\d{1,3})\s*份))?"
)
_USCC = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")


@dataclass(frozen=True)
class Command:
    """A command word and what followed it, as typed."""

    name: str
    rest: str
    slash: bool = False


@dataclass(frozen=True)
class CaseWord:
    """A case number found in a text, with the application meant (None: not said)."""

    case_no: str
    application: int | None
    rest: str
    """What is left of the text after it."""


def fold(text: str) -> str:
    """Half-width, plain hyphens: what comparisons work on. Keeps case and every position."""
    return "".join(map(_fold_one, text)).translate(_HYPHENS)


def _fold_one(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def command(text: str) -> Command | None:
    """The command that a text begins with, None where it begins with none."""
    text = text.strip()
    slash = text[:1] in {"/", "／"}
    body = text[1:] if slash else text
    word = re.split(r"[\s:,，：、]", body, maxsplit=1)[0]
    name = _BY_WORD.get(fold(word).lower())
    if name and (slash or not word.isascii() or word == body or word in {"?", "？"}):
        return Command(name, body[len(word) :].strip(_SEPARATORS), slash)
    return _glued(body, slash)


def _glued(body: str, slash: bool) -> Command | None:
    """确认CCER-…: an alias with the number right behind it, as phones leave out spaces."""
    for word, name in _BY_WORD.items():
        if not word.isascii() and body.startswith(word):
            rest = body[len(word) :]
            if fold(rest).upper().startswith("CCER"):
                return Command(name, rest, slash)
    return None


def case_word(text: str) -> CaseWord | None:
    """The first case number in a text: lower case, full width, odd hyphens all understood."""
    found = _CASE.search(_upper_ascii(fold(text)))
    if not found:
        return None
    number = f"CCER-{found['year']}-{found['prefix']}-{found['seq']}"
    application = found["short"] or found["long"]
    # From the text as typed: a reason keeps its full-width punctuation.
    rest = text[found.end() :].strip(_SEPARATORS)
    return CaseWord(number, int(application) if application else None, rest)


def credit_code(text: str) -> str | None:
    """Something of the shape of a credit code in a text."""
    found = _USCC.search(_upper_ascii(fold(text)))
    return found[0] if found else None


def number_in(text: str) -> int | None:
    """Whole tonnes typed as 6182, 6,182 or 6,182 吨; None for anything else."""
    digits = re.sub(r"[,\s]|吨$", "", fold(text).strip())
    return int(digits) if re.fullmatch(r"\d{1,15}", digits) else None


def _upper_ascii(text: str) -> str:
    """Upper case without changing any position ('ß'.upper() has two letters)."""
    return "".join(c.upper() if c.isascii() else c for c in text)
