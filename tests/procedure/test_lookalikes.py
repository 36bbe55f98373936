"""Which names hold a character that engines read for a rarer one."""

import pytest

from procedure.lookalikes import holds_lookalike, lookalike_places


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        # Words of the trade, the legal form and the province.
        ("东县49.5MW风电项目", False),
        ("东县风力发电场", False),
        ("河北东华建材（集团）有限公司", False),
        ("河北东华建设工程有限责任公司", False),
        ("东市污水处理厂", False),
        ("湖北东华金属制品有限公司", False),
        ("东县风电建设项目", False),
        # The same characters across two words: 华飌电子 may stand there, or 宏建設备.
        ("河北华风电子有限公司", True),
        ("河北华风力源有限公司", True),
        ("河北宏建设备有限公司", True),
        ("河北宏建材料有限公司", True),
        ("河北东森林业有限公司", True),
        ("东县风电建设备有限公司", True),
        # The province's characters elsewhere.
        ("河北湖南有限公司", True),
        ("河北银岚热力有限公司", True),
        ("河北东华热力有限公司", False),
    ],
)
def test_words_are_no_proper_names(name: str, wanted: bool) -> None:
    assert holds_lookalike(name) is wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("户名：云南吴源热电有限公司", {5}),
        ("户名：湖南吴源金属制品有限公司", {5}),
        ("湖南东华风电项目", set()),
        ("户名：河北湖南有限公司", {5}),
        ("", set()),
    ],
)
def test_where_in_a_line_they_stand(line: str, wanted: set[int]) -> None:
    assert lookalike_places(line) == wanted
