"""Text under seals: what the cleaned picture shows in pieces is one line."""

from dataclasses import replace

import pytest

from ocr.sheet import Line
from ocr.underseal import _each_once

HOME = Line("某县名关风电项目", (100, 20, 500, 60))
LEFT, RIGHT = Line("某县洺关", (120, 20, 290, 60)), Line("风电项目", (310, 20, 480, 60))
OTHER = Line("河北", (100, 90, 200, 130))


@pytest.mark.parametrize(
    ("again", "wanted"),
    [
        ("某县洺关风电项目", ["某县洺关风电项目", "河北"]),
        # The whole line says less than its pieces.
        ("某县风电", ["某县洺关", "风电项目", "河北"]),
        (None, ["某县洺关", "风电项目", "河北"]),
    ],
)
def test_pieces_of_one_line_are_no_two_lines(again: str | None, wanted: list[str]) -> None:
    read = {HOME.box: replace(HOME, text=again)} if again else {}
    found = _each_once({LEFT: HOME, RIGHT: HOME, OTHER: None}, read)
    assert [line.text for line in found] == wanted
