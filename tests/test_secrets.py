"""No secret is logged or printed: planted in every place that takes one, looked for everywhere."""

import os
import re
import smtplib
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr
from sqlalchemy import make_url

from clerk.logs import secrets_of
from clerk.mail_settings import Mailbox
from clerk.settings import Settings, load
from tests import forked
from tests.bot.botapi import BotApi, serving
from tests.crash.load import mail
from tests.house import RunningHouse, free_port, until
from tests.mailer.listening import certificate
from tests.mailer.relay import Relay

PLANTED = {
    "relay": "s3cret-relay-1", "imap": "s3cret-imap-2", "client": "s3cret-client-3",
    "grant": "s3cret-grant-4", "login": "s3cret-login-5", "token": "66:s3cret-token-6",
}  # fmt: skip
START = "2021-11-26T09:00:00+08:00"
DOORS = ("clerk.jobs", "clerk.watching", "httpcore", "mail.log", "telegram.ext")
"""Whose lines the log of a road holds, at least."""


@dataclass(frozen=True)
class At:
    """Where letters are handed to."""

    url: str


def settings_file(directory: Path, relay: str, port: int) -> Path:
    """Everything that takes a secret has one; two mailboxes that nobody answers for."""
    path = directory / "clerk.toml"
    pem, key = certificate(directory)
    path.write_text(f"""
[relay]
url = "{relay.replace("smtp://", f"smtp://clerk:{PLANTED['relay']}@")}"
[telegram]
token = "{PLANTED["token"]}"
[smtp]
certificate = "{pem}"
key = "{key}"
users = {{ "desk@clerk.example" = "{PLANTED["login"]}" }}
[[imap.accounts]]
host = "127.0.0.1"
port = {port}
ssl = "none"
user = "box@clerk.example"
password = "{PLANTED["imap"]}"
[[imap.accounts]]
host = "127.0.0.1"
port = {port}
ssl = "none"
user = "oauth@clerk.example"
client_id = "app"
client_secret = "{PLANTED["client"]}"
refresh_token = "{PLANTED["grant"]}"
endpoint = "http://127.0.0.1:{port}/token"
""", encoding="utf-8")  # fmt: skip
    return path


def said(house: RunningHouse, *arguments: str) -> str:
    """All that a command prints, whether it went well or not."""
    done = forked.run(arguments, house.environment, timeout=280)
    return (done.stdout + done.stderr).decode()


@pytest.mark.timeout(280)
def test_a_road_with_everything_logged_tells_no_secret(tmp_path: Path, server_url: str) -> None:
    api = BotApi()
    with Relay() as relay, serving(api) as url:
        house = RunningHouse(tmp_path, At(f"smtp://127.0.0.1:{relay.port}"), START, server_url)
        relay_url = house.environment.pop("CLERK_RELAY__URL")
        health = f"127.0.0.1:{free_port()}"
        house.environment |= {
            "CLERK_CONFIG": str(settings_file(tmp_path, relay_url, free_port())),
            "CLERK_LOG__LEVEL": "debug", "CLERK_LOG__FORMAT": "json",
            "CLERK_HEALTH__LISTEN": health,
            "CLERK_TELEGRAM__BASE_URL": url, "NO_PROXY": "127.0.0.1",
        }  # fmt: skip
        out = [said(house, "init"), said(house, "doctor", "--mailbox", "--wait", "1")]
        code = said(house, "person", "invite", "陈示例", "reviewer", "13").split()[-1]
        out.append(_walked(house, relay, health))
        out += [said(house, "outbox", "list", "--state", "all"), said(house, "migrate", server_url)]
    log = house.log.read_text(encoding="utf-8")
    everything = "\n".join([*out, log])
    planted = {**PLANTED, "database": str(make_url(server_url).password), "code": code}
    assert {name for name, secret in planted.items() if secret in everything} == set()


def _walked(house: RunningHouse, relay: Relay, health: str) -> str:
    """A mail arrives and is answered through the relay, with logins everywhere; the metrics."""
    try:
        house.start()
        house.send(mail(1), "load1@163.example")
        with smtplib.SMTP("127.0.0.1", house.port, timeout=60) as smtp:
            smtp.starttls()
            assert smtp.login("desk@clerk.example", PLANTED["login"])[0] == 235
        # With all doors at work: what is not logged at all tells no secret either.
        until(lambda: len(relay.mails) > 0 and not _silent(house), 120, lambda: _silent(house))
        with urllib.request.urlopen(f"http://{health}/metrics", timeout=20) as answer:
            return str(answer.read().decode())
    finally:
        house.stop()


def _silent(house: RunningHouse) -> list[str]:
    """Doors of which the log has no line yet."""
    log = house.log.read_text(encoding="utf-8")
    return [one for one in DOORS if f'"logger": "{one}' not in log]


def test_every_secret_of_the_settings_is_known_to_the_log(tmp_path: Path) -> None:
    (tmp_path / "grant").write_text("s3cret-in-a-file\n", encoding="utf-8")
    path = settings_file(tmp_path, "smtp://relay.example", 1)
    text = path.read_text(encoding="utf-8")
    text = text.replace(f'refresh_token = "{PLANTED["grant"]}"',
                        f'refresh_token_file = "{tmp_path}/grant"')  # fmt: skip
    path.write_text(text + '[database]\nurl = "postgresql://c:s3cret%2Fdb@h/d"\n', encoding="utf-8")
    known = secrets_of(load(path, {}))
    wanted = {value for name, value in PLANTED.items() if name != "grant"}
    assert wanted | {"s3cret-in-a-file", "s3cret/db", "s3cret%2Fdb"} <= known


def test_every_setting_that_sounds_like_a_secret_is_one() -> None:
    """A new key for a password must be one that no repr shows."""
    loud = re.compile(r"password|secret|token$|grant")
    found = {}
    models: list[type[BaseModel]] = [Mailbox]
    models += [one.annotation for one in Settings.model_fields.values()
               if isinstance(one.annotation, type)]  # fmt: skip
    for model in models:
        for name, field in model.model_fields.items():
            if loud.search(name) and not name.endswith("_file"):
                found[f"{model.__name__}.{name}"] = field.annotation
    assert found
    assert {name for name, kind in found.items() if kind is not SecretStr} == set()
    assert os.environ.get("CLERK_TELEGRAM__TOKEN") is None
