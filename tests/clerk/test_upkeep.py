"""Backup, restore, doctor, the blank form: through the command line."""

import io
import os
import socket
from pathlib import Path
from subprocess import CompletedProcess

import docx
import pytest

import cycles
from clerk import blankform
from ocr import read_document
from procedure.acceptance import decide
from procedure.cycle import Cycle
from procedure.forms import FormTemplate
from store import schema
from tests import forked
from tests.postgres.cluster import Cluster
from tests.settled import settled
from tests.sink import Sink
from tests.store.helpers import tamper


def clerk(directory: Path, *arguments: str, **more: str) -> CompletedProcess[str]:
    environment = {**os.environ, "CLERK_DATA__DIRECTORY": str(directory), **more}
    done = forked.run(arguments, environment)
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_backup_is_restored_into_an_empty_place_only(tmp_path: Path) -> None:
    first, second, file = tmp_path / "first", tmp_path / "second", tmp_path / "copy.db"
    clerk(first, "init")
    clerk(first, "person", "invite", "陈示例", "reviewer", "13")
    assert clerk(first, "backup", str(file)).returncode == 0
    assert clerk(second, "restore", str(file)).returncode == 0
    assert "陈示例" in clerk(second, "person", "list").stdout
    again = clerk(second, "restore", str(file))
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_a_file_that_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_bytes(b"not a database at all" * 100)
    done = clerk(tmp_path / "data", "restore", str(file))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert list((tmp_path / "data").iterdir()) == []


def test_a_backup_with_a_changed_byte_does_not_verify(tmp_path: Path) -> None:
    first, file = tmp_path / "first", tmp_path / "copy.db"
    clerk(first, "init")
    clerk(first, "person", "invite", "陈示例", "reviewer", "13")
    clerk(first, "backup", str(file))
    data = bytearray(file.read_bytes())
    data[16384 : 16384 + 200] = b"\xff" * 200
    file.write_bytes(data)
    done = clerk(tmp_path / "second", "restore", str(file))
    assert done.returncode == 1
    assert not (tmp_path / "second" / "clerk.db").exists()


def test_doctor_names_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    clerk(tmp_path, "init")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    box = (
        f'[{{ host = "127.0.0.1", port = {port}, user = "x", password = "s3cret", ssl = "none" }}]'
    )
    done = clerk(
        tmp_path, "doctor",
        CLERK_RELAY__URL=f"smtp://127.0.0.1:{port}",
        CLERK_IMAP__ACCOUNTS=box,
        CLERK_CLOCK__START="2021-11-01T09:00:00+08:00",
    )  # fmt: skip
    assert done.returncode == 1
    said = done.stdout
    for sign in ("✗ relay:", "✗ mailbox x@127.0.0.1/INBOX:", "! clock:", "✗ office.address:"):
        assert sign in said
    assert "s3cret" not in said + done.stderr


def test_doctor_is_content_with_a_whole_installation(tmp_path: Path) -> None:
    sink = Sink()
    sink.start()
    try:
        clerk(tmp_path, "init")
        done = clerk(
            tmp_path, "doctor",
            CLERK_RELAY__URL=sink.url,
            CLERK_SMTP__LISTEN="127.0.0.1:0",
            CLERK_OFFICE__ADDRESS="ccer@clerk.example",
        )  # fmt: skip
    finally:
        sink.stop()
    assert done.returncode == 0, done.stdout
    assert "✗" not in done.stdout


def test_doctor_before_init(tmp_path: Path) -> None:
    done = clerk(tmp_path / "none", "doctor")
    assert done.returncode == 1
    assert "run 'clerk init'" in done.stdout


@pytest.mark.parametrize("name", cycles.ids())
def test_the_blank_form_filled_in_is_read_without_a_person(name: str) -> None:
    cycle = settled(name)
    year = cycle.years[-1] if cycle.cap_per_year else None
    document = docx.Document(io.BytesIO(blankform.blank(cycle, year)))
    fields, projects = document.tables
    filled = (
        "河北示例热电有限公司", "91130100MA0EXAMP9X", "河北省", "123,640", "6182",
        "00020211", "王示例", "0311-00000000",
    )  # fmt: skip
    for row, text in zip(fields.rows, filled, strict=True):
        row.cells[1].text = text
    for column, text in enumerate(("示例风电项目", "0123", "6182"), start=1):
        projects.cell(1, column).text = text
    projects.cell(blankform.ROWS + 1, 3).text = "6182"
    dated = next(one for one in document.paragraphs if one.text.startswith("申请日期"))
    dated.runs[0].text = "申请日期：2021年11月5日"
    out = io.BytesIO()
    document.save(out)
    template = FormTemplate.parse(cycles.form(cycle.form))
    (found,) = read_document(out.getvalue(), "申请表.docx", template)
    found = decide(found)
    assert found.kind == "application"
    accepted = {key: one.value for key, one in found.fields.items() if one.accepted}
    assert accepted["enterprise_name"] == "河北示例热电有限公司"
    assert (accepted["obligation_t"], accepted["offset_t"]) == (123640, 6182)
    assert accepted["account_no"] == "00020211"
    assert accepted.get("year") == (cycle.years[-1] if template.names_year else None)
    assert [row.amount_t.value for row in found.projects if row.amount_t] == [6182]


