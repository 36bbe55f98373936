"""Parsers of untrusted bytes: whatever is in a file, they read it or refuse it by name.

Every round damages one good file of every kind: bytes changed, cut out, doubled, set to edges.
``make soak PART=files_fuzz`` gives each reader ten minutes; a failure names its seed.
"""

import io
import random
import resource
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ocr import (
    drawn,
    file_type,
    files,
    glyphs,
    office,
    pdfforms,
    pdfsheet,
    pdftext,
    pictures,
    unnamed,
    xls,
    xlsbook,
)
from ocr.engines.port import Family, Picture, Recognised
from ocr.glyphmemory import Memory
from ocr.pageview import PageView
from ocr.problems import Unreadable
from procedure.errors import Temporary
from tests.fuzzed import read_or_refused, ten_minutes
from tests.ocr.lies import LEFT, ROWS, TITLE, WHERE, font_of
from tests.ocr.test_files import HEIC, KINDS, pdf_with_picture, tiff
from tests.ocr.test_pdf_forms import filled_pdf

SAMPLES = Path(__file__).parent / "samples"
"""Seconds of a core that one damaged file may take at most."""


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["重点排放单位名称", "河北示例热力有限公司"])
    sheet.merge_cells("A2:B3")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _picture(data: bytes) -> None:
    pages = pictures.decode(data)
    assert all(page.ndim == 3 and max(page.shape) <= pictures.LONGEST for page in pages)


class _Mute:
    """Reads nothing: what is damaged here are parsers, and engines see only pictures."""

    family: Family = "ppocr-v6"

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        return [Recognised("", 0.0) for _ in crops]


def _pdf(data: bytes) -> None:
    with pictures.open_pdf(data) as opened:
        data = pdfforms.flattened(opened) or data
    with pictures.open_pdf(data) as opened, pdftext.open_text(data) as text:
        sheet = pdfsheet.native(opened, text, 0)
        lines = sheet.lines() if sheet else []
        glyphs.compared(opened, 0, lines, _Mute(), Memory())
        unnamed.drawn_at(opened, 0, lines)
        drawn.seal_places(opened, 0)
        view = PageView(opened, 0, 40)
        assert view.without_print((0.0, 0.0, *view.size)).ndim == 3
        assert pictures.render(opened, 0, min(60.0, pictures.scan_dpi(opened, 0))).ndim == 3


def _docx(data: bytes) -> None:
    sheet, _ = office.read_docx(data)
    assert sheet.native


def _xlsx_sheets(data: bytes) -> None:
    assert all(sheet.native for sheet in office.read_xlsx(data))


def _xls_sheets(data: bytes) -> None:
    assert all(sheet.native for sheet in office.read_xls(data))


def _said_pdf() -> bytes:
    """A form as browsers print them: characters that are said to stand for others; not packed, so
    that faults meet what is drawn."""
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=0)
    canvas.setFont(font_of("Honest"), 11)
    for label, value in (("", TITLE), *ROWS):
        y = WHERE.get(label, 760)
        canvas.rect(90, y - 9, 160, 30)
        canvas.rect(250, y - 9, 250, 30)
        canvas.drawString(100, y, label)
        canvas._code.append("/Span <</ActualText <FEFF7528>>> BDC")  # type: ignore[attr-defined]
        canvas.drawString(LEFT, y, value[:1])
        canvas._code.append("EMC")  # type: ignore[attr-defined]
        canvas.drawString(LEFT + 11, y, value[1:])
    canvas.save()
    return out.getvalue()


SEEDS: dict[str, tuple[bytes, Callable[[bytes], None]]] = {
    **{kind: (data, _picture) for kind, (data, _) in KINDS.items()},
    "tiff of pages": (tiff(3), _picture),
    "pdf": ((SAMPLES / "c0000-form.pdf").read_bytes(), _pdf),
    "small pdf": (pdf_with_picture(50, 60), _pdf),
    "said pdf": (_said_pdf(), _pdf),
    "docx": ((SAMPLES / "c0001-form.docx").read_bytes(), _docx),
    "xlsx": (_xlsx(), _xlsx_sheets),
    "xls": ((Path(__file__).parent / "form.xls").read_bytes(), _xls_sheets),
    "filled pdf": (filled_pdf(), _pdf),
}


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The file with up to eight faults, most of them where its headers are."""
    out = bytearray(data)
    for _ in range(rng.randrange(1, 9)):
        limit = min(len(out), 600) if rng.random() < 0.6 else len(out)
        at = rng.randrange(limit)
        fault = rng.randrange(6)
        if fault == 0:
            out[at] = rng.randrange(256)
        elif fault == 1:
            out[at] ^= 1 << rng.randrange(8)
        elif fault == 2:
            edge = rng.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\1"))
            out[at : at + len(edge)] = edge
        elif fault == 3:
            del out[at : at + rng.randrange(1, 64)]
        elif fault == 4:
            out[at:at] = out[at : at + rng.randrange(1, 64)]
        else:
            del out[max(1, rng.randrange(len(out))) :]
        if not out:
            return b"\0"
    return bytes(out)


READERS = ("_picture", "_pdf", "_docx", "_xlsx_sheets", "_xls_sheets")


def round_of(seed: int, reader: str = "") -> None:
    """One damaged file of every kind, or of one reader's; but for `Unreadable` an error fails."""
    for kind, (data, read) in SEEDS.items():
        if reader in ("", read.__name__):
            _once(kind, data, read, seed)


