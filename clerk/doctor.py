"""What is wrong with an installation, and what to do: `clerk doctor`."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from smtplib import SMTPException
from typing import Literal

import ocr
from clerk.doors import accounts, listening_of, signer_of
from clerk.settings import Settings
from clerk.wiring import House, open_house
from mailer.listener.certificate import Certificate
from mailer.sender import Relay, Sender
from mailer.watcher import Limits, try_login
from procedure.errors import ClerkError

FREE = 2 * 1024**3
"""Bytes below which the disk is called nearly full."""
LANGUAGES = ("chi_sim", "eng")
FONTS = (
    "fonts-noto-cjk", "fonts-wqy-microhei", "fonts-wqy-zenhei", "fonts-arphic-uming",
    "fonts-arphic-ukai", "fonts-lxgw-wenkai",
)  # fmt: skip
"""Debian's packages of the faces that papers and screens are set in most often there."""


@dataclass(frozen=True)
class Finding:
    """One look: at what, how it is, and what to do about it."""

    what: str
    state: Literal["ok", "warning", "fault"]
    text: str
    todo: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Everything looked at, in the order in which to mend it. Sends and stores nothing."""
    found = [*_place(settings), *_clock(settings)]
    try:
        house = open_house(settings)
    except ClerkError as error:
        return [*found, Finding("database", "fault", str(error), "run 'clerk init'")]
    try:
        for look in LOOKS:
            found += look(house)
    finally:
        house.store.close()
    return found


def _place(settings: Settings) -> Iterator[Finding]:
    directory = settings.data.directory
    if not directory.is_dir():
        todo = "run 'clerk init', or set data.directory"
        yield Finding("data directory", "fault", f"{directory} is not there", todo)
        return
    free = shutil.disk_usage(directory).free
    text = f"{directory.resolve()}, {free // 1024**2} MiB free"
    if free < FREE:
        yield Finding("data directory", "warning", text, "make room: a full disk stops all mail")
    else:
        yield Finding("data directory", "ok", text)


def _clock(settings: Settings) -> Iterator[Finding]:
    chosen = settings.clock
    if chosen.start or chosen.file:
        text = f"not the machine's own time: {chosen.start or chosen.file}"
        yield Finding("clock", "warning", text, "remove clock.* outside tests and rehearsals")
    else:
        yield Finding("clock", "ok", "the machine's own time")


def _database(house: House) -> Iterator[Finding]:
    url = house.settings.database_url.rpartition("@")[2]
    yield Finding("database", "ok", f"{url}, schema up to date")


def _engines(_house: House) -> Iterator[Finding]:
    have = ocr.engines_available()
    families = ("ppocr-v6", "ppocr-v4")
    faults = ocr.engine_faults([name for name in families if have[name]])
    for name in families:
        if fault := faults.get(name, "is not installed"):
            todo = "install the requirements again: no scan can be read without it"
            yield Finding(f"engine {name}", "fault", fault, todo)
        else:
            yield Finding(f"engine {name}", "ok", "runs")
    yield from _tesseract(have["tesseract"])
    yield from _typefaces(ocr.typefaces_available())


def _typefaces(count: int) -> Iterator[Finding]:
    if count > 1:
        yield Finding("typefaces", "ok", f"{count} that papers are compared with")
        return
    todo = f"apt install {' '.join(FONTS)}: more of what screens print small is proven"
    yield Finding("typefaces", "warning", "none but the packaged one", todo)


def _tesseract(there: bool) -> Iterator[Finding]:
    todo = "apt install tesseract-ocr tesseract-ocr-chi-sim: a further voter on digits"
    if not there:
        yield Finding("engine tesseract", "warning", "is not installed", todo)
        return
    command = ["tesseract", "--list-langs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    missing = sorted(set(LANGUAGES) - set(done.stdout.split()))
    if missing:
        text = f"lacks the languages {', '.join(missing)}"
        yield Finding("engine tesseract", "warning", text, todo)
    else:
        yield Finding("engine tesseract", "ok", f"with {', '.join(LANGUAGES)}")


def _listener(house: House) -> Iterator[Finding]:
    listen = house.settings.smtp.listen
    host, _, port = listen.rpartition(":")
    if _answers(host, port):
        yield Finding("smtp.listen", "ok", f"{listen}: somebody listens there (is it serving?)")
        return
    try:
        with socket.create_server((host.strip("[]"), int(port))):
            yield Finding("smtp.listen", "ok", f"{listen} is free to listen on")
    except (OSError, ValueError, OverflowError) as error:
        todo = "set smtp.listen to an address of this machine and a free port that we may take"
        yield Finding("smtp.listen", "fault", f"{listen}: {error}", todo)


def _certificate(house: House) -> Iterator[Finding]:
    """The listener's settings as a whole, and the certificate that it would show."""
    try:
        options = listening_of(house).options
        if options.certificate:
            Certificate(options.certificate, options.key)
            yield Finding("smtp.certificate", "ok", f"{options.certificate} can be used")
    except ClerkError as error:
        yield Finding("smtp", "fault", str(error), "correct it in [smtp]")


