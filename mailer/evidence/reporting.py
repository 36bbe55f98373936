"""Authentication-Results (RFC 8601) of a server that is trusted by name.

Anybody may write such a header. Ours adds its own on top and removes those that bear its name from
what comes in (RFC 8601 section 5): so the topmost one counts, and only where it bears the name.
"""

import re
from collections.abc import Collection
from email.message import Message

from mailer.mail import Authentication
from mailer.parse import headers
from mailer.parse.structure import header_all

COMMENT = re.compile(r"\([^()]*\)")
RESULT = re.compile(r"^\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)\b(.*)$", re.IGNORECASE | re.DOTALL)
PROPERTY = re.compile(r"\b(smtp\.mailfrom|smtp\.helo|header\.d|header\.i|header\.from)\s*=\s*(\S+)")
MOST = 16 * 1024


def reported(message: Message, trusted: Collection[str]) -> Authentication | None:
    """What a trusted server found, None where none says anything.

    ``trusted``: authserv-ids, lower case.
    """
    if not trusted:
        return None
    top = next(iter(header_all(message, "Authentication-Results")), b"")
    value = headers.text(top[:MOST])
    while COMMENT.search(value):
        value = COMMENT.sub(" ", value)
    name, *results = value.split(";")
    if not name.split() or name.split()[0].lower() not in trusted:
        return None
    return _gathered(results)


def _gathered(results: list[str]) -> Authentication:
    """Several DKIM signatures: one that is good is enough."""
    found: dict[str, str] = {}
    domains: dict[str, str] = {}
    for result in results:
        if not (match := RESULT.match(result)):
            continue
        method, value = match[1].lower(), match[2].lower()
        if found.get(method) == "pass":
            continue
        found[method] = value
        domains[method] = _domain(match[3])
    return Authentication(
        spf=found.get("spf", ""), dkim=found.get("dkim", ""), dmarc=found.get("dmarc", ""),
        spf_domain=domains.get("spf", ""), dkim_domain=domains.get("dkim", ""),
        source="header",
    )  # fmt: skip


def _domain(properties: str) -> str:
    match = PROPERTY.search(properties)
    return match[2].strip('"<>;').rpartition("@")[2].lower() if match else ""
