"""The cells of an old .xls as JSON: a program of its own, with a limit on memory and time.

calamine follows the chains of a damaged file without end (a file of 6 KB took 23 GB) and ends its
process where memory is refused. Run as ``python -P xlsbook.py`` it takes the file on its standard
input; it imports nothing of the product, which makes it start in a tenth of a second.
"""

import io
import json
import resource
import sys
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetVisibleEnum

MEGABYTES, SECONDS = 1024, 20
MOST_TEXT = 2_000_000
"""Characters of all cells together."""

Told = dict[str, Any]
"""``{"sheets": [{"height", "merged", "rows"}]}``, or ``{"problem", "detail"}``."""


def shown(value: Any) -> str:
    """A cell's value as a person sees it, as far as its type tells."""
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d %H:%M:%S")).removesuffix(" 00:00:00")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def told(data: bytes, most_sheets: int, most_cells: int) -> Told:
    """The visible sheets of a workbook, or what is the matter with it."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible
        ]
        sheets = map(book.get_sheet_by_name, names[:most_sheets])
        return _within([_sheet(sheet, most_cells) for sheet in sheets])
    except PasswordError as error:
        return {"problem": "encrypted", "detail": str(error)}
    except OverflowError as error:
        return {"problem": "too-large", "detail": str(error)}
    # A panic of calamine's Rust code on damaged records is no `Exception`.
    except BaseException as error:
        return {"problem": "damaged", "detail": f"{type(error).__name__}: {error}"}


def _within(sheets: list[Told]) -> Told:
    if sum(len(cell) for sheet in sheets for row in sheet["rows"] for cell in row) > MOST_TEXT:
        raise OverflowError("too much text")
    return {"sheets": sheets}


def _sheet(sheet: Any, most_cells: int) -> Told:
    if sheet.total_height * sheet.total_width > most_cells:
        raise OverflowError("too many cells")
    return {
        "height": sheet.total_height,
        "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
        "rows": [[shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
    }


def main() -> None:
    """The workbook on standard input; arguments: most sheets, and most cells of each."""
    _limit(resource.RLIMIT_AS, MEGABYTES << 20, MEGABYTES << 20)
    # Whoever passes the first of these ends by SIGXCPU, the second by SIGKILL as if by others.
    _limit(resource.RLIMIT_CPU, SECONDS, SECONDS + 5)
    most_sheets, most_cells = map(int, sys.argv[1:])
    json.dump(told(sys.stdin.buffer.read(), most_sheets, most_cells), sys.stdout)


def _limit(what: int, soft: int, hard: int) -> None:
    """A limit, or the one that was set already if that is less."""
    highest = resource.getrlimit(what)[1]
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(what, (soft, hard))


if __name__ == "__main__":
    main()
