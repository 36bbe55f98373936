"""What engines read round a value that is none of it."""

import re

from ocr.alike import FREE
from ocr.convert import AMOUNTS, CODES
from ocr.layout import unlabelled
from procedure.values import Unit

_BLANKS_LOST = re.compile(r"(?<![\d.,])(?<!\d )\d+(?: (?:\d{3})+)+(?![\d.,]| [\d万]|万)")
"""Figures in threes with a blank before, though blanks between others of them are lost (38952 696
of 38 952 696). In 万吨 the blank may be a worn point."""


def trim(field: str, text: str, *, red: bool = False, unit: Unit | None = None) -> str:
    """Specks at the ends of figures are read as points; a leading or trailing one means nothing.

    ``red``: a seal lies over the value; ``unit``: an amount's, where its label gives one.
    """
    if field in AMOUNTS:
        text = re.sub(r"(?<=\d)[;；](?=\d)", ",", text).strip(" *'`_|~")
        # The full-width point of some faces is in the middle of its square. Before just three
        # figures it may be a worn comma of thousands.
        text = re.sub(r"(?<=\d)[·•](?=\d)(?!\d{3}(?!\d))", ".", text)
        if unit != "万吨":
            text = _BLANKS_LOST.sub(lambda found: found[0].replace(" ", ""), text)
    if field == "date":
        # A label that is worn (填报日：) is none that the template knows.
        text = unlabelled(text)
        text = re.sub(r"[.·,、'`]+(?=[年月日])|(?<=[年月日])[.·,、'`]+", "", text)
        # A seal's digits behind it (2021年12月5日0) are none of its own; all else may be meant.
        text = re.sub(r"(?<=[日号])\s*\d{1,6}$", "", text) if red else text
    if field in FREE:
        text = re.sub(r"(?<=\d\.) +(?=\d)|(?<=\d) +(?=\.\d)", "", text)
        text = text.strip(" .·,、'`_|~;:*")
    if field == "contact":
        text = text.strip(" .·,，、'`_|~;:*。")
    if field in FREE | {"operation", "status"}:
        text = text.rstrip(" .·。")
    return text.strip(" .·,、'`_|~;:") if field in CODES else text
