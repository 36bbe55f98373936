"""`clerk init`: the first settings, the database, and a look at both."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from clerk import beginning
from clerk.beginning import Answers
from clerk.commands.common import config_option, house_of
from clerk.commands.upkeep import show
from clerk.doctor import examine
from clerk.section import secret
from clerk.settings import CONFIG, PLACES, file_of, load
from mailer.watcher.profiles import PROFILES
from procedure.errors import WrongUse

Option = Callable[[Callable[..., Any]], Callable[..., Any]]
NEXT = """\
下一步 Next:
  1. 处理上面标记为 ✗ 和 ! 的项目，再运行 clerk doctor   mend what is marked, then: clerk doctor
  2. clerk registry import entities FILE                  导入重点排放单位名录等登记数据
  3. clerk person invite NAME reviewer 13                 邀请工作人员，得到一次性绑定码
  4. clerk serve                                          开始收信"""


def _plain(name: str, help_: str) -> Option:
    return click.option(name, default="", help=help_)


def _listed(name: str, help_: str) -> Option:
    return click.option(name, default="", metavar="A,B", help=help_)


def _secret(name: str, help_: str) -> Option:
    """A secret is named by its file: arguments are in the list of processes."""
    return click.option(name, default="", metavar="FILE", help=help_)


OPTIONS: tuple[Option, ...] = (
    _listed("--roles", "Desks here: province, ncsc, crc."),
    _listed("--provinces", "Provinces served, by name or prefix; none serves all 32."),
    _plain("--name", "Name below each letter."),
    _plain("--address", "From address of letters."),
    _plain("--phone", "Telephone number below each letter."),
    _listed("--mailboxes", "Designated mailboxes of provinces: 13=a@b.example,37=…"),
    _plain("--operator-mailbox", "Where alarms go."),
    _plain("--listen", "address:port on which mail is taken."),
    _plain("--imap", "A mailbox that is watched: USER@HOST, or its address with a profile."),
    click.option("--imap-profile", "profile", default="", help=f"Provider: {', '.join(PROFILES)}."),
    _secret("--imap-password-file", "File that holds the mailbox's password."),
    _plain("--relay", "smtp://, smtp+starttls:// or smtps:// relay of letters."),
    _secret("--relay-password-file", "File that holds the relay's password."),
    _secret("--telegram-token-file", "File that holds the bot's token."),
    _plain("--data", "Directory of the database and locks."),
    _secret("--database-url-file", "File that holds the address of a PostgreSQL database."),
)


def _with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.command()
@config_option
@click.option(
    "--ask/--no-ask", default=None,
    help="Ask for the settings; by default on a terminal where there are none yet.",
)  # fmt: skip
@_with_options
def init(config: Path | None, ask: bool | None, **given: str) -> None:
    """Write the first settings (by questions or options), make the database, look at both.

    Where there are settings: make the data directory and database, or bring them up to date.
    """
    answers = _from_options(given)
    if ask is None:
        ask = not answers.given and sys.stdin.isatty() and _file(config) is None
    if ask:
        answers = _asked()
    if not answers.given:
        click.echo(f"ready: {_made(config)}")
        return
    target = config or Path(os.environ.get(CONFIG) or PLACES[0])
    for path in beginning.write(answers, target):
        click.echo(f"written: {path}")
    click.echo(f"ready: {_made(target)}")
    faults = show(examine(load(target)))
    click.echo(NEXT)
    sys.exit(1 if faults else 0)


def _file(config: Path | None) -> Path | None:
    return config if config is not None and config.exists() else file_of()


def _made(config: Path | None) -> str:
    """The database, made or brought up to date; its address without a password."""
    return house_of(config, create=True).settings.database_url.rpartition("@")[2]


def _from_options(given: dict[str, str]) -> Answers:
    def told(name: str) -> str:
        path = given[f"{name}_file"]
        return secret(f"--{name.replace('_', '-')}-file", path) if path else ""

    return Answers(
        roles=_parts(given["roles"]),
        provinces=_parts(given["provinces"]),
        name=given["name"],
        address=given["address"],
        phone=given["phone"],
        mailboxes=_pairs(given["mailboxes"]),
        operator_mailbox=given["operator_mailbox"],
        listen=given["listen"],
        imap=given["imap"],
        profile=given["profile"],
        imap_password=told("imap_password"),
        relay=given["relay"],
        relay_password=told("relay_password"),
        telegram_token=told("telegram_token"),
        data=str(Path(given["data"]).absolute()) if given["data"] else "",
        database=told("database_url"),
    )


def _parts(text: str) -> tuple[str, ...]:
    """Separated by commas, Chinese ones too."""
    plain = text.replace("，", ",").replace("、", ",")
    return tuple(part.strip() for part in plain.split(",") if part.strip())


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for part in _parts(text):
        key, sign, value = part.partition("=")
        if not sign:
            raise WrongUse(f"{part!r} is no PROVINCE=ADDRESS, such as 13=hebei@province.example")
        found[key.strip()] = value.strip()
    return found


def _asked() -> Answers:
    """A few questions; an empty answer takes the default."""
    click.echo("初始设置。直接回车取方括号中的值。 A few questions; Enter takes what is in [].")
    roles = _question("本机承担的角色 desks here: province, ncsc, crc", "province,ncsc")
    provinces = _question("服务的省份，名称或代码，空为全部 provinces served, empty: all 32")
    address = _question("发信地址 From address of letters")
    name = _question("信末署名 name below each letter")
    mailboxes = _question("各省指定邮箱 mailboxes of provinces, 13=a@b,37=…")
    operator = _question("告警邮箱 where alarms go")
    imap = _question("要查收的邮箱，空则只用 SMTP 收信 mailbox to watch, USER@HOST, empty: none")
    profile = _question(f"邮箱服务商 provider: {', '.join(PROFILES)}") if imap else ""
    imap_password = _hidden("邮箱密码或授权码 its password") if imap else ""
    listen = _question("SMTP 收信地址 address to take mail on", "127.0.0.1:2525")
    relay = _question("发信服务器 relay, such as smtp+starttls://user@host:587")
    relay_password = _hidden("发信服务器密码 its password") if "@" in relay else ""
    token = _hidden("Telegram 机器人令牌，没有则空 bot token, empty: none")
    data = _question("数据目录 data directory", str(Path("clerk-data").absolute()))
    return Answers(
        roles=_parts(roles), provinces=_parts(provinces), name=name, address=address,
        mailboxes=_pairs(mailboxes), operator_mailbox=operator, listen=listen, imap=imap,
        profile=profile, imap_password=imap_password, relay=relay,
        relay_password=relay_password, telegram_token=token, data=data,
    )  # fmt: skip


def _question(text: str, default: str = "") -> str:
    answer: str = click.prompt(text, default=default, show_default=bool(default), type=str)
    return answer.strip()


def _hidden(text: str) -> str:
    answer: str = click.prompt(text, default="", show_default=False, hide_input=True, type=str)
    return answer.strip()
