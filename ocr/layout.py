"""Which printed text is meant as which field: label beside or above its value, or in its line."""

import re
from collections.abc import Sequence

from ocr.convert import NAMES, convert, looks_like_firm
from ocr.headed import unless_of_rows
from ocr.hits import Hit, Layout, hit_of
from ocr.rows import find_table
from ocr.rules import in_order
from ocr.sheet import (
    Block,
    Line,
    Rect,
    Sheet,
    centre,
    columns_overlap,
    overlap,
    rows_overlap,
    union,
)
from ocr.splitting import split_cells
from ocr.wrapped import merge_wrapped
from procedure.forms import FormKind, FormTemplate, LabelMatch
from procedure.readings import YEAR, DocumentKind

_Labels = list[tuple[Block, LabelMatch]]
_TITLE = re.compile(r"申请[表书]|第[一二]个履约周期(?![\s\S]{0,4}[应需须])|抵[销消]配额清缴?$")
_VALUED = re.compile(r"[:：]\s*[^\s:：]")
"""A label with its value behind it is as a whole much like the label alone, but is none."""
_DATE = re.compile(r"\D{0,2}(?:20\d\d|二[〇零○O0]).{2,}\d{1,2}|.*年.*月.*日")


def kind_of(sheet: Sheet, template: FormTemplate) -> DocumentKind:
    """What the page is, from all its lines and cells."""
    return template.document_kind([block.text for block in sheet.blocks if block.text])


def read_layout(sheet: Sheet, template: FormTemplate, kind: DocumentKind) -> Layout:
    """Every field's places on one page."""
    if kind == "other":
        return Layout(kind)
    sheet = merge_wrapped(split_cells(sheet, template, kind), template, kind)
    table = find_table(sheet, template, kind)
    entity = [b for b in sheet.blocks if id(b) not in table.used]
    entity = _without_authority(entity, template)
    labels = [(b, m) for b in entity if (m := _label(b.text, template, kind, sheet.native))]
    labels = _without_values(labels)
    hits: list[Hit] = []
    for block, match in labels:
        hits.append(_beside_or_below(block, match, labels, entity, template, kind))
    taken = {id(b) for b, _ in labels}
    for block in entity:
        if id(block) not in taken:
            hits += _inline(block, template, kind)
    if kind == "application" and not any(h.field == "date" and h.text for h in hits):
        hits += _bare_date(entity)
    if kind == "application" and template.names_year and not any(h.field == YEAR for h in hits):
        hits += _bare_year(sheet.blocks)
    title = _has_title(sheet, template, kind)
    return _finish(kind, hits, table.rows, table.total, title)


def _finish(
    kind: FormKind, hits: list[Hit], rows: tuple[object, ...], total: Hit | None, title: bool
) -> Layout:
    fields: dict[str, list[Hit]] = {}
    for hit in hits:
        fields.setdefault(hit.field, []).append(hit)
    ordered = {name: tuple(sorted(found, key=_rank)) for name, found in fields.items()}
    if kind == "application":
        return Layout(kind, ordered, rows, total, title)  # type: ignore[arg-type]
    single = {n: h for n, h in ordered.items() if n in ("account_name", "account_no")}
    details = {n: h[0] for n, h in ordered.items() if n not in single}
    all_rows = rows or ((details,) if len(details) >= 2 else ())
    return Layout(kind, _from_columns(single, all_rows), _plain(all_rows), total, title)


def _from_columns(
    single: dict[str, tuple[Hit, ...]], rows: tuple[object, ...]
) -> dict[str, tuple[Hit, ...]]:
    """Account columns of a list are fields of the document too."""
    found = dict(single)
    for row in rows:
        for name in ("account_name", "account_no"):
            if name in row and row[name].text:  # type: ignore[operator,index]
                found[name] = (*found.get(name, ()), row[name])  # type: ignore[index]
    return found


def _plain(rows: tuple[object, ...]) -> tuple[dict[str, Hit], ...]:
    return tuple(
        {n: h for n, h in row.items() if not n.startswith("account_")}  # type: ignore[attr-defined]
        for row in rows
    )


def _rank(hit: Hit) -> tuple[bool, bool, bool, float, bool]:
    score = hit.match.score if hit.match else 0.5
    unread = convert(hit.field, hit.text, hit.unit) is None
    return (not hit.text, unread, bool(hit.doubts), -score, hit.inline)


