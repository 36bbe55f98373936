"""A letter as blocks: its text and its HTML are made of the same ones and say the same.

HTML: inline styles and tables only (Outlook), nothing from outside, readable on a phone.
"""

import html
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procedure.language import THEN, _

PROGRESS = 420
"""Pixels of the progress chart as it is shown; a phone shows it a little smaller."""
MOST = 2000
"""Characters of one value that came from outside."""
INK, QUIET, LINE = "#1f2933", "#616e7c", "#d9dee4"
COLOURS = {"good": "#1b7f4d", "look": "#b7791f", "bad": "#b83232", "plain": "#1f5fa8"}
FONT = "font-family:'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',sans-serif"


@dataclass(frozen=True)
class Status:
    """The line that says at a glance how things stand."""

    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Para:
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Items:
    items: Sequence[str]
    numbered: bool = False


Lines = str | tuple[str, ...]
"""A cell: one text, or several lines below each other."""


@dataclass(frozen=True)
class Table:
    """``numeric``: indexes of the columns that are set flush right.

    Four columns at most, where a phone is to show them all: lines of a cell hold the rest.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Lines]]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """A small chart: label, value as said, and the share of the whole from 0 to 1.

    In HTML it is the inline picture of ``content_id`` above the values; in text it is drawn.
    """

    bars: Sequence[tuple[str, str, float]]
    content_id: str
    title: str


Block = Status | Heading | Para | Items | Table | Chart


def plain(value: str, most: int = MOST) -> str:
    """One line without control or direction characters, cut where it is endless."""
    joined = " ".join(value.split())
    kept = "".join(c for c in joined if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return kept if len(kept) <= most else kept[: most - 1] + "…"


def subject(text: str) -> str:
    """A subject that is one short line."""
    return plain(text, 160)


def text(blocks: Iterable[Block]) -> str:
    """The letter as plain text."""
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def _text(block: Block) -> str:
    if isinstance(block, Status):
        return f"【{plain(block.text)}】"
    if isinstance(block, Heading):
        return f"■ {plain(block.text)}"
    if isinstance(block, Para):
        return plain(block.text)
    if isinstance(block, Items):
        marks = (f"{n}." if block.numbered else "-" for n in range(1, len(block.items) + 1))
        return "\n".join(
            f"{mark} {plain(item)}" for mark, item in zip(marks, block.items, strict=True)
        )
    if isinstance(block, Chart):
        return "\n".join(_text_bar(*bar) for bar in block.bars)
    return "\n".join(_text_row(block.head, row) for row in block.rows) or str(NOTHING)


NOTHING = _("（无）")
COMMA = _("，")
CELL = _("{name}：{said}")
WIDE = 20
"""Characters of a whole bar in plain text."""


def _text_bar(label: str, value: str, share: float) -> str:
    full = round(WIDE * _share(share))
    return f"{plain(label)} {'■' * full}{'□' * (WIDE - full)} {plain(value)}"


def _share(share: float) -> float:
    return min(1.0, max(0.0, share))


def _text_row(head: Sequence[str], row: Sequence[Lines]) -> str:
    cells = ((name, str(COMMA).join(_lines(cell))) for name, cell in zip(head, row, strict=True))
    said = [CELL.format(name=plain(name), said=said) for name, said in cells if said]
    # A cell that is a sentence: its full stop would stand before the next separator.
    return "- " + str(THEN).join([*(one.removesuffix("。") for one in said[:-1]), *said[-1:]])


def _lines(cell: Lines) -> list[str]:
    """The lines of a cell that say something."""
    return [plain(one) for one in ((cell,) if isinstance(cell, str) else cell) if one]


def page(title: str, blocks: Iterable[Block], language: str = "zh-CN") -> str:
    """The letter as an HTML document; ``language`` is BCP 47."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_safe(title)}</title></head>"
        f'<body style="margin:0;padding:0;background:#f3f5f7">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>'
        '<td align="center" style="padding:16px 8px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        f'style="max-width:820px;background:#fff;border:1px solid {LINE};{FONT};color:{INK};'
        'font-size:15px;line-height:1.7"><tr><td style="padding:20px 22px;word-break:break-word">'
        f"{body}</td></tr></table></td></tr></table></body></html>"
    )


