"""SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of a mail that came straight to us.

Everything asks one `Dns`, so that tests need no network. Nothing here raises for what a mail or
the DNS does: what cannot be told is ``temperror`` or ``permerror``.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate

import dkim
import dns.exception
import dns.resolver
import spf

from casework.domains import organisation
from mailer.mail import Authentication

log = logging.getLogger(__name__)
Dns = Callable[[str, str], list[str]]
"""(name, type) → records as text, none for a name that is not there. MX as "10 host". Raises
OSError where nobody answers."""
MOST_SIGNATURES = 3
MINIMUM_KEY = 1024


def resolver(seconds: float = 5.0, nameserver: str = "") -> Dns:
    """The DNS of this machine, or of ``nameserver`` (``address[:port]``)."""
    asked = dns.resolver.Resolver(configure=not nameserver)
    asked.lifetime = seconds
    if nameserver:
        host, _, port = nameserver.rpartition(":") if "." in nameserver else ("", "", "")
        known = host and port.isdigit()
        asked.nameservers = [host if known else nameserver.strip("[]")]
        asked.port = int(port) if known else 53

    def ask(name: str, kind: str) -> list[str]:
        try:
            found = asked.resolve(name, kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise OSError(f"{name} {kind}: {error}") from error
        if kind == "TXT":
            return [b"".join(one.strings).decode("utf-8", "replace") for one in found]
        return [one.to_text().rstrip(".") for one in found]

    return ask


def checked(
    raw: bytes, from_addr: str, envelope_from: str, peer: str, ask: Dns, seconds: float = 10.0
) -> Authentication:
    """What SPF, DKIM and DMARC say, within ``seconds``; a late answer is ``temperror``.

    ``from_addr``: the author's one address, "" where there is none. ``peer``: the client's IP.
    """
    pool = ThreadPoolExecutor(1, "authentication")
    try:
        return pool.submit(_checked, raw, from_addr, envelope_from, peer, ask).result(seconds)
    except TooLate:
        log.warning("the DNS did not answer in %.0f s", seconds)
        return Authentication("temperror", "temperror", "temperror", source="checked")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _checked(raw: bytes, from_addr: str, envelope_from: str, peer: str, ask: Dns) -> Authentication:
    author = from_addr.rpartition("@")[2].lower()
    by_spf = _spf(envelope_from, peer, ask)
    by_dkim, domain = _dkim(raw, author, ask)
    sender = envelope_from.rpartition("@")[2].lower()
    signed = by_dkim == "pass" and _aligned(domain, author)
    aligned = signed or (by_spf == "pass" and _aligned(sender, author))
    by_dmarc = _dmarc(author, aligned, ask)
    return Authentication(by_spf, by_dkim, by_dmarc, sender, domain, "checked", signed)


class _Query(spf.query):  # type: ignore[misc]
    """pyspf, asking our `Dns`."""

    def __init__(self, peer: str, sender: str, ask: Dns) -> None:
        super().__init__(i=peer, s=sender, h=sender.rpartition("@")[2], querytime=20)
        self._ask = ask

    def dns(
        self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False
    ) -> list[object]:
        """Records as pyspf wants them."""
        try:
            found = self._ask(str(name).rstrip("."), qtype)
        except OSError as error:
            raise spf.TempError(str(error)) from error
        if qtype in ("TXT", "SPF"):
            return [(one.encode(),) for one in found]
        if qtype == "MX":
            return [(int(one.split()[0]), one.split()[1].rstrip(".")) for one in found]
        return list(found)


def _spf(envelope_from: str, peer: str, ask: Dns) -> str:
    if "@" not in envelope_from or not peer:
        return "none"
    try:
        return str(_Query(peer, envelope_from, ask).check()[0])
    except Exception as error:
        # A library over hostile records: whatever it raises is no news of the mail.
        log.info("SPF of %s: %s", envelope_from, type(error).__name__)
        return "permerror"


def _dkim(raw: bytes, author: str, ask: Dns) -> tuple[str, str]:
    """(result, domain) of the signature that says most: one that is good and the author's."""

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        found = ask(name.decode("ascii", "replace").rstrip("."), "TXT")
        return found[0].encode() if found else None

    best = ("none", "")
    for number in range(MOST_SIGNATURES):
        result = _signature(raw, number, txt)
        if result is None:
            break
        if result[0] == "pass" and _aligned(result[1], author):
            return result
        if best[0] != "pass":
            best = result
    return best


def _signature(raw: bytes, number: int, txt: Callable[..., bytes | None]) -> tuple[str, str] | None:
    try:
        one = dkim.DKIM(raw, minkey=MINIMUM_KEY)
        names = [value for name, value in one.headers if name.lower() == b"dkim-signature"]
        if number >= len(names):
            return None
        good = bool(one.verify(number, dnsfunc=txt))
        domain = (one.domain or b"").decode("ascii", "replace").lower()
    except OSError:
        return "temperror", ""
    except dkim.ValidationError:
        # The body, or what the signature says of itself, is not what it was.
        return "fail", ""
    except Exception as error:
        log.info("DKIM: %s", type(error).__name__)
        return "permerror", ""
    return ("pass" if good else "fail"), domain


def _dmarc(author: str, aligned: bool, ask: Dns) -> str:
    """``none`` where the author's domain asks for nothing."""
    if not author:
        return "none"
    try:
        for domain in dict.fromkeys((author, organisation(author))):
            records = [one for one in ask(f"_dmarc.{domain}", "TXT") if one.startswith("v=DMARC1")]
            if len(records) == 1:
                return "pass" if aligned else "fail"
    except OSError:
        return "temperror"
    return "none"


def _aligned(domain: str, author: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1)."""
    return bool(domain and author) and organisation(domain) == organisation(author)
