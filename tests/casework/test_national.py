"""The registration body's daily file, and what was sent by a moment of the past."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest

from casework import digests
from casework.digests import DigestKind
from casework.rounds import NATIONAL
from letters import dress
from procedure.errors import WrongUse
from procedure.facts import NationalRecords
from tests.casework.made import Firm, at
from tests.casework.office import HEBEI, OPERATOR, Office, RecordRow

A = Firm(1)
B = Firm(2, "山西示例二号热力有限公司", "14", "山西省", email="b@x.example")


def national(office: Office, made: list[str]) -> NationalRecords:
    (key,) = [one for one in made if one.startswith("national:")]
    found = digests.facts_of(office.desk, OPERATOR, key)
    assert isinstance(found, NationalRecords)
    return found


def two_days(tmp_path: Path) -> tuple[Office, NationalRecords, NationalRecords]:
    """Records of two provinces; on the next day one of them is another."""
    office = Office(tmp_path)
    office.entities(A, B)
    rows: list[RecordRow] = [
        (A, 700, "2021-11-03 10:00:00"),
        (B, 500, "2021-11-03 11:00:00", "处理中"),
    ]
    office.clock.to("2021-11-03 17:01")
    office.cancellations(*rows, until="2021-11-03 17:00")
    first = digests.make_due(office.desk, office.clock.to("2021-11-03 17:05"))
    rows[1] = (B, 500, "2021-11-03 11:00:00", "已完成")
    office.clock.to("2021-11-04 17:01")
    office.cancellations(*rows, until="2021-11-04 17:00")
    second = digests.make_due(office.desk, office.clock.to("2021-11-04 17:05"))
    last = [key for key in second if "2021-11-04/2021-11-04" in key]
    only = [key for key in first if "2021-11-03/2021-11-03" in key]
    return office, national(office, only), national(office, last)


def test_one_file_of_all_provinces_each_record_once_and_its_correction(tmp_path: Path) -> None:
    office, first, second = two_days(tmp_path)
    told = [(row.province, row.quantity_t, row.change) for row in first.rows]
    assert told == [("河北省", 700, "新增"), ("山西省", 500, "新增")]
    assert [(one.name, one.records, one.total_t) for one in first.provinces] == [
        ("河北省", 1, 700),
        ("山西省", 1, 0),
    ]
    assert [(row.province, row.change) for row in second.rows] == [("山西省", "更正")]
    assert second.rows[0].record == first.rows[1].record
    assert (first.total_t, second.total_t, second.cumulative_t) == (700, 500, 1_200)
    office.close()


def test_the_file_has_the_layout_that_is_documented(tmp_path: Path) -> None:
    office, first, _ = two_days(tmp_path)
    (file,) = dress("national", first).attachments
    assert file.name == "CCER_CANCELLATIONS_2019-2020_20211103.csv"
    rows = list(csv.DictReader(io.StringIO(file.content().decode("utf-8"))))
    layout = (Path(__file__).parents[2] / "docs" / "registry-file.md").read_text()
    assert [f"| `{name}` |" in layout for name in rows[0]] == [True] * len(rows[0])
    assert rows[0]["quantity_t"] == "700"
    assert rows[0]["change"] == "new"
    assert datetime.fromisoformat(rows[0]["time"]) == at("2021-11-03 10:00")
    office.close()


def test_another_installation_imports_it_as_it_is(tmp_path: Path) -> None:
    office, first, _ = two_days(tmp_path)
    (file,) = dress("national", first).attachments
    (tmp_path / "crc").mkdir()
    there = Office(tmp_path / "crc", roles=frozenset({"crc"}))
    there.clock.to("2021-11-03 17:05")
    there.entities(A, B)
    report = there.table_of("cancellations", file.content(), file.name, "2021-11-03 17:00")
    assert (report.ok, report.rows) == (True, 2)
    there.close()
    office.close()


def test_it_goes_to_the_registration_body_and_no_province_sees_it(tmp_path: Path) -> None:
    office, first, _ = two_days(tmp_path)
    (line,) = [one for one in digests.listed(office.desk, OPERATOR) if one.rows == len(first.rows)]
    assert line.recipients == ("ccer@chinacrc.net.cn",)
    assert line.province == NATIONAL
    assert {one.kind for one in digests.listed(office.desk, HEBEI)} == {"daily"}
    office.close()


def test_a_preview_after_the_last_round_is_that_of_a_supplement(office: Office) -> None:
    office.entities(A)
    before = office.clock.to("2021-12-15 16:00")
    assert digests.preview(office.desk, OPERATOR, "daily", "13", before).period.supplement == 0
    office.clock.to("2021-12-15 17:01")
    office.cancellations(until="2021-12-15 17:00")
    now = office.clock.to("2021-12-15 17:05")
    digests.make_due(office.desk, now)
    shown: tuple[tuple[DigestKind, str], ...]
    shown = (("daily", "13"), ("weekly", "13"), ("national", NATIONAL))
    numbers = [
        digests.preview(office.desk, OPERATOR, kind, province, now).period.supplement
        for kind, province in shown
    ]
    assert numbers == [1, 1, 1]


def test_what_was_sent_by_a_moment(tmp_path: Path) -> None:
    office, first, second = two_days(tmp_path)
    desk = office.desk
    sent = digests.as_of(desk, OPERATOR, "national", NATIONAL, at("2021-11-04 17:04"))
    assert sent.facts == first
    sent = digests.as_of(desk, OPERATOR, "national", NATIONAL, at("2021-11-04 17:05"))
    assert sent.facts == second
    with pytest.raises(WrongUse):
        digests.as_of(desk, OPERATOR, "national", NATIONAL, at("2021-11-03 17:00"))
    office.close()
