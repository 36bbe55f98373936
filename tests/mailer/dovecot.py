"""A real Dovecot on a loopback port, with a private configuration, for the watcher's tests."""

import getpass
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

USER, PASSWORD = "clerk@desk.example", "loopback-only"
BINARY = shutil.which("dovecot", path="/usr/sbin:/usr/bin:/usr/local/sbin")

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{base}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
mailbox_idle_check_interval = 1s
imap_id_log = *
auth_failure_delay = 0
imap_capability = {capability}
{extra}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""


class Dovecot:
    """One server with one account; `kill`, `freeze`, `thaw` and `start` again as needed."""

    def __init__(self, *, capability: str = "", extra: str = "") -> None:
        self.base = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port = _free_port()
        self.tls_port = _free_port() if "ssl = yes" in extra else 0
        self._pid = 0
        self._master: subprocess.Popen[bytes] | None = None
        self._configure(capability, extra)

    def _configure(self, capability: str, extra: str) -> None:
        self.base.chmod(0o755)
        mail = self.base / "mail"
        mail.mkdir()
        owner, internal, login = _users()
        if os.geteuid() == 0:
            os.chown(mail, owner.pw_uid, owner.pw_gid)
        text = CONFIG.format(
            base=self.base, port=self.port, password=PASSWORD, uid=owner.pw_uid,
            gid=owner.pw_gid, internal=internal, internal_group=_group(internal), login=login,
            capability=capability, extra=extra, tls_port=self.tls_port,
        )  # fmt: skip
        (self.base / "dovecot.conf").write_text(text, encoding="ascii")

    def start(self) -> None:
        """Start and wait until it greets."""
        assert BINARY is not None
        command = [BINARY, "-F", "-c", str(self.base / "dovecot.conf")]
        with (self.base / "out").open("ab") as out:
            self._master = subprocess.Popen(command, stdout=out, stderr=out)
        self._pid = self._master.pid
        self._wait_for_greeting()

    def _wait_for_greeting(self) -> None:
        for _ in range(100):
            try:
                self.client().logout()
            except (OSError, imaplib.IMAP4.error):
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.base / "out").read_text() + (self.base / "log").read_text())

    def kill(self) -> None:
        """As a machine that loses power: no server process says goodbye."""
        for pid in self._family():
            _signal(pid, signal.SIGKILL)
        assert self._master is not None
        self._master.wait(10)
        (self.base / "run" / "master.pid").unlink(missing_ok=True)
        # Lock files of the dead, which a server would wait for two minutes long.
        for lock in (self.base / "mail").rglob("*.lock"):
            lock.unlink(missing_ok=True)
        self._pid = 0

    def freeze(self) -> None:
        """Every process stands still; connections stay open and say nothing."""
        for pid in self._family():
            _signal(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on after `freeze`."""
        for pid in self._family():
            _signal(pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it and remove its files."""
        if self._pid:
            self.thaw()
            self.kill()
        shutil.rmtree(self.base, ignore_errors=True)

    def _family(self) -> list[int]:
        """The master first, so that it cannot start others."""
        # 0 and 1 are not ours: signalled, they would take the whole machine along.
        assert self._pid > 1, "it does not run"
        children = [p for p in map(_parent, _processes()) if p[1] == self._pid]
        return [self._pid, *(pid for pid, _ in children)]

    def client(self) -> imaplib.IMAP4:
        """A plain client, logged in."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        return client

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """Put a message into a folder."""
        client = self.client()
        try:
            assert client.append(folder, "", "", raw)[0] == "OK"
        except BaseException:
            client.shutdown()
            raise
        client.logout()

    def count(self, folder: str) -> int:
        """How many messages a folder holds."""
        client = self.client()
        try:
            status, data = client.select(folder, readonly=True)
            return int(data[0] or 0) if status == "OK" else 0
        finally:
            client.logout()


def _users() -> tuple[pwd.struct_passwd, str, str]:
    """Who owns the mail and runs the parts: as root the package's own users, else oneself."""
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody"), "dovecot", "dovenull"
    return pwd.getpwuid(os.geteuid()), getpass.getuser(), getpass.getuser()


def _group(user: str) -> str:
    import grp

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        # It ended by itself, as its master did.
        return


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> tuple[int, int]:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return pid, 0
    return pid, int(after_name.split()[1])
