"""Who vouches for a mail's sender, by the way that it came. Never raises for what a mail does."""

import ipaddress
from dataclasses import replace

from casework.domains import organisation
from clerk.wiring import House
from mailer.evidence.checking import checked, resolver
from mailer.mail import Mail
from procedure.sender import Authentication
from store.rows import Envelope


def believed(house: House, envelope: Envelope) -> frozenset[str]:
    """The servers whose Authentication-Results count for this delivery; lower case.

    Only for mail that passed them: whoever comes straight to our door may write any header.
    """
    if envelope.source == "smtp" and not _of_ours(house, envelope.peer):
        return frozenset()
    return frozenset(one.lower() for one in house.settings.evidence.servers)


def vouched(house: House, envelope: Envelope, mail: Mail, raw: bytes) -> Authentication | None:
    """What is known of the sender; ``mail`` was parsed with `believed`. None where nothing is."""
    if envelope.login and envelope.login.lower() == mail.from_addr:
        return Authentication(source="login")
    if mail.authentication is not None:
        return replace(mail.authentication, aligned=_aligned(mail))
    evidence = house.settings.evidence
    straight = envelope.source == "smtp" and not _of_ours(house, envelope.peer)
    if not evidence.dns or not straight:
        return None
    ask = resolver(nameserver=evidence.nameserver)
    return checked(raw, mail.from_addr, envelope.sender, envelope.peer, ask)


def _aligned(mail: Mail) -> bool:
    """RFC 7489 section 3.1, relaxed."""
    found = mail.authentication
    author = mail.from_addr.rpartition("@")[2]
    if found is None or found.dkim != "pass" or not found.dkim_domain or not author:
        return False
    return organisation(found.dkim_domain) == organisation(author)


def _of_ours(house: House, peer: str) -> bool:
    """Whether a mail server of our own handed it over; no address: this machine."""
    if not peer:
        return True
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in house.settings.smtp.options().networks())
