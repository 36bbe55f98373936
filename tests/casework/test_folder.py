"""A folder of registry files for `clerk read`: what is wrong with it, in its reader's language."""

from pathlib import Path

import pytest

import cycles
from casework.folder import SHOWN, registry_folder
from cycles.catalogues import language
from procedure.errors import BadInput
from procedure.language import speaking
from procedure.provinces import Provinces

PROVINCES = Provinces.parse(cycles.provinces())


@pytest.mark.parametrize(
    ("bad", "locale", "end"),
    [
        (5, "zh_CN", "请核对。"),
        (7, "zh_CN", "；另有 2 处"),
        (7, "en", "; 2 more"),
        (6, "en", "; one more"),
    ],
)
def test_bad_rows_are_named_and_the_rest_counted(
    tmp_path: Path, bad: int, locale: str, end: str
) -> None:
    head = "账户编号,账户名称,统一社会信用代码"
    rows = "".join(f"1001-{number},Some Firm,X\n" for number in range(bad))
    (tmp_path / "accounts.csv").write_text(f"{head}\n{rows}", "utf-8-sig")
    with speaking(language(locale)), pytest.raises(BadInput) as caught:
        registry_folder(tmp_path, PROVINCES)
    said = str(caught.value)
    assert said.count("“X”") == SHOWN
    assert said.endswith(end)
    assert ("另有" in said) == (locale == "zh_CN" and bad > SHOWN)
    assert ("请核对" in said) == (locale == "zh_CN")
