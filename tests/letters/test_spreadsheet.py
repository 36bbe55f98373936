"""The digests' sheets in LibreOffice: opened, computed again, and still what was written."""

import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from letters import dress
from letters.sheets import LARGE, NARROWEST, Cell, workbook
from procedure.clock import BEIJING
from procedure.facts import Facts
from tests.letters import made
from tests.programs import needed

BAD = ("=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "＝1+1", "河北示例电力有限公司")


def facts() -> dict[str, Facts]:
    """Digests whose names are what spreadsheets take for formulas."""
    return {
        "weekly": made.full_weekly(),
        "daily": made.full_daily(),
        **{f"weekly{n}": made.weekly(name) for n, name in enumerate(BAD)},
    }


def recomputed(program: str, folder: Path, books: dict[str, bytes]) -> dict[str, Path]:
    """The books as LibreOffice writes them after it opened and computed them."""
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    command = [
        program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"),
        *(str(folder / f"{name}.xlsx") for name in books),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: folder / "out" / f"{name}.xlsx" for name in books}


def cells(book: Path | Any, values: bool) -> dict[str, list[list[object]]]:
    opened = openpyxl.load_workbook(book, data_only=values)
    return {one.title: [[c.value for c in row] for row in one.iter_rows()] for one in opened}


def test_libreoffice_computes_every_sheet_without_an_error(tmp_path: Path) -> None:
    program = needed(shutil.which("soffice"), "libreoffice-calc")
    books = {
        name: dress(name.rstrip("0123456789"), one).attachments[0].content()
        for name, one in facts().items()
    }
    for name, written in recomputed(program, tmp_path, books).items():
        ours, theirs = cells(tmp_path / f"{name}.xlsx", False), cells(written, True)
        assert theirs == ours, name
        assert cells(written, False) == ours, f"{name}: a text became a formula"
        every = [cell for sheet in theirs.values() for row in sheet for cell in row]
        assert not [c for c in every if isinstance(c, str) and c.startswith(("#", "Err:"))]
        assert any(isinstance(cell, datetime) for cell in every)
        assert any(isinstance(cell, int) and cell >= 6182 for cell in every)


@pytest.mark.parametrize("kind", ["weekly", "daily"])
def test_the_sheet_is_set_up_for_reading_and_for_paper(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(dress(kind, facts()[kind]).attachments[0].content())
    table, notes = openpyxl.load_workbook(file)
    rows = table.max_row - 1
    assert table.freeze_panes == notes.freeze_panes == "A2"
    last = get_column_letter(table.max_column)
    assert table.auto_filter.ref == f"A1:{last}{rows}"
    letters = [get_column_letter(at) for at in range(1, table.max_column + 1)]
    assert all(table.column_dimensions[one].width >= NARROWEST for one in letters)
    assert (table.page_setup.orientation, table.page_setup.paperSize) == ("landscape", 9)
    assert table.sheet_properties.pageSetUpPr is not None
    assert table.sheet_properties.pageSetUpPr.fitToPage
    assert (table.page_setup.fitToWidth or 1, table.page_setup.fitToHeight) == (1, 0)
    assert table.print_title_rows == "$1:$1"
    said = {row[0].value: row[1].value for row in notes.iter_rows(min_row=2)}
    assert all(said[f"栏目：{cell.value}"] for cell in table[1])


def test_a_large_table_goes_to_the_disk_and_says_the_same() -> None:
    at = datetime(2021, 11, 5, 17, tzinfo=BEIJING)
    rows: list[list[Cell]] = [[f"=第{n}行", n, at] for n in range(LARGE + 1)]
    book = workbook("表", ("名称", "数量", "时间"), rows, ("合计", LARGE, None), (), at)
    assert book == workbook("表", ("名称", "数量", "时间"), rows, ("合计", LARGE, None), (), at)
    said = cells(io.BytesIO(book), True)["表"]
    assert len(said) == LARGE + 3
    assert said[LARGE + 1] == [f"'=第{LARGE}行", LARGE, at.replace(tzinfo=None)]