def _has_title(sheet: Sheet, template: FormTemplate, kind: FormKind) -> bool:
    joined = "".join("".join(block.text.split()) for block in sheet.blocks)
    return any(re.search(title, joined) for title in template.titles[kind])


def _label(text: str, template: FormTemplate, kind: FormKind, native: bool) -> LabelMatch | None:
    if not text or _TITLE.search(text) or _VALUED.search(text):
        return None
    found = template.match_label(text, kind, fuzzy=not native)
    if found is None and kind == "cancellation":
        found = template.match_column(text, kind, fuzzy=not native)
    return found


def _without_values(labels: _Labels) -> _Labels:
    """自愿注销 is like 自愿注销量: what is only alike and stands right of a label is its value."""
    sure = [block for block, match in labels if match.score >= 0.9]
    return [
        (block, match)
        for block, match in labels
        if match.score >= 0.9
        or not any(
            rows_overlap(block.box, other.box) > 0.5
            and -0.5 * other.line_height < block.box[0] - other.box[2] < 3 * other.line_height
            for other in sure
        )
    ]


def _without_authority(blocks: list[Block], template: FormTemplate) -> list[Block]:
    """Leaves out the provincial department's block: its date and seal are not the entity's."""
    marks = [b for b in blocks if template.is_authority(b.text) and len(b.text) < 40]
    kept = []
    for block in blocks:
        if any(block is m or _belongs(block, m) for m in marks):
            continue
        kept.append(_above_authority(block, template))
    return kept


def _belongs(block: Block, mark: Block) -> bool:
    if mark.ruled and block.ruled:
        beside = rows_overlap(block.box, mark.box) > 0.5
        below = columns_overlap(block.box, mark.box) > 0.8 and block.box[1] >= mark.box[3] - 1
        return beside or (below and not block.lines) or (below and _is_date_like(block.text))
    return centre(block.box)[1] > mark.box[1] - 0.5 * mark.line_height


def _is_date_like(text: str) -> bool:
    return bool(_DATE.search(text))


def _above_authority(block: Block, template: FormTemplate) -> Block:
    """A cell may hold the entity's part and, further down, the department's."""
    for index, line in enumerate(block.lines):
        if len(line.text) < 40 and template.is_authority(line.text):
            return Block(block.lines[:index], block.box, block.ruled)
    return block


def _beside_or_below(
    label: Block,
    match: LabelMatch,
    labels: _Labels,
    blocks: list[Block],
    template: FormTemplate,
    kind: FormKind,
) -> Hit:
    others = {id(b) for b, _ in labels}
    right = _right_of(label, blocks)
    if right and id(right[0]) not in others:
        return _from_right(label, match, labels, right, others)
    below = _below(label, blocks)
    if below is not None and id(below) not in others and not template.is_seal_label(below.text):
        hit = hit_of(
            match.field, below.lines, below.box, label=label, match=match, ruled=below.ruled
        )
        return unless_of_rows(hit, below, blocks, template, kind)
    return Hit(match.field, "", (), label.box, label=label, match=match, unit=match.unit)


def _right_of(label: Block, blocks: list[Block]) -> list[Block]:
    """Blocks of the label's row to its right, the nearest first."""
    slack = 0.4 * label.line_height
    found = [
        b
        for b in blocks
        if b is not label
        and b.box[0] >= label.box[2] - slack
        and rows_overlap(b.box, label.box) > 0.4
    ]
    found.sort(key=lambda b: b.box[0])
    cells = [b for b in found if b.ruled]
    # A stroke at its end that passed for a wall leaves text beyond its cell.
    edge = max([label.box[2], *(line.box[2] for line in label.lines)])
    if label.ruled and cells and cells[0].box[0] - edge < 0.8 * label.height:
        return _without_slivers(cells)
    if label.ruled:
        return [b for b in found if not b.ruled]
    # A label whose own cell was not found may stand left of a cell that was.
    return found


def _without_slivers(cells: list[Block]) -> list[Block]:
    """False walls leave narrow empty cells behind."""
    while len(cells) > 1 and not cells[0].lines and _width(cells[0]) < 1.2 * cells[0].height:
        cells = cells[1:]
    return cells


def _width(block: Block) -> float:
    return block.box[2] - block.box[0]


