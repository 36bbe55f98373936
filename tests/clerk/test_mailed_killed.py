# ruff: noqa: F811 - a fixture that is another module's
"""kill -9 while a mailed decision is carried out: one effect, one answer, whatever the moment."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.rows import Envelope
from store.verify import verify
from tests.clerk.maildesk import HEBEI, MX, OURS, PASS, at_clock
from tests.clerk.test_mailed import Prepared, copied, prepared  # noqa: F401 - a fixture
from tests.sink import Sink

ROOT = Path(__file__).parents[2]
WORDS = {
    "confirm": ("确认", "confirmed", "已确认"),
    "return": ("退回：缺公章", "returned", "已退回"),
}
ANSWERED = "after the relay's answer"
DOUBTFUL = (ANSWERED, "before the commit in mailer/outbox.py:settle")
"""Nobody knows whether the relay has it: it goes again under its Message-ID (docs/mail.md)."""
LETTERS = 4
"""The receipt and the decision to the applicant; the notice and its answer to staff."""
SAMPLE = {
    "confirm": (
        "after the commit in casework/decisions.py",
        "before the commit in casework/filing.py",
        ANSWERED,
    ),
    "return": ("before the commit in casework/decisions.py", "after the commit in casework/filing"),
}


@dataclass
class Lives:
    """The process that lives are forked from, and where their letters go."""

    parent: "subprocess.Popen[str]"
    sink: Sink

    def live(self, folder: Path, at: int = 0) -> list[str]:
        """One life; its moments."""
        moments = folder / f"moments-{at}"
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write(f"{folder} {moments} {at}\n")
        self.parent.stdin.flush()
        ended = int(self.parent.stdout.readline())
        assert ended == (-signal.SIGKILL if at else 0)
        # After the last moment nothing is left to do.
        return moments.read_text().splitlines() if moments.exists() else []


@pytest.fixture(scope="module")
def lives() -> Iterator[Lives]:
    sink = Sink()
    sink.start()
    command = [sys.executable, "-m", "tests.clerk.mailserve", sink.url]
    given = {**os.environ, "CRASH_MOMENTS": os.devnull}
    parent = subprocess.Popen(
        command, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield Lives(parent, sink)
    assert parent.stdin is not None
    assert parent.stdout is not None
    parent.stdin.close()
    parent.stdout.close()
    assert parent.wait(60) == 0
    sink.stop()


def _answered(prepared: Prepared, folder: Path, words: str) -> None:
    """A member of staff has answered the notice; nobody worked on the answer yet."""
    folder.mkdir()
    desk = copied(prepared, folder)
    desk.notify()
    letter, _facts = desk.task()
    raw = (
        f"Authentication-Results: {MX}; {PASS.format(domain='hebei.example')}\r\nFrom: {HEBEI}\r\n"
        f"To: {OURS}\r\nSubject: re\r\nMessage-ID: <answer@hebei.example>\r\n"
        f"In-Reply-To: {letter.rfc_message_id}\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    ).encode()
    desk.house.store.take(Envelope("smtp", "answer", HEBEI, (OURS,), desk.house.now()), raw)
    desk.house.store.close()


def _holds(lives: Lives, number: str, folder: Path, what: str, moment: str) -> None:
    """Decided once, told once, nothing left for a person."""
    _words, kind, said = WORDS[what]
    desk = at_clock(folder / "data", folder / "clock")
    assert desk.events(number, kind) == 1, moment
    ((to, text),) = desk.told()
    assert to == (HEBEI,)
    assert said in text, moment
    assert desk.waiting() == [], moment
    assert verify(desk.house.store) == []
    desk.house.store.close()
    sent = Counter((one["Message-ID"], who) for one, who in lives.sink.letters())
    assert len({message for message, who in sent if HEBEI in who}) == 2, moment
    assert len(sent) == LETTERS, moment
    assert sum(sent.values()) == LETTERS + any(one in moment for one in DOUBTFUL), moment


def _killed(lives: Lives, number: str, folder: Path, what: str, at: int, moment: str) -> None:
    lives.sink.raw.clear()
    lives.live(folder, at)
    for minute in ("09:20", "09:40"):
        (folder / "clock").write_text(f"2021-11-03T{minute}:00+08:00", encoding="utf-8")
        lives.live(folder)
    _holds(lives, number, folder, what, moment)


def _moments(lives: Lives, prepared: Prepared, folder: Path, what: str) -> list[str]:
    """What a life that nobody kills goes through."""
    _answered(prepared, folder, WORDS[what][0])
    return lives.live(folder)


@pytest.mark.parametrize("what", WORDS)
def test_a_mailed_decision_outlives_its_worker(
    lives: Lives,
    prepared: Prepared,
    tmp_path: Path,
    what: str,
) -> None:
    moments = _moments(lives, prepared, tmp_path / "whole", what)
    for turn, wanted in enumerate(SAMPLE[what]):
        at, moment = next((n, one) for n, one in enumerate(moments, 1) if wanted in one)
        folder = tmp_path / str(turn)
        _answered(prepared, folder, WORDS[what][0])
        _killed(lives, prepared[1], folder, what, at, moment)


@pytest.mark.soak
@pytest.mark.parametrize("what", WORDS)
def test_a_mailed_decision_outlives_its_worker_at_every_moment(
    lives: Lives,
    prepared: Prepared,
    tmp_path: Path,
    what: str,
) -> None:
    for at, moment in enumerate(_moments(lives, prepared, tmp_path / "whole", what), 1):
        folder = tmp_path / str(at)
        _answered(prepared, folder, WORDS[what][0])
        _killed(lives, prepared[1], folder, what, at, moment)