def _safe(value: str) -> str:
    return html.escape(plain(value))


def _html(block: Block) -> str:
    if isinstance(block, Status):
        colour = COLOURS[block.tone]
        return (
            f'<div style="border-left:4px solid {colour};padding:6px 12px;margin:0 0 14px;'
            f'background:#f8fafb;color:{colour};font-weight:bold">{_safe(block.text)}</div>'
        )
    if isinstance(block, Heading):
        return f'<h3 style="margin:18px 0 6px;font-size:16px">{_safe(block.text)}</h3>'
    if isinstance(block, Para):
        colour = QUIET if block.quiet else INK
        size = "13px" if block.quiet else "15px"
        return f'<p style="margin:8px 0;color:{colour};font-size:{size}">{_safe(block.text)}</p>'
    if isinstance(block, Items):
        tag = "ol" if block.numbered else "ul"
        items = "".join(f'<li style="margin:4px 0">{_safe(item)}</li>' for item in block.items)
        return f'<{tag} style="margin:6px 0;padding-left:22px">{items}</{tag}>'
    if isinstance(block, Chart):
        return _html_chart(block)
    return _html_table(block)


def _html_chart(block: Chart) -> str:
    """The picture, and what it shows in words: clients that show no picture say the same."""
    rows = "".join(
        f'<tr><td style="padding:2px 8px 2px 0;font-size:13px">{_safe(label)}</td>'
        f'<td align="right" style="padding:2px 0;font-size:13px;white-space:nowrap">{_safe(value)}'
        "</td></tr>"
        for label, value, _ in block.bars
    )
    picture = (
        f'<img src="cid:{html.escape(block.content_id)}" alt="{_safe(block.title)}" '
        f'width="{PROGRESS}" style="display:block;width:100%;max-width:{PROGRESS}px;height:auto;'
        'margin:6px 0">'
    )
    table = '<table role="presentation" cellpadding="0" cellspacing="0"'
    return f'{picture}{table} style="width:100%;max-width:{PROGRESS}px">{rows}</table>'


SHORT = 4
"""Characters of a cell that stay on one line."""


def _html_table(block: Table) -> str:
    style = f"border:1px solid {LINE};padding:5px 6px;font-size:13px;vertical-align:top"
    head = "".join(
        f'<th style="{style};background:#eef2f5;text-align:{_side(block, n)}">{_safe(name)}</th>'
        for n, name in enumerate(block.head)
    )
    rows = "".join(_html_row(block, row, style) for row in block.rows)
    return (
        '<table cellpadding="0" cellspacing="0" '
        'style="border-collapse:collapse;width:100%;margin:6px 0">'
        f"<tr>{head}</tr>{rows}</table>"
    )


def _side(block: Table, column: int) -> str:
    return "right" if column in block.numeric else "left"


def _html_row(block: Table, row: Sequence[Lines], style: str) -> str:
    whole = f"{style};white-space:nowrap"
    cells = (
        f'<td style="{_side_style(block, n, cell, style, whole)}">{_html_cell(cell)}</td>'
        for n, cell in enumerate(row)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _side_style(block: Table, column: int, cell: Lines, style: str, whole: str) -> str:
    """Numbers and words of a few characters (已识读) are never broken."""
    if column in block.numeric:
        return f"{whole};text-align:right"
    return whole if all(len(one) <= SHORT for one in _lines(cell)) else style


def _html_cell(cell: Lines) -> str:
    first, *more = [html.escape(one) for one in _lines(cell)] or [""]
    below = "".join(f'<br><span style="color:{QUIET}">{one}</span>' for one in more)
    return first + below
