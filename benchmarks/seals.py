"""How well seals are read, and told from one another: drawn anew over all tiers.

    python benchmarks/seals.py [--each 60] [--seed 9001] [--tiers phone,hard] [--jobs 2] [--usual]
                               [--fonts FILE,...] [--out rows.jsonl] [--again rows.jsonl]

Every document is a form with one seal (round or oval, official or special, with and without a
code). Its page is laid flat by the truth of its fields, so that seals alone are measured; then
seals are found and read as the product does. Each ring is held against its own firm's name and
against foreign ones: other firms, and near names of which one character, the province, the trade
or the numeral differs. ``--again`` judges kept rows anew without reading. The same seed gives the
same corpus.
"""

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from clerk.drawing import corpus
from clerk.drawing.content import Application, SealPlan
from clerk.drawing.documents import Drawn, Tier, draw_application
from clerk.drawing.fonts import Face, faces, packaged
from clerk.drawing.forms import form_sheet
from clerk.drawing.invent import company, projects, seal_code
from clerk.drawing.style import SealOver, Style
from ocr import files, pictures
from ocr.engines import shelf
from ocr.matching import matched
from ocr.seals import find_seals
from procedure import names, seals

TIERS: tuple[Tier, ...] = ("digital", "clean", "office", "phone", "hard")
_OVER: tuple[SealOver, ...] = ("date", "sign", "amount")
_KINDS = ("合同专用章", "财务专用章", "业务专用章")
_SLENDER = re.compile("(?i)serif|song|ming|uming")
"""Faces as seal makers set them; where the system has none, all rings are bold."""
_LONGEST = 2600


@dataclass
class Row:
    """One seal as drawn and as read."""

    tier: str
    seed: int
    name: str
    kind: str
    oval: bool
    grey: bool
    found: int
    text: str
    confidence: float
    seconds: float
    tries: tuple[str, ...] = ()
    told: str = ""
    """As the product tells it beside the firm's own name (`ocr.matching`)."""

    @property
    def right(self) -> bool:
        """The firm's name and the seal's kind, character for character."""
        return names.same(self.told or self.text, self.name + self.kind)

    @property
    def right_alone(self) -> bool:
        """The same of the ring alone, without a form's name beside it."""
        return names.same(self.text, self.name + self.kind)


def plan(seed: int, fonts: Sequence[Face] = ()) -> tuple[Application, Style, SealPlan]:
    """The form and seal of one seed."""
    rng = random.Random(seed)
    own = company(rng)
    lines = projects(rng, rng.randrange(2_000, 90_000), rng.choice((1, 2)))
    total = sum(line.amount_t for line in lines)
    app = Application(own, total * 20, total, lines, date(2021, 11, rng.randrange(1, 28)))
    over: SealOver = rng.choice(_OVER)
    style = Style(
        packaged(), rng.choice(("grid", "list", "stacked")), wording=rng.randrange(4),
        separator=",", seal_over=over,
    )  # fmt: skip
    kind = rng.choice(_KINDS) if rng.random() < 0.15 else ""
    code = seal_code(own.uscc[2:4], rng.randrange(10**7)) if rng.random() < 0.8 else ""
    oval = rng.random() < 0.15
    slender = fonts or [one for one in faces() if _SLENDER.search(one.name)]
    face = rng.choice((None, *slender))
    return app, style, SealPlan(own.name, code, kind, oval, face)


def page(
    tier: Tier, seed: int, fonts: Sequence[Face] = (), usual: bool = False
) -> tuple[np.ndarray[Any, Any], SealPlan]:
    """A document's page as the product sees it after flattening."""
    if usual:
        (drawn, sheet), stamp = _usual(tier, seed)
    else:
        app, style, stamp = plan(seed, fonts)
        drawn = draw_application(app, style, tier, seed, stamp)
        sheet = form_sheet(app, style, stamp, seed).boxes()
    boxes = {key: one.box for key, one in drawn.truth.fields.items() if one.box and key in sheet}
    return _flat(_picture(drawn, tier), sheet, boxes), stamp


def _usual(tier: Tier, seed: int) -> tuple[tuple[Drawn, dict[str, Any]], SealPlan]:
    """A form of the reading benchmark's; as a digital one its fields are where its sheet has
    them."""
    (pair,) = corpus(seed, 1, (tier,), 0.0)
    (laid,) = corpus(seed, 1, ("digital",), 0.0)
    sheet = {key: one.box for key, one in laid.form.truth.fields.items() if one.box}
    truth = pair.form.truth
    return (pair.form, sheet), SealPlan(truth.seal_text or "", "", truth.seal_kind)


def _picture(drawn: Drawn, tier: Tier) -> Any:
    if files.file_type(drawn.data) != files.PDF:
        return pictures.decode(drawn.data)[0]
    with pictures.open_pdf(drawn.data) as pdf:
        dpi = 150 if tier == "digital" else pictures.scan_dpi(pdf, 0)
        return pictures.render(pdf, 0, dpi)


def _flat(picture: Any, sheet: Any, placed: Any) -> np.ndarray[Any, Any]:
    high, wide = picture.shape[:2]
    long = min(_LONGEST, max(high, wide))
    size = (round(long / 1.4143), long)
    before = np.array([_middle(placed[key], (wide, high)) for key in placed])
    after = np.array([_middle(sheet[key], size) for key in placed])
    matrix, _ = cv2.findHomography(before, after, 0)
    white = (255, 255, 255)
    return cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_AREA, borderValue=white)


