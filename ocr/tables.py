"""What the readers of tables share: a table's heading, its rows and its end."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr.hits import Hit, Row, hit_of
from ocr.sheet import Block, Line, Rect, centre, columns_overlap, union
from procedure.forms import FormKind, FormTemplate, LabelMatch

AMOUNT = {"application": "amount_t", "cancellation": "quantity_t"}
"""The column that each kind of table has in any case."""
NAMES = ("name", "project_name")
"""Columns whose values are wrapped over several lines."""
PROJECT_CODES = ("code", "project_code")
"""Columns of projects' codes."""
_PAGES = re.compile(r"共\s*\d{1,4}\s*条|\d+\s*条\s*/\s*页")

_GROUP = re.compile(r"小\s*计")
_HEADING = re.compile(
    r"[件份页张套号]|(?=.*[㐀-鿿]{2})(?![未无暂尚不已待全见详参如同])[㐀-鿿A-Za-z/、]*"
    r"(?:名称?|代码|号码?|[数量额]|日期|时间|年度|电话|手机|传真|邮箱|单位|类[型别]|备注|说明|比例|占比"
    r"|用途|地址|职务|代表|人?员|人|来源|状态|结果|意见|部门|性质|内容|材料|资料|附件|文件|报告|凭证|证书|情况|机组)"
)
"""What a heading ends as; neither a project's name nor 未编号, 全部 or 七十二吨 does."""
_FOOT = re.compile(r"\W*以\s*下\s*(?:均?为?\s*空\s*白|无\s*正\s*文|无\s*内\s*容)\W*")
_NOTHING = re.compile(r"\s*[/／—–-]+\s*")
_BESIDE = re.compile(r"[（(][^（）()]*[）)]|20\d\d|(?<=CO)[2₂²]|\s")
"""What may stand in a heading besides: a unit, a year, and the figure of CO2."""


Heads = list[tuple[Block, LabelMatch]]


@dataclass(frozen=True)
class Table:
    """Rows found below a heading. ``used`` are all blocks that belong to the table."""

    rows: tuple[Row, ...] = ()
    total: Hit | None = None
    used: frozenset[int] = frozenset()
    """Ids of blocks."""
    torn: bool = False
    """What follows the last row may be a further one whose cells were not found."""
    mixed: bool = False
    """A row's cells hold the values of two, or a part of one, whoever found the cells."""
    sums: tuple[tuple[Line, ...], ...] = ()
    """Lines of each 小计 between the rows."""


def turns_pages(line: Line) -> bool:
    """The line below a list on a screen: 共3条 10条/页. It is no cell, however near it stands."""
    return bool(_PAGES.search(line.text))


def has_label(texts: Iterable[str], template: FormTemplate, kind: FormKind) -> bool:
    """Whether the table ended and pairs of label and value follow in cells of the same width."""
    return any(template.match_label(text, kind, fuzzy=False) for text in texts if text)


def are_headings(texts: Iterable[str]) -> bool:
    """Whether texts in all columns of a table are headings, as no row's are: what stands below
    them is another table."""
    return all(_HEADING.fullmatch(_BESIDE.sub("", text)) for text in texts)


def is_foot(texts: Iterable[str]) -> bool:
    """Whether cells say that no rows follow (以下空白), or are struck out."""
    said = [text for text in texts if text]
    struck = len(said) > 1 and all(map(_NOTHING.fullmatch, said))
    return struck or (len(said) == 1 and bool(_FOOT.fullmatch(said[0])))


def are_pairs(texts: Sequence[str]) -> bool:
    """Whether labels come in turns with their values: 法人, 张三, 签字时间, 20211126."""
    return len(texts) > 3 and are_headings(texts[:3:2])


def is_group_sum(texts: Iterable[str]) -> bool:
    """Whether a row of a total is the sum of a group of rows alone: others may follow."""
    return any(map(_GROUP.search, texts))


def total_of(heads: Heads, blocks: list[Block], kind: FormKind, label: Block) -> Hit | None:
    """The amount in a row of 合计, under the amounts' heading and nearest beside its ``label``."""
    level = centre(union(line.box for line in label.lines))[1]
    for head, match in heads:
        if match.field != AMOUNT[kind]:
            continue
        found = [
            block
            for block in blocks
            if columns_overlap(block.box, head.box) > 0.6 and re.search(r"\d", block.text)
        ]
        if found:
            one = min(found, key=lambda b: abs(centre(union(x.box for x in b.lines))[1] - level))
            return hit_of("total", one.lines, one.box, label=head, match=match, ruled=one.ruled)
    return None


def above(heads: Heads, block: Block) -> list[Rect]:
    return [head.box for head, _ in heads if block.box[0] < centre(head.box)[0] < block.box[2]]


def same_column(cell: Rect, head: Rect) -> bool:
    slack = 0.15 * (head[2] - head[0])
    return abs(cell[0] - head[0]) < slack and abs(cell[2] - head[2]) < slack


def within_column(cell: Rect, head: Rect) -> bool:
    """A false wall may have cut a cell, or its own rule was not found."""
    slack = 0.05 * (head[2] - head[0])
    return cell[0] > head[0] - slack and cell[2] < head[2] + slack