def _once(kind: str, data: bytes, read: Callable[[bytes], None], seed: int) -> None:
    what = f"{seed} {kind}"
    spoilt = damaged(data, random.Random(what))

    def look() -> None:
        assert file_type(spoilt, kind)
        read(spoilt)

    read_or_refused(look, Unreadable, what)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_are_read_or_refused(seed: int) -> None:
    round_of(seed)


@pytest.mark.parametrize("found", ["1133 pdf", "1192 small pdf"])
def test_a_pdf_whose_text_is_damaged_is_still_a_picture(found: str) -> None:
    """Found by the long run: pdfplumber raised when it was closed, and at a page's MediaBox."""
    data, read = SEEDS[found.partition(" ")[2]]
    read(damaged(data, random.Random(found)))


def test_a_zip_of_a_version_that_nobody_wrote_is_refused() -> None:
    """Found by the long run: zipfile says NotImplementedError."""
    spoilt = damaged(SEEDS["xlsx"][0], random.Random("1403 xlsx"))
    assert file_type(spoilt, "xlsx")
    with pytest.raises(Unreadable):
        office.read_xlsx(spoilt)


def test_an_xls_whose_chains_have_no_end_is_refused_and_takes_no_memory() -> None:
    """Found by the long run: 6 KB for which calamine took 23 GB, until the system ended it."""
    spoilt = damaged(SEEDS["xls"][0], random.Random("1040 xls"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(Unreadable) as refused:
        office.read_xls(spoilt)
    assert refused.value.code == "damaged"
    taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert taken == before or taken < 1024 * xlsbook.MEGABYTES


@pytest.mark.parametrize(
    ("ends", "error"),
    [
        ("os.kill(os.getpid(), 9)", Temporary),
        ("import no_such_library", Temporary),
        ("os.abort()", Unreadable),
    ],
)
def test_a_program_that_was_killed_or_did_not_run_says_nothing_of_the_file(
    ends: str, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "ends.py"
    program.write_text(f"import os\n{ends}\n", encoding="ascii")
    monkeypatch.setattr(xls, "_PROGRAM", program)
    with pytest.raises(error):
        office.read_xls(SEEDS["xls"][0])


def test_an_xls_that_takes_time_without_end_is_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's own limit: a second, and then for ever."""
    program = tmp_path / "endless.py"
    text = Path(xlsbook.__file__).read_text(encoding="utf-8").replace("1024, 20", "1024, 1")
    endless = text.replace("most_sheets, most_cells = map", "while True: pass\n    _ = map")
    program.write_text(endless, encoding="utf-8")
    monkeypatch.setattr(xls, "_PROGRAM", program)
    with pytest.raises(Unreadable, match="ended with -24"):
        office.read_xls(SEEDS["xls"][0])


def test_an_xls_of_too_much_text_is_refused() -> None:
    sheets = [{"rows": [["字" * 1000] * 1001]}, {"rows": [["字" * 1000] * 1000]}]
    with pytest.raises(OverflowError):
        xlsbook._within(sheets)


@pytest.mark.soak
@pytest.mark.parametrize("reader", READERS)
def test_ten_minutes_of_damaged_files(reader: str) -> None:
    print(f"{reader}: {ten_minutes(lambda seed: round_of(seed, reader))} rounds")


def test_every_kind_has_its_long_run() -> None:
    assert {read.__name__ for _, read in SEEDS.values()} == set(READERS)


def test_a_type_is_told_of_every_kind() -> None:
    assert file_type(HEIC) == "image/heic"
    assert {file_type(data) for data, read in SEEDS.values() if read is _pdf} == {files.PDF}
