"""The certificate, read again when its files change: renewals need no restart."""

import logging
import ssl
from pathlib import Path

from procedure.errors import WrongUse

log = logging.getLogger(__name__)


class Certificate:
    """A server's TLS context that follows its files."""

    def __init__(self, certificate: Path, key: Path | None = None) -> None:
        self._files = [one for one in (certificate, key) if one is not None]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            self._load(self._stamp())
        except (OSError, ssl.SSLError) as error:
            raise WrongUse(f"the certificate {certificate} cannot be used: {error}") from error

    @property
    def context(self) -> ssl.SSLContext:
        """The context for the next handshake. What cannot be read leaves the last one in place."""
        try:
            stamp = self._stamp()
            if stamp != self._loaded:
                self._load(stamp)
                log.info("the certificate was read again")
        except (OSError, ssl.SSLError) as error:
            # Half written by its renewal, perhaps: the next connection looks again.
            log.warning("the certificate cannot be read again: %s", error)
        return self._context

    def _stamp(self) -> tuple[tuple[int, int], ...]:
        return tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in self._files)

    def _load(self, stamp: tuple[tuple[int, int], ...]) -> None:
        fresh = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        fresh.minimum_version = ssl.TLSVersion.TLSv1_2
        # Into a context of its own: a pair that does not match would spoil the one in use.
        fresh.load_cert_chain(*map(str, self._files))
        self._context, self._loaded = fresh, stamp
