"""DKIM signatures (RFC 6376) for letters: the receiving side can tell that they are ours."""

from pathlib import Path

import dkim

from procedure.errors import WrongUse

HEADERS = (
    b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"auto-submitted",
)  # fmt: skip


class Signer:
    """Signs with one RSA key. Raises `WrongUse` for a key that cannot be used."""

    def __init__(self, domain: str, selector: str, key: Path) -> None:
        self._domain, self._selector = domain.encode("idna"), selector.encode("ascii")
        try:
            self._key = key.read_bytes()
        except OSError as error:
            raise WrongUse(f"the DKIM key {key} cannot be read: {error.strerror}") from error
        try:
            self.sign(b"From: a@example.org\r\n\r\n\r\n")
        except (dkim.DKIMException, ValueError, IndexError) as error:
            raise WrongUse(f"the DKIM key {key} is no RSA key in PEM: {error}") from error

    def sign(self, raw: bytes) -> bytes:
        """The message with its signature on top. Once a letter: it bears the moment of signing."""
        present = {
            line.partition(b":")[0].lower() for line in raw.split(b"\r\n\r\n")[0].splitlines()
        }
        signature: bytes = dkim.sign(
            raw, self._selector, self._domain, self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name for name in HEADERS if name in present],
        )  # fmt: skip
        return signature + raw
