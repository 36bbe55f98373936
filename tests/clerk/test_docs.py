"""Every command and every setting is in the docs."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from clerk.cli import COMMANDS, cli
from clerk.mail_settings import Mailbox
from clerk.settings import Settings
from ocr.problems import MESSAGES
from tests import settings_page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ROOMS = ("bot", "casework", "clerk", "letters", "mailer", "ocr", "procedure", "store")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_docs(name: str) -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert f"`clerk {name}" in text
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.name == name
    if isinstance(command, click.Group):
        assert all(one in text for one in command.commands)


COMMAND = re.compile(r"^clerk (\w+(?: \| \w+)*)", re.MULTILINE)
PAGE = re.compile(r"\]\((docs/[^)]+)\)")


def test_both_readmes_name_the_same_commands_and_pages() -> None:
    names = ("README.md", "README.zh-CN.md")
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in names)
    assert COMMAND.findall(english) == COMMAND.findall(chinese)
    assert set(PAGE.findall(english)) == set(PAGE.findall(chinese))
    for text in (english, chinese):
        assert "&&" not in text, "init ends with 1 where a check fails: what follows never runs"
        assert "tesseract-ocr-chi-sim" in text


def settings(model: type[BaseModel] = Settings, above: str = "") -> list[str]:
    found = []
    for key, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += settings(inner, f"{above}{key}.")
        else:
            assert above, key
            found.append(f"{above}{key}")
    return found


@pytest.mark.parametrize("key", settings())
def test_every_setting_is_in_the_docs(key: str) -> None:
    assert f"`{key}`" in (DOCS / "settings.md").read_text(encoding="utf-8")


def test_the_list_of_all_settings_is_the_program_s() -> None:
    """Written by ``python -m tests.settings_page``: every key, kind, default and meaning."""
    text = settings_page.PAGE.read_text(encoding="utf-8")
    assert settings_page.fresh(text) == text
    listed = re.findall(r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \| [^|\n]+ \|$", text, re.MULTILINE)
    wanted = {*settings(), *settings(Mailbox, "imap.accounts[].")}
    assert wanted <= set(listed)


def error_codes() -> set[str]:
    """Every code that our errors and problems bear, as the sources write them."""
    found: set[str] = set(MESSAGES)
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found |= set(_codes(node))
    return found


def _codes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        for one in node.body:
            if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "code":
                yield from _text(one.value)
    if isinstance(node, ast.Call):
        yield from (text for key in node.keywords if key.arg == "code" for text in _text(key.value))
        name = ast.unparse(node.func).rpartition(".")[2]
        if name in ("Problem", "MailProblem", "Unreadable", "problem") and node.args:
            yield from _text(node.args[0])


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_codes_are_found_in_every_shape() -> None:
    assert {"empty", "store-busy", "bad-amount", "archive-damaged", "timeout"} <= error_codes()


@pytest.mark.parametrize("code", sorted(error_codes()))
def test_every_error_code_is_in_the_docs(code: str) -> None:
    text = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    assert f"\n| `{code}` |" in text


def test_the_docs_name_no_code_that_is_none() -> None:
    text = (DOCS / "troubleshooting.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE)) - error_codes() == set()


def test_every_decision_has_its_parts() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:3]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:3]} "), path.name
        for part in ("**Context.**", "**Options.**", "**Choice.**"):
            assert text.count(part) == 1, (path.name, part)


@pytest.mark.timeout(300)
def test_the_site_is_built_strictly_in_both_languages_and_fetches_nothing(tmp_path: Path) -> None:
    """Strictly: a dead link, or a page that the navigation names and that is not there."""
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")
    command = ["make", "-s", "-o", ".venv/dev.stamp", "docs", f"OUT={tmp_path}"]
    done = subprocess.run(
        [*command, f"BIN={Path(sys.executable).parent}"], cwd=ROOT, env={**os.environ, **nowhere},
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    site = tmp_path / "site"
    guides = {path.name for path in (DOCS / "guides").glob("*.zh.md")}
    assert guides == {f"{one}.zh.md" for one in ("entity", "province", "ncsc", "crc", "operator")}
    for one in ("entity", "province", "ncsc", "crc", "operator"):
        assert 'lang="zh"' in (site / "zh" / "guides" / f"{one}.html").read_text(encoding="utf-8")
        assert 'lang="en"' in (site / "guides" / f"{one}.html").read_text(encoding="utf-8")
    fetched = re.compile(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="?(?:https?:)?//', re.I)
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        remote = [one for one in fetched.findall(text) if 'rel="canonical"' not in one]
        assert remote == [], page