def _from_right(
    label: Block, match: LabelMatch, labels: _Labels, right: list[Block], others: set[int]
) -> Hit:
    if right[0].ruled:
        cell = right[0]
        return hit_of(match.field, cell.lines, cell.box, label=label, match=match, ruled=True)
    first = right[0]
    low, high = _share(label, labels)
    lines: list[Line] = []
    edge = first.box[2]
    for block in right:
        if id(block) in others or block.ruled:
            break
        same = overlap(block.box[0], block.box[2], first.box[0], edge) > 0
        if same or block.box[0] - edge < 2 * label.line_height:
            lines += [line for line in block.lines if low < centre(line.box)[1] <= high]
            edge = max(edge, block.box[2])
    box = union(line.box for line in lines) if lines else first.box
    return hit_of(match.field, tuple(in_order(lines)), box, label=label, match=match)


def _share(label: Block, labels: _Labels) -> tuple[float, float]:
    """The height that belongs to a label: half way to its neighbours above and below."""
    middle, height = centre(label.box)[1], label.line_height
    column = [b for b, _ in labels if b is not label and columns_overlap(b.box, label.box) > 0.3]
    above = [centre(b.box)[1] for b in column if b.box[1] < label.box[1]]
    below = [centre(b.box)[1] for b in column if b.box[1] > label.box[1]]
    low = (max(above) + middle) / 2 if above else middle - 1.5 * height
    high = (min(below) + middle) / 2 if below else middle + 1.5 * height
    return max(low, middle - 2 * height), min(high, middle + 2 * height)


def _below(label: Block, blocks: list[Block]) -> Block | None:
    """The value under its heading: the next cell of the same width, or the next line."""
    limit = 0.6 * label.line_height if label.ruled else 1.5 * label.line_height
    near = [
        b
        for b in blocks
        if b is not label
        and b.ruled == label.ruled
        and columns_overlap(b.box, label.box) > 0.7
        and -0.3 * label.line_height <= b.box[1] - label.box[3] < limit
    ]
    return min(near, key=lambda b: b.box[1]) if near else None


def _inline(block: Block, template: FormTemplate, kind: FormKind) -> list[Hit]:
    hits: list[Hit] = []
    for line in block.lines:
        pairs = template.split_pairs(line.text, kind)
        if not pairs and (not block.ruled or len(block.lines) == 1):
            pairs = _without_colon(line.text, template, kind)
        for match, value in pairs:
            hits.append(_inline_hit(block, line, match, value))
    return [hit for hit in hits if hit.text or not block.ruled]


def _without_colon(
    text: str, template: FormTemplate, kind: FormKind
) -> tuple[tuple[LabelMatch, str], ...]:
    """A colon may be lost in recognition; a title that begins like a label must not count."""
    split = template.split_label(text, kind) if len(text) < 60 else None
    if not split or not split[1] or _TITLE.search(text):
        return ()
    if split[0].field in NAMES and not looks_like_firm(split[1]):
        return ()
    if convert(split[0].field, split[1], split[0].unit) is None:
        return ()
    return (split,)


def _inline_hit(block: Block, line: Line, match: LabelMatch, value: str) -> Hit:
    own: Rect = line.box
    return Hit(
        match.field,
        value,
        (line,),
        own,
        label=Block((line,), own),
        match=match,
        unit=match.unit,
        inline=True,
        ruled=block.ruled,
    )


def unlabelled(text: str) -> str:
    """What follows a short label that may be worn beyond recognition (填报日：2021-11-13)."""
    return re.sub(r"^[^\d:：]{0,10}[:：]\s*", "", text)


def _bare_year(blocks: Sequence[Block]) -> list[Hit]:
    """The year of a form that names it in its title or its labels alone, where it is one year."""
    lines = [line for block in blocks for line in block.lines if _OF_YEAR.search(line.text)]
    named = {convert(YEAR, line.text, None) for line in lines}
    if len(named) != 1 or None in named:
        return []
    return [Hit(YEAR, lines[0].text, (lines[0],), lines[0].box)]


_OF_YEAR = re.compile(r"20\d\d\s*年度")


def _bare_date(blocks: list[Block]) -> list[Hit]:
    """A date that stands alone in its line, where exactly one does."""
    lines = [line for block in blocks for line in block.lines]
    # 2019-2020年度 of a label is like a date and is none.
    found = [
        line for line in lines if len(line.text) <= 24 and convert("date", unlabelled(line.text))
    ]
    if len(found) != 1:
        return []
    line = found[0]
    value = unlabelled(line.text)
    doubts = () if value == line.text else ("label-unclear",)
    return [Hit("date", value, (line,), line.box, doubts=doubts)]
