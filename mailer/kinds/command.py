"""A decision by mail: a line that says 确认 or 退回, about a case that the mail names."""

import re

from mailer.kinds.traits import Traits

LINE = re.compile(r"^\s*(?:确认|同意|退回|confirm|return)(?:[\s，,：:。!！].*)?$", re.I)
CASE = re.compile(r"CCER-\d{4}-\d{2}-\d{4}", re.I)
QUOTED = re.compile(r"^\s*(?:>|-{3,}|_{3,}|发件人[:：]|From:|On .* wrote:|在.*写道)", re.I)


def matches(mail: Traits) -> bool:
    """The first line of the answer decides; what is quoted below it does not."""
    if mail.files or not CASE.search(f"{mail.subject}\n{mail.text}"):
        return False
    first = next((line for line in mail.text.splitlines() if line.strip()), "")
    # A decision may also name its case on the same line: 确认 CCER-2019-13-0007.
    return not QUOTED.match(first) and bool(LINE.match(first) or _with_case(first))


def _with_case(line: str) -> bool:
    return bool(re.match(r"^\s*(?:确认|退回)\s*CCER-\d{4}-\d{2}-\d{4}", line, re.I))
