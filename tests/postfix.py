"""A real Postfix on a loopback port with a configuration and queue of its own: the relay."""

import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from pathlib import Path

BINARY = shutil.which("postfix", path="/usr/sbin:/usr/bin:/usr/local/sbin")
WHY = "needs postfix, and root for it: apt-get install postfix"
USABLE = bool(BINARY) and os.geteuid() == 0

MAIN = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
maillog_file = {base}/log
maillog_file_prefixes = {base}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{onward}
smtpd_recipient_restrictions = check_recipient_access hash:{base}/access, permit_mynetworks, reject
smtp_tls_security_level = none
smtpd_tls_security_level = none
smtp_address_preference = ipv4
smtp_host_lookup = native
biff = no
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 2s
message_size_limit = 67108864
"""
SERVICES = """
pickup    unix       n - n 60 1 pickup
cleanup   unix       n - n -  0 cleanup
qmgr      unix       n - n 1  1 qmgr
rewrite   unix       - - n -  - trivial-rewrite
bounce    unix       - - n -  0 bounce
defer     unix       - - n -  0 bounce
trace     unix       - - n -  0 bounce
verify    unix       - - n -  1 verify
flush     unix       n - n 1000? 0 flush
proxymap  unix       - - n -  - proxymap
proxywrite unix      - - n -  1 proxymap
smtp      unix       - - n -  - smtp
relay     unix       - - n -  - smtp
showq     unix       n - n -  - showq
error     unix       - - n -  - error
retry     unix       - - n -  - error
discard   unix       - - n -  - discard
anvil     unix       - - n -  1 anvil
scache    unix       - - n -  1 scache
postlog   unix-dgram n - n -  1 postlogd
"""


class Postfix:
    """Takes mail on ``port`` and hands it to the port ``onward``."""

    def __init__(self, port: int, onward: int) -> None:
        self.port = port
        # Its processes run as a user of their own, who must get in: no test's private folder.
        self.base = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.base.chmod(0o755)
        self._conf = self.base / "conf"
        self._conf.mkdir()
        for name in ("queue", "data"):
            (self.base / name).mkdir()
        shutil.chown(self.base / "data", "postfix")
        main = MAIN.format(base=self.base, onward=onward)
        (self._conf / "main.cf").write_text(main, encoding="ascii")
        listen = f"127.0.0.1:{port} inet n - n - - smtpd\n"
        (self._conf / "master.cf").write_text(listen + SERVICES.lstrip(), encoding="ascii")
        self.answer({})
        self._started: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For ``relay.url``."""
        return f"smtp://127.0.0.1:{self.port}"

    def answer(self, access: dict[str, str]) -> None:
        """What is said to these recipients: ``450 …`` or ``550 …``. Holds for the next session."""
        table, made = self.base / "access", self.base / "access.db"
        before = int(made.stat().st_mtime) if made.exists() else 0
        table.write_text("".join(f"{to} {text}\n" for to, text in access.items()), encoding="ascii")
        command = ["/usr/sbin/postmap", "-c", str(self._conf), f"hash:{table}"]
        subprocess.run(command, check=True, timeout=30)
        # A process that has the table open looks at it anew where its second is another one.
        stamp = max(int(made.stat().st_mtime), before + 1)
        os.utime(made, (stamp, stamp))

    def start(self) -> None:
        """Start and wait until it greets."""
        assert BINARY is not None
        with (self.base / "out").open("ab") as out:
            self._started = subprocess.Popen(
                [BINARY, "-c", str(self._conf), "start-fg"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        for _ in range(150):
            if self._greets():
                return
            time.sleep(0.1)
        raise AssertionError((self.base / "out").read_text() + self.log())

    def _greets(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as smtp:
                return smtp.noop()[0] == 250
        except OSError:
            return False

    def log(self) -> str:
        """What it wrote down."""
        file = self.base / "log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def halt(self) -> None:
        """End its processes; its queue stays."""
        if self._started is not None:
            # Its own way: the master runs in a session of its own and takes its processes along.
            subprocess.run(
                [str(BINARY), "-c", str(self._conf), "stop"],
                check=True,
                timeout=60,
                capture_output=True,
            )
            self._started.wait(30)
            self._started = None

    def stop(self) -> None:
        """End it and remove its files."""
        self.halt()
        shutil.rmtree(self.base, ignore_errors=True)
