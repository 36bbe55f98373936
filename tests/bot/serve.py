"""The bot as a process of its own, to be killed: ``python -m tests.bot.serve FOLDER API STORE``."""

import signal
import sys
import threading
from pathlib import Path

from bot import telegram
from tests.bot.house import NOW, make_desk, settings
from tests.casework.made import SteppedClock, at


def main() -> None:
    folder, url, database = Path(sys.argv[1]), *sys.argv[2:]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    desk = make_desk(folder, SteppedClock(at(NOW)), database)
    telegram.run(desk, settings(url), stop)
    desk.store.close()


if __name__ == "__main__":
    main()
