"""Who may come in, and how often: connections and mails of one address."""

import ipaddress
from collections import Counter
from dataclasses import dataclass

from mailer.listener.options import Options

FULL = "421 4.7.0 Too many connections, come again later"
TOO_MANY = "450 4.7.1 Too many mails in a short time, come again later"
MINUTE = 60.0
MOST_REMEMBERED = 10_000


@dataclass
class Bucket:
    """Mails that an address may still send now, and when that was reckoned."""

    left: float
    at: float


class Guests:
    """Counts for one listener. Used by its event loop alone."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._networks = options.networks()
        self._here: Counter[str] = Counter()
        self._buckets: dict[str, Bucket] = {}
        self._known: dict[str, str] = {}

    def enter(self, peer: str) -> str:
        """ "" where a connection is welcome, else the answer; who entered must `leave`."""
        who = self._who(peer)
        if who:
            full = self._here.total() >= self._options.connections
            if full or self._here[who] >= self._options.connections_each:
                return FULL
        self._here[who] += 1
        return ""

    def leave(self, peer: str) -> None:
        """A connection that entered is over."""
        who = self._who(peer)
        self._here[who] -= 1
        if self._here[who] <= 0:
            del self._here[who]

    def send(self, peer: str, now: float) -> bool:
        """Whether a mail may come now; one that may is counted."""
        who = self._who(peer)
        if not who:
            return True
        most = float(self._options.mails_each)
        bucket = self._buckets.setdefault(who, Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * most / MINUTE)
        bucket.at = now
        self._forget(now)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def _forget(self, now: float) -> None:
        """Full buckets say nothing: after a minute each is full."""
        if len(self._buckets) > MOST_REMEMBERED:
            live = {who: one for who, one in self._buckets.items() if now - one.at < MINUTE}
            self._buckets = live

    def _who(self, peer: str) -> str:
        """The address, or its /64; "" for a trusted one, which has no limits."""
        if peer not in self._known:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            self._known[peer] = self._judged(peer)
        return self._known[peer]

    def _judged(self, peer: str) -> str:
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return peer
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._networks):
            return ""
        if address.version == 6:
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address)
