"""Doors as processes of their own, to be killed: ``python -m tests.bot.serve DOOR FOLDER URL CA``.

Each line of standard input asks for one more; its id is written on standard output. They are
forked from this one, which has everything loaded: so a test may kill many.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from bot import dingtalk, telegram, wecom
from tests.bot import dingtalkapi, wecomapi
from tests.bot.house import NOW, make_desk, settings
from tests.casework.made import SteppedClock, at


def serve(door: str, folder: Path, url: str, authority: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    desk = make_desk(folder, SteppedClock(at(NOW)))
    if door == "telegram":
        telegram.run(desk, settings(url), stop)
    elif door == "wecom":
        bot, secret, ca = wecomapi.BOT, wecomapi.SECRET, Path(authority)
        given = wecom.WeComSettings(bot, secret, url, ca, notice_seconds=0.2, retry_seconds=0.1)
        wecom.run(desk, given, stop)
    else:
        client, secret = dingtalkapi.CLIENT, dingtalkapi.SECRET
        asked = dingtalk.DingTalkSettings(
            client, secret, "", url, url, notice_seconds=0.2, retry_seconds=0.1
        )
        dingtalk.run(desk, asked, stop)
    desk.store.close()


def main() -> None:
    # Whoever is killed is forgotten at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    door, folder, url, authority = sys.argv[1:5]
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(door, Path(folder), url, authority)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
