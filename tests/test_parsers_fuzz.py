"""Tables, cycles, form templates and mails from outside: each is read, or refused by name.

``make soak PART=parsers_fuzz`` gives each parser ten minutes; a failure names its seed.
"""

import copy
import io
import random
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

import cycles
from casework import rowparse
from mailer.parse import parse as parse_mail
from procedure.cycle import Cycle
from procedure.errors import BadInput
from procedure.forms import FormTemplate
from procedure.provinces import Provinces
from tests.fuzzed import read_or_refused, ten_minutes
from tests.ocr.test_files_fuzz import damaged

PROVINCES = Provinces.parse(cycles.provinces())
HEADS = ["企业名称", "统一社会信用代码", "省份", "应清缴配额总量（吨）"]
ROWS = [HEADS, ["河北测试热电有限公司", "91139999MA3615380T", "河北省", "1,234,567"]] + [
    [f"河北测试{number}有限公司", "", "河北", str(number)] for number in range(5)
]
MAIL = b"\r\n".join(
    (
        b"From: =?gb2312?B?zfXA2g==?= <a@example.cn>",
        b"To: b@example.cn",
        b"Subject: =?utf-8?Q?=E7=94=B3?=",
        b"Message-ID: <1@example.cn>",
        b"MIME-Version: 1.0",
        b"Content-Type: multipart/mixed; boundary=x",
        b"",
        b"--x",
        b"Content-Type: text/plain; charset=gbk",
        b"",
        "申请表".encode("gbk"),
        b"--x",
        b"Content-Type: application/zip; name*0*=utf-8''%E7%94; name*1*=%B3.zip",
        b"Content-Transfer-Encoding: base64",
        b"",
        b"UEsDBA==",
        b"--x--",
    )
)
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1 << 70,
    1.5,
    float("nan"),
    "",
    "二〇二一",
    "(",
    [],
    [{}],
    {},
    {"": 1},
)


def _csv() -> bytes:
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in ROWS).encode("gb18030")


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _spoilt(table: Any, rng: random.Random) -> Any:
    """A copy of a TOML table with one to four values of another kind, left out or renamed."""
    table = copy.deepcopy(table)
    for _ in range(rng.randrange(1, 5)):
        at = table
        while True:
            key = rng.choice(list(at) if isinstance(at, dict) else range(len(at)))
            inner = at[key]
            if not isinstance(inner, dict | list) or not inner or rng.random() < 0.3:
                break
            at = inner
        fault = rng.randrange(3)
        if fault == 0:
            at[key] = rng.choice(ODD)
        elif fault == 1:
            del at[key]
        elif isinstance(at, dict):
            at[f"{key}x"] = at.pop(key)
        if not table:
            break
    return table


def _table(name: str) -> Callable[[bytes], object]:
    return lambda data: rowparse.parse("entities", data, name, PROVINCES)


def _damaged(data: bytes, read: Callable[[bytes], object]) -> Callable[[random.Random], object]:
    return lambda rng: read(damaged(data, rng))


def _mail(data: bytes) -> object:
    mail = parse_mail(data)
    assert mail.fingerprint
    return mail


PARSERS: dict[str, Callable[[random.Random], object]] = {
    "registry csv": _damaged(_csv(), _table("entities.csv")),
    "registry xlsx": _damaged(_xlsx(), _table("entities.xlsx")),
    "cycle": lambda rng: Cycle.parse(_spoilt(cycles.load("2019-2020"), rng)),
    "form": lambda rng: FormTemplate.parse(_spoilt(cycles.form("2019-2020"), rng)),
    "mail": _damaged(MAIL, _mail),
}


def _once(parser: str, seed: int) -> None:
    what = f"{seed} {parser}"
    read_or_refused(lambda: PARSERS[parser](random.Random(what)), BadInput, what)


@pytest.mark.parametrize("parser", PARSERS)
def test_good_input_is_read(parser: str) -> None:
    good: dict[str, Callable[[], object]] = {
        "registry csv": lambda: _table("entities.csv")(_csv()),
        "registry xlsx": lambda: _table("entities.xlsx")(_xlsx()),
        "cycle": lambda: Cycle.parse(cycles.load("2019-2020")),
        "form": lambda: FormTemplate.parse(cycles.form("2019-2020")),
        "mail": lambda: _mail(MAIL),
    }
    assert good[parser]()


@pytest.mark.parametrize("totals", [1180591620717411303424, "合计", [1], None])
def test_a_form_whose_list_is_none(totals: object) -> None:
    """Found by the sample: a TypeError, and a single text that counted as its letters."""
    with pytest.raises(BadInput, match="no list of texts"):
        FormTemplate.parse(cycles.form("2019-2020") | {"totals": totals})


@pytest.mark.parametrize("parser", PARSERS)
def test_damaged_input_is_read_or_refused(parser: str) -> None:
    for seed in range(40):
        _once(parser, seed)


@pytest.mark.soak
@pytest.mark.parametrize("parser", PARSERS)
def test_ten_minutes_of_damaged_input(parser: str) -> None:
    print(f"{parser}: {ten_minutes(lambda seed: _once(parser, seed))} inputs")