def _middle(box: Any, size: tuple[int, int]) -> tuple[float, float]:
    return ((box[0] + box[2]) / 2 * size[0], (box[1] + box[3]) / 2 * size[1])


def read(task: tuple[Tier, int, Sequence[Face], bool]) -> Row:
    """Draw, find and read one seal; seconds are of the processor, this process's alone."""
    tier, seed, fonts, usual = task
    picture, stamp = page(tier, seed, fonts, usual)
    return judged(picture, stamp, tier, seed)


def judged(picture: Any, stamp: SealPlan, tier: str, seed: int) -> Row:
    """Find and read the seal of a flat page."""
    for engine in (shelf().primary, shelf().second):
        engine.read_lines([picture[:48, :96]])
    started = time.process_time()
    found = find_seals(picture, shelf(), 1)
    seconds = time.process_time() - started
    best = max(found, key=lambda seal: len(seal.text) * seal.confidence, default=None)
    text, sure = (best.text, best.confidence) if best else ("", 0.0)
    grey = bool(np.ptp(picture[::9, ::9].astype(int), axis=2).max() < 12)
    return Row(
        tier, seed, stamp.text, stamp.kind, stamp.oval, grey, len(found), text, sure,
        round(seconds, 3), best.tries if best else (),
        matched(best, stamp.text).text if best else "",
    )  # fmt: skip


def foreign_names(name: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Names of other firms, by how near they are."""
    other = company(rng)
    yield "far", other.name
    plain = names.normalise(name)
    home = next((p for p in _PLACES if plain.startswith(p)), "")
    if home:
        yield "province", rng.choice([p for p in _PLACES if p != home]) + plain[len(home) :]
        yield "same place", home + other.name[len(home) :]
        at = len(home) + rng.randrange(2)
        char = rng.choice([c for c in _CHARS if c != plain[at]])
        yield "one character", plain[:at] + char + plain[at + 1 :]
    trade = next((t for t in _TRADES if t in plain), "")
    if trade:
        yield "trade", plain.replace(trade, rng.choice([t for t in _TRADES if t != trade]), 1)


_PLACES = ("河北", "湖北", "河南", "湖南", "山东", "山西", "广东", "广西", "江苏", "江西", "陕西")
_CHARS = "恒沛隆熙霁弘晟朔翎璟昊骏腾泰瑞凌栎曜禹祥润川源岳辰峰驰茂盛翔达衡远栋和邦宁第一二"
_TRADES = ("热电", "发电", "电力", "煤电", "能源", "热力", "化工", "铝业", "钢铁", "水泥", "造纸")


def judge(row: Row, name: str) -> bool | None:
    """What the product says of this ring and that name."""
    return seals.matches(row.text, name, row.confidence, row.tries)


def report(rows: Iterable[Row]) -> None:
    """The tables."""
    tiers: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        tiers[row.tier].append(row)
    print(
        "tier      seals found  right  alone colour   grey  round   oval special own:yes/?/no   s"
    )
    for tier, found in tiers.items():
        print(_tier_line(tier, found))
    verdicts: dict[str, Counter[bool | None]] = defaultdict(Counter)
    for row in (row for found in tiers.values() for row in found):
        verdicts[f"{row.tier}: own"][judge(row, row.name)] += 1
        for kind, name in foreign_names(row.name, random.Random(f"foreign {row.seed}")):
            if not names.same(name, row.name):
                verdicts[f"{row.tier}: {kind}"][judge(row, name)] += 1
    for key, counts in verdicts.items():
        print(f"{key:24} yes {counts[True]:4}  cannot tell {counts[None]:4}  no {counts[False]:4}")


def _tier_line(tier: str, rows: list[Row]) -> str:
    def share(some: list[Row]) -> str:
        return f"{sum(r.right for r in some) / len(some):6.1%}" if some else "     –"

    own = Counter(judge(row, row.name) for row in rows)
    groups = [
        [r for r in rows if not r.grey], [r for r in rows if r.grey],
        [r for r in rows if not r.oval], [r for r in rows if r.oval], [r for r in rows if r.kind],
    ]  # fmt: skip
    seen = sum(r.found > 0 for r in rows) / len(rows)
    mean = sum(r.seconds for r in rows) / len(rows)
    alone = sum(r.right_alone for r in rows) / len(rows)
    cells = " ".join((share(rows), f"{alone:6.1%}", *map(share, groups)))
    yes = f"{own[True]}/{own[None]}/{own[False]}"
    return f"{tier:9} {len(rows):4} {seen:6.1%} {cells}  {yes:>10} {mean:6.2f}"


def main() -> None:
    """Read the corpus, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--tiers", default=",".join(TIERS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--fonts", default="", help="font files for slender rings")
    parser.add_argument("--usual", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--again", type=Path)
    args = parser.parse_args()
    if args.again:
        lines = args.again.read_text(encoding="utf-8").splitlines()
        report(Row(**json.loads(line)) for line in lines)
        return
    chosen = [tier for tier in TIERS if tier in args.tiers.split(",")]
    fonts = [Face(path) for path in args.fonts.split(",") if path]
    seeds = range(args.seed, args.seed + args.each)
    tasks = [(tier, seed, fonts, args.usual) for seed in seeds for tier in chosen]
    with ProcessPoolExecutor(args.jobs, get_context("spawn")) as pool:
        rows = []
        for row in pool.map(read, tasks):
            rows.append(row)
            if args.out:
                with args.out.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    report(rows)


if __name__ == "__main__":
    main()
