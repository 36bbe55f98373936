"""Who sent a mail, as far as the mail itself can say."""

import re

from mailer.parse import headers

RETURN_PATH = re.compile(rb"^return-path:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
FROM = re.compile(rb"^from:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)


def sender_of(raw: bytes) -> str:
    """The envelope's sender as delivery wrote it down: "" for the null path.

    Without a Return-Path it is not known: then the author's address stands for it.
    """
    head = re.split(rb"\r?\n\r?\n", raw[: 256 * 1024], maxsplit=1)[0]
    if path := RETURN_PATH.search(head):
        value = path[1].strip()
        return "" if value == b"<>" else headers.address(value)[1]
    author = FROM.search(head)
    return headers.address(author[1].strip())[1] if author else ""
