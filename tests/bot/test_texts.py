"""The catalogue: every text is used, every placeholder is fed, the commands are in the docs."""

import ast
import re
from pathlib import Path

from bot import texts, words

ROOT = Path(texts.__file__).parent.parent


def test_no_text_is_unused_and_none_is_elsewhere() -> None:
    sources = {p.name: p.read_text("utf-8") for p in (ROOT / "bot").glob("*.py")}
    others = "\n".join(text for name, text in sources.items() if name != "texts.py")
    names = {name for name in vars(texts) if name.isupper()}
    used = set(re.findall(r"texts\.([A-Z_]+)", others))
    assert used == names


def test_chinese_for_people_stands_in_the_catalogue_only() -> None:
    """Commands, marks that are parsed back and error messages of the door are the exceptions."""
    allowed = {"texts.py", "words.py", "returning.py", "correcting.py", "fieldwork.py"}
    allowed |= {"traywork.py", "muting.py", "languages.py", "bymail.py"}
    for path in (ROOT / "bot").glob("*.py"):
        if path.name in allowed:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and isinstance(node.body[0], ast.Expr)
        }
        strings = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and re.search("[\u4e00-\u9fff]", node.value)
        ]
        assert strings == [], path.name


def test_every_command_is_in_the_menu_the_help_and_the_docs() -> None:
    page = (ROOT / "docs" / "chat.md").read_text("utf-8")
    for name, aliases in words.ALIASES.items():
        assert name in texts.MENU
        assert f"`/{name}" in page
        assert name == "bind" or f"/{name}" in str(texts.HELP)
        assert all(alias in page for alias in aliases if not alias.isascii())
    assert set(texts.MENU) == set(words.ALIASES)
