"""An IMAP server on a loopback port that does what Dovecot never does: keeps no keywords, knows
neither MOVE nor UIDPLUS, has no date, loses a message between the search and the fetch.
"""

import re
import socketserver

from tests.mailer.serving import Serving

_FETCH = re.compile(r"(\S+) UID FETCH (\d+) \((.+)\)")


class _Session(socketserver.StreamRequestHandler):
    server: "Imap"

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            said = line.decode("ascii").rstrip("\r\n")
            self.server.said.append(said.partition(" ")[2])
            tag, command = said.split(" ")[0], said.partition(" ")[2].upper()
            self._answer(said, command)
            self._say(f"{tag} OK done")
            if command == "LOGOUT":
                return

    def _answer(self, said: str, command: str) -> None:
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command.startswith("LIST"):
            self._say('* LIST () "/" CCER-done')
        elif command.startswith("SELECT"):
            self._say(f"* {len(self.server.mails)} EXISTS")
            self._say("* OK [UIDVALIDITY 7] x")
            self._say("* OK [PERMANENTFLAGS (\\Seen \\Deleted)] x")
        elif command.startswith("UID SEARCH"):
            self._say("* SEARCH " + " ".join(map(str, self.server.mails)))
        elif found := _FETCH.match(said):
            self._fetched(int(found[2]), found[3].upper())

    def _fetched(self, uid: int, item: str) -> None:
        raw = self.server.mails[uid]
        if uid in self.server.lost:
            return
        if item == "RFC822.SIZE":
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
        elif item == "INTERNALDATE":
            self._say(f"* {uid} FETCH (UID {uid} INTERNALDATE {self.server.date})")
        else:
            self._say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n{raw.decode()})")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Imap(Serving, socketserver.ThreadingTCPServer):
    """Use as a context manager. ``mails`` by UID; of those ``lost`` nothing can be fetched."""

    daemon_threads = True

    def __init__(self, *mails: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails = dict(enumerate(mails, start=1))
        self.lost: set[int] = set()
        self.date = '" 5-Nov-2021 09:30:00 +0800"'
        self.said: list[str] = []
        """All commands, without their tags."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])
