"""How fast mail is accepted durably, beside a real Postfix on the same disk.

    python benchmarks/accept.py [--rounds 5] [--folder DIR] [--quick]

Needs Debian's postfix (with smtp-source) and root. Both servers run side by side and take turns;
what is shown is the median of the rounds and the ratio of the medians. Then 32 connections bring
25 MB each, interleaved, while a small client sends: peak memory and the small client's longest
wait.
"""

import argparse
import asyncio
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mailer.listener import Listener, Listening, Options
from store import Store

OWN = "clerk@office.example"
KB, MB = 1024, 1024 * 1024
WANTED = {(20 * KB, 1): 0.45, (20 * KB, 32): 1.0, (MB, 1): 0.75, (MB, 32): 0.75}
"""(bytes, sessions) → the least ratio to Postfix."""
MAIN_CF = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
myhostname = bench.example
mydestination =
inet_interfaces = 127.0.0.1
mynetworks = 127.0.0.0/8
relay_domains = office.example
default_transport = discard
relay_transport = discard
message_size_limit = 67108864
smtpd_client_connection_count_limit = 0
default_process_limit = 100
in_flow_delay = 0
smtputf8_enable = no
maillog_file = {base}/log
maillog_file_prefixes = {base}
"""
MASTER_CF = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Wall:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(ZoneInfo("Asia/Shanghai"))


@dataclass
class Server:
    """Something that takes mail on a port, and how it is ended."""

    name: str
    port: int
    stop: Callable[[], None]
    pid: int = 0


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_greeted(port: int) -> None:
    """Wait until a server greets."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as there:
                if there.recv(3) == b"220":
                    there.sendall(b"QUIT\r\n")
                    return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing greets on port {port}")


def postfix(folder: Path) -> Server:
    """A Postfix with a configuration of its own, which drops what it delivers."""
    base, port = folder / "postfix", free_port()
    for part in ("queue", "data", "etc"):
        (base / part).mkdir(parents=True)
    shutil.chown(base / "data", "postfix")
    (base / "etc" / "main.cf").write_text(MAIN_CF.format(base=base))
    (base / "etc" / "master.cf").write_text(MASTER_CF.format(port=port))
    command = ["postfix", "-c", str(base / "etc")]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    until_greeted(port)

    def stop() -> None:
        subprocess.run([*command, "stop"], check=False, capture_output=True)

    return Server("postfix", port, stop)


def ours(folder: Path) -> Server:
    """The listener in a process of its own, over a store on the same disk."""
    port = free_port()
    command = [sys.executable, __file__, "--serve", str(folder / "clerk.db"), "--port", str(port)]
    child = subprocess.Popen(command)
    until_greeted(port)

    def stop() -> None:
        child.terminate()
        child.wait(30)

    return Server("clerk", port, stop, child.pid)


async def serve(path: str, port: int) -> None:
    """Take mail until this process is ended."""
    store = Store.open(f"sqlite:///{path}", Wall(), create=True)
    listening = Listening("127.0.0.1", port, frozenset({OWN}), options=Options())
    await Listener(store, Wall(), listening).start()
    await asyncio.Event().wait()


def rate(server: Server, size: int, sessions: int, count: int) -> float:
    """Messages a second that `smtp-source` got rid of; each got its 250."""
    command = ["smtp-source", "-s", str(sessions), "-m", str(count), "-l", str(size)]
    command += ["-f", "a@firm.example", "-t", OWN, f"127.0.0.1:{server.port}"]
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return count / (time.monotonic() - began)


def compare(servers: tuple[Server, Server], rounds: int, quick: bool) -> bool:
    """All sizes and sessions; whether every ratio is what is wanted."""
    good = True
    for size in (20 * KB, MB):
        for sessions in (1, 8, 32):
            count = (
                {20 * KB: 600, MB: 96}[size] // (4 if quick else 1) // (3 if sessions == 1 else 1)
            )
            found: dict[str, list[float]] = {server.name: [] for server in servers}
            for number in range(rounds):
                # They take turns, and turns at being first.
                for server in servers if number % 2 else servers[::-1]:
                    found[server.name].append(rate(server, size, sessions, count))
            good &= show(size, sessions, found)
    return good


