"""A message's body off the wire: ends at CRLF.CRLF only, dots unstuffed, in pieces.

RFC 5321 §4.5.2. A bare LF never ends a line here, so that nothing can be smuggled past a server in
front that sees line ends differently.
"""

STUFFED = b"\r\n."
END = b"\r\n.\r\n"


class Body:
    """Feed pieces until `done`; `feed` gives what of the message they hold, unstuffed."""

    def __init__(self) -> None:
        # The line end before the first line: a message may begin with a dot, or be empty.
        self._carry = b"\r\n"
        self._last = b""
        self._skip = 2
        self.done = False
        self.rest = b""
        """What the client sent after the end (pipelined commands)."""

    def feed(self, piece: bytes) -> bytes:
        """The next part of the message."""
        data = self._carry + piece
        end = data.find(END)
        if end >= 0:
            self.done, self.rest, self._carry = True, data[end + len(END) :], b""
            return self._unstuffed(data[: end + 2])
        keep = min(len(END) - 1, len(data))
        self._carry = data[len(data) - keep :]
        return self._unstuffed(data[: len(data) - keep])

    def _unstuffed(self, part: bytes) -> bytes:
        before = self._last
        if not self._skip and STUFFED not in part and STUFFED not in before + part[:2]:
            # Nearly every piece: nothing to take out, so nothing is copied.
            self._last = part[-2:] if len(part) > 1 else (before + part)[-2:]
            return part
        self._last = (before + part)[-2:]
        out = (before + part).replace(b"\r\n.", b"\r\n")[len(before) :]
        skipped, self._skip = out[self._skip :], max(0, self._skip - len(out))
        return skipped