def test_the_blank_form_itself_holds_nothing_accepted() -> None:
    cycle = Cycle.parse(cycles.load("2019-2020"))
    template = FormTemplate.parse(cycles.form(cycle.form))
    (found,) = read_document(blankform.blank(cycle), "申请表.docx", template)
    assert [key for key, one in decide(found).fields.items() if one.value is not None] == []


def test_a_server_s_backup_is_made_at_work_and_restored_into_an_empty_database(
    tmp_path: Path, cluster: Cluster, server_url: str
) -> None:
    file, first = tmp_path / "copy.dump", {"CLERK_DATABASE__URL": server_url}
    clerk(tmp_path / "a", "init", **first)
    clerk(tmp_path / "a", "person", "invite", "陈示例", "reviewer", "13", **first)
    made = clerk(tmp_path / "a", "backup", str(file), **first)
    assert made.returncode == 0, made.stderr
    assert cluster.password not in made.stdout
    with cluster.fresh("template0") as empty:
        second = {"CLERK_DATABASE__URL": empty}
        (tmp_path / "b").mkdir()
        assert clerk(tmp_path / "b", "restore", str(file), **second).returncode == 0
        assert "陈示例" in clerk(tmp_path / "b", "person", "list", **second).stdout
        again = clerk(tmp_path / "b", "restore", str(file), **second)
        assert again.returncode == 2
        assert "empty database" in again.stderr


def test_a_broken_archive_leaves_the_database_empty(
    tmp_path: Path, cluster: Cluster, server_url: str
) -> None:
    file = tmp_path / "copy.dump"
    clerk(tmp_path, "backup", str(file), CLERK_DATABASE__URL=server_url)
    data = file.read_bytes()
    with cluster.fresh("template0") as empty:
        for broken in (data[: len(data) // 2], b"no archive at all"):
            file.write_bytes(broken)
            done = clerk(tmp_path, "restore", str(file), CLERK_DATABASE__URL=empty)
            assert done.returncode == 1
            assert "pg_restore failed" in done.stderr
            assert schema.tables(empty) == []


def test_an_archive_that_does_not_verify_is_taken_out_again(
    tmp_path: Path, cluster: Cluster, server_url: str
) -> None:
    file = tmp_path / "copy.dump"
    person = "INSERT INTO binding VALUES ('telegram', '7', '张某', now())"
    chunk = "INSERT INTO document VALUES ('x', 1, '', now())"
    tamper(server_url, chunk)
    clerk(tmp_path, "backup", str(file), CLERK_DATABASE__URL=server_url)
    with cluster.fresh("template0") as empty:
        done = clerk(tmp_path, "restore", str(file), CLERK_DATABASE__URL=empty)
        assert done.returncode == 1
        assert "does not verify" in done.stderr
        assert schema.tables(empty) == []
    # A reference to a row that is not there the server refuses itself.
    tamper(server_url, "DELETE FROM document", person)
    clerk(tmp_path, "backup", str(file), CLERK_DATABASE__URL=server_url)
    with cluster.fresh("template0") as empty:
        assert clerk(tmp_path, "restore", str(file), CLERK_DATABASE__URL=empty).returncode == 1
        assert schema.tables(empty) == []


def test_an_installation_moves_to_a_server(tmp_path: Path, server_url: str) -> None:
    clerk(tmp_path, "init")
    clerk(tmp_path, "person", "invite", "陈示例", "reviewer", "13")
    moved = clerk(tmp_path, "migrate", CLERK_MIGRATE_URL=server_url)
    assert "person 1" in moved.stdout, moved.stderr
    target = {"CLERK_DATABASE__URL": server_url}
    assert "陈示例" in clerk(tmp_path, "person", "list", **target).stdout
    assert clerk(tmp_path, "verify", **target).returncode == 0
    assert clerk(tmp_path, "migrate", server_url).returncode == 2