def show(size: int, sessions: int, found: dict[str, list[float]]) -> bool:
    """One line; whether its ratio is what is wanted."""
    middle = {name: statistics.median(values) for name, values in found.items()}
    ratio = middle["clerk"] / middle["postfix"]
    wanted = WANTED.get((size, sessions), 0.0)
    print(
        f"{size // KB:5d} KB {sessions:3d} sessions: clerk {middle['clerk']:7.1f}/s, "
        f"postfix {middle['postfix']:7.1f}/s, ratio {ratio:.2f}"
        + (f" (wanted {wanted})" if wanted else ""),
        flush=True,
    )
    return ratio >= wanted


async def large_clients(port: int, connections: int, size: int) -> float:
    """So many large messages at once, interleaved; the longest wait of a small client."""
    waits: list[float] = []
    done = asyncio.Event()

    async def small() -> None:
        while not done.is_set():
            began = time.monotonic()
            await send(port, b"small %d\r\n" % len(waits))
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.05)

    async def large() -> None:
        await asyncio.gather(*(
            send(port, b"%d\r\n" % number + b"x" * 76 + b"\r\n", size // 78)
            for number in range(connections)
        ))  # fmt: skip
        done.set()

    await asyncio.gather(large(), small())
    return max(waits)


async def send(port: int, line: bytes, times: int = 1) -> None:
    """One message of ``times`` lines, in pieces."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    commands = (b"", b"EHLO x\r\n", b"MAIL FROM:<a@firm.example>\r\n",
                b"RCPT TO:<" + OWN.encode() + b">\r\n", b"DATA\r\n")  # fmt: skip
    for command in commands:
        writer.write(command)
        await answer(reader)
    writer.write(b"Subject: x\r\n\r\n")
    while times > 0:
        writer.write(line * min(times, 1000))
        await writer.drain()
        times -= 1000
    writer.write(b".\r\n")
    said = await answer(reader)
    if not said.startswith(b"250"):
        raise SystemExit(f"refused: {said!r}")
    writer.write(b"QUIT\r\n")
    writer.close()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """One answer, its last line."""
    while True:
        line = await reader.readline()
        if line[3:4] != b"-":
            return line


def peak(pid: int) -> int:
    """Bytes of memory that a process held at most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * KB
    return 0


def memory(server: Server, quick: bool) -> bool:
    """32 connections of 25 MB; whether memory and waits stay small."""
    size = (5 if quick else 25) * MB
    began = time.monotonic()
    wait = asyncio.run(large_clients(server.port, 32, size))
    held = peak(server.pid) / MB
    seconds = time.monotonic() - began
    print(
        f"32 x {size // MB} MB in {seconds:.1f} s: peak memory {held:.0f} MB (wanted 256), "
        f"a small client waited {wait:.2f} s at most (wanted 0.5)",
        flush=True,
    )
    return held <= 256 and wait <= 0.5


def main() -> None:
    """Measure, and exit with 1 where something is slower than wanted."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--folder", type=Path, default=None, help="where both keep their mail")
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--serve", default="", help=argparse.SUPPRESS)
    arguments.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.serve:
        asyncio.run(serve(chosen.serve, chosen.port))
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix="accept-") as folder:
        Path(folder).chmod(0o755)
        measure(Path(folder), chosen.rounds, chosen.quick)


def measure(folder: Path, rounds: int, quick: bool) -> None:
    """Both servers over one folder."""
    clerk = ours(folder)
    try:
        other = postfix(folder)
        try:
            good = compare((clerk, other), rounds, quick)
        finally:
            other.stop()
        good &= memory(clerk, quick)
    finally:
        clerk.stop()
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
