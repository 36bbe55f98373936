"""docs/rules.md names every rule and every reason of the tray, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cycles
from casework import alarms, answers, applying, digests, imports, placing, proving
from procedure.cycle import Cycle

ROOT = Path(__file__).parents[2]
FILES = (*(ROOT / "procedure").glob("check*.py"), ROOT / "procedure/matching.py",
         ROOT / "casework/world.py", ROOT / "casework/senders.py")  # fmt: skip
ID = re.compile(r"[a-z]+(?:-[a-z]+)+|window|holdings")
TEXT = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
RULE = re.compile(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CYCLE = Cycle.parse(cycles.load("2019-2020"))
REASONS = (
    alarms.NO_MAILBOX, alarms.BOUNCED, answers.NOTHING_FILED, answers.WANTS_OUT,
    applying.NO_ENTITY, applying.NO_PROVINCE, applying.NO_YEAR, digests.HELD, imports.UNPLACED,
    imports.TWO_CASES,
    placing.AGAIN, placing.AUTOMATIC_MAIL, placing.NOT_A_FORM, placing.REGISTRY_MAIL,
    proving.NO_CASE, *placing.UNREADABLE, "mail-failed",
)  # fmt: skip


def in_code() -> Iterator[str]:
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and ID.fullmatch(value):
                yield value


def test_the_table_has_every_rule_of_the_code_and_no_other() -> None:
    listed = [row[0] for row in RULE.findall(TEXT)]
    assert sorted(listed) == sorted(set(in_code()))


def test_every_rule_stands_under_its_clause() -> None:
    for rule, clause, severities, condition, text in RULE.findall(TEXT):
        assert CYCLE.clauses.get(rule) == clause, rule
        assert re.search("error|warning|note", severities)
        assert condition.strip()
        assert re.search("[一-鿿]", text)


def test_every_reason_of_the_tray_is_in_the_docs() -> None:
    listed = TEXT.partition("## What waits")[2]
    assert [one for one in REASONS if f"`{one}`" not in listed] == []
