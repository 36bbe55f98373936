"""The first settings: by options or questions, secrets apart, nothing written over."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clerk.beginning import Answers, write
from clerk.cli import cli
from clerk.settings import load
from procedure.errors import WrongUse
from tests.sink import Sink

SECRETS = {"relay": "relay-s3cret/1", "imap": "imap-s3cret:2", "telegram": "77:telegram-s3cret"}


def run(folder: Path, *arguments: str, text: str | None = None) -> Result:
    clean = {name: None for name in os.environ if name.startswith("CLERK_")}
    command = ["init", "--config", str(folder / "clerk.toml"), *arguments]
    return CliRunner(env=clean).invoke(cli, command, input=text)


def hidden(folder: Path, name: str) -> str:
    path = folder / f"{name}.in"
    path.write_text(SECRETS[name], encoding="utf-8")
    return str(path)


def is_private(path: Path) -> bool:
    return path.stat().st_mode & 0o777 == 0o600


def test_options_alone_set_everything_up(tmp_path: Path) -> None:
    done = run(
        tmp_path, "--roles", "province,ncsc", "--provinces", "河北，兵团",
        "--address", "ccer@office.example", "--mailboxes", "河北=hb@province.example",
        "--imap", "ccer@qq.com", "--imap-profile", "qq",
        "--imap-password-file", hidden(tmp_path, "imap"),
        "--relay", "smtp+starttls://ccer@127.0.0.1:1",
        "--relay-password-file", hidden(tmp_path, "relay"),
        "--telegram-token-file", hidden(tmp_path, "telegram"), "--data", str(tmp_path / "data"),
    )  # fmt: skip
    # No relay listens there: it says so, and what was made stays.
    assert done.exit_code == 1
    assert "✗ relay:" in done.output
    assert "clerk person invite" in done.output
    written = (tmp_path / "clerk.toml").read_text(encoding="utf-8")
    settings = load(tmp_path / "clerk.toml", {})
    assert settings.office.provinces == ("13", "66")
    assert settings.office.mailboxes == {"13": "hb@province.example"}
    assert set(settings.office.own_addresses) == {"ccer@office.example", "ccer@qq.com"}
    assert settings.relay.url == "smtp+starttls://ccer:relay-s3cret%2F1@127.0.0.1:1"
    assert settings.telegram.token.get_secret_value() == SECRETS["telegram"]
    assert settings.imap.accounts[0].told("password") == SECRETS["imap"]
    assert (tmp_path / "data" / "clerk.db").is_file()
    for secret in ("s3cret", *SECRETS.values()):
        assert secret not in written + done.output
    assert all(is_private(path) for path in (tmp_path / "secrets").iterdir())
    assert len(list((tmp_path / "secrets").iterdir())) == 3


def test_questions_set_the_same_up(tmp_path: Path) -> None:
    sink = Sink()
    sink.start()
    answers = (
        "province", "河北", "ccer@office.example", "受理处", "13=hb@province.example",
        "ops@office.example", "", "127.0.0.1:0", sink.url, SECRETS["telegram"],
        str(tmp_path / "data"),
    )  # fmt: skip
    try:
        done = run(tmp_path, "--ask", text="".join(f"{one}\n" for one in answers))
    finally:
        sink.stop()
    assert done.exit_code == 0, done.output
    settings = load(tmp_path / "clerk.toml", {})
    assert (settings.office.roles, settings.office.provinces) == (("province",), ("13",))
    assert settings.office.operator_mailbox == "ops@office.example"
    assert settings.relay.url == sink.url
    assert SECRETS["telegram"] not in (tmp_path / "clerk.toml").read_text(encoding="utf-8")
    assert SECRETS["telegram"] not in done.output
    assert is_private(tmp_path / "secrets" / "telegram_token")


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    answers = Answers(address="ccer@office.example", telegram_token="1:new")
    write(answers, tmp_path / "clerk.toml")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(WrongUse, match=r"clerk\.toml is there already"):
        write(answers, tmp_path / "clerk.toml")
    with pytest.raises(WrongUse, match="telegram_token is there already"):
        write(answers, tmp_path / "other.toml")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (Answers(provinces=("火星",)), "no province '火星'"),
        (Answers(address="nobody"), "'nobody' is no mail address"),
        (Answers(mailboxes={"13": "hb"}), "'hb' is no mail address"),
        (Answers(relay="http://relay"), "is no relay"),
        (Answers(relay="smtp://host", relay_password="x"), "needs its user"),
        (Answers(imap="mail.example"), "is no mailbox"),
        (Answers(imap="a@b.example", profile="hotmail"), "no mailbox profile 'hotmail'"),
    ],
)  # fmt: skip
def test_an_answer_that_makes_no_sense_leaves_nothing(
    tmp_path: Path, answers: Answers, said: str
) -> None:
    with pytest.raises(WrongUse, match=re.escape(said)):
        write(answers, tmp_path / "new" / "clerk.toml")
    assert list(tmp_path.iterdir()) == []


def test_without_options_it_only_makes_the_database(tmp_path: Path) -> None:
    settings = tmp_path / "clerk.toml"
    settings.write_text(f'[data]\ndirectory = "{tmp_path}/data"\n', encoding="utf-8")
    for _ in range(2):
        done = run(tmp_path)
        assert (done.exit_code, done.output.split(":")[0]) == (0, "ready")
    assert settings.read_text(encoding="utf-8").count("\n") == 2


def test_a_key_and_its_file_at_once_are_refused(tmp_path: Path) -> None:
    config = tmp_path / "clerk.toml"
    config.write_text('[relay]\nurl = "smtp://a"\nurl_file = "x"\n', encoding="utf-8")
    with pytest.raises(WrongUse, match=r"both relay\.url and relay\.url_file"):
        load(config, {})
    config.write_text('[relay]\nurl_file = "/nowhere/x"\n', encoding="utf-8")
    with pytest.raises(WrongUse, match="/nowhere/x cannot be read"):
        load(config, {})