def _signature(house: House) -> Iterator[Finding]:
    try:
        if signer_of(house):
            yield Finding("dkim", "ok", "letters are signed")
    except ClerkError as error:
        todo = "set dkim.key to an RSA key in PEM that the service may read"
        yield Finding("dkim", "fault", str(error), todo)


def _vouching(house: House) -> Iterator[Finding]:
    evidence = house.settings.evidence
    if not evidence.servers and not evidence.dns:
        todo = "set evidence.servers (behind a mail server) or evidence.dns (on direct receipt)"
        yield Finding("evidence", "warning", "nobody is asked whether senders are genuine", todo)


def _answers(host: str, port: str) -> bool:
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=2):
            return True
    except (OSError, ValueError, OverflowError):
        return False


def _relay(house: House) -> Iterator[Finding]:
    url = house.settings.relay.url
    if not url:
        todo = "set relay.url: letters are made and kept, none is sent"
        yield Finding("relay", "fault", "relay.url is empty", todo)
        return
    try:
        text = Sender(Relay.parse(url)).greet()
    except (ClerkError, OSError, SMTPException) as error:
        todo = "check relay.url, its password, and the way there"
        yield Finding("relay", "fault", str(error), todo)
    else:
        yield Finding("relay", "ok", text)


def _mailboxes(house: House) -> Iterator[Finding]:
    """Log in to each watched folder as the watcher would; nothing is taken."""
    try:
        found = accounts(house)
    except ClerkError as error:
        yield Finding("imap.accounts", "fault", str(error), "correct it in [[imap.accounts]]")
        return
    for account in found:
        what = f"mailbox {account.name}/{account.folder}"
        try:
            try_login(account, Limits(connect=10, read=20))
        except ClerkError as error:
            yield Finding(what, "fault", str(error), "check imap.accounts: host, user, password")
        else:
            yield Finding(what, "ok", "logged in, folder is there")


def _office(house: House) -> Iterator[Finding]:
    office = house.settings.office
    if office.address == "clerk@localhost":
        todo = "set office.address: answers to it come back to nobody"
        yield Finding("office.address", "fault", "is still the default", todo)
    if "ncsc" in office.roles:
        lacking = sorted(house.desk.served - set(house.desk.province_mailboxes))
        if lacking:
            names = "、".join(house.desk.province(one).short for one in lacking)
            todo = "set office.mailboxes: their daily records have nowhere to go"
            yield Finding("office.mailboxes", "warning", f"none for {names}", todo)
    if not office.operator_mailbox:
        todo = "set office.operator_mailbox: alarms are in the tray and the log alone"
        yield Finding("office.operator_mailbox", "warning", "is empty", todo)


def _settings_files(house: House) -> Iterator[Finding]:
    file = house.settings.clock.file
    if file is not None and not Path(file).is_file():
        yield Finding("clock.file", "fault", f"{file} is not there", "write a moment into it")


def _bot(house: House) -> Iterator[Finding]:
    if not house.settings.telegram.token.get_secret_value():
        todo = "set telegram.token, or have staff use 'clerk chat' and 'clerk case'"
        yield Finding("chat", "warning", "telegram.token is empty: the bot is not run", todo)


LOOKS: tuple[Callable[[House], Iterator[Finding]], ...] = (
    _database, _engines, _listener, _certificate, _vouching, _relay, _signature, _mailboxes,
    _office, _settings_files, _bot,
)  # fmt: skip
