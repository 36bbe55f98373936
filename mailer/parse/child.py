"""The child process of `mailer.parse.limited`: mails on stdin, parsed ones on stdout.

What it has loaded serves every mail; each is parsed in a process of its own, forked from this
one, which has the limits and ends with its mail. Both ways a block is its length (8 bytes) and its
bytes; the answer to a mail that broke its process is empty.
"""

import os
import pickle
import resource
import struct
import sys

from mailer.parse import parse

LENGTH = struct.Struct(">Q")
CUT_OFF = b""


def main() -> None:
    """Until standard input ends, as it does when the parent is gone."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(LENGTH.size):
        # Without names: nothing of a large mail is kept until the next one comes.
        target.write(block(_apart(source.read(LENGTH.unpack(head)[0]))))
        target.flush()


def block(data: bytes) -> bytes:
    """As it goes through a pipe."""
    return LENGTH.pack(len(data)) + data


def _apart(asked: bytes) -> bytes:
    """The pickled mail out of a process with the limits; `CUT_OFF` where that broke."""
    source, target = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(source)
        _one(asked, target)
    os.close(target)
    with os.fdopen(source, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    return answer if status == 0 else CUT_OFF


def _one(asked: bytes, target: int) -> None:
    """Parse one mail and end this process, whatever becomes of it."""
    try:
        limits, raw = pickle.loads(asked)  # noqa: S301 - from our own parent
        del asked
        seconds, megabytes, own, envelope_from, trusted = limits
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        sys.setrecursionlimit(5000)
        with os.fdopen(target, "wb") as pipe:
            pickle.dump(parse(raw, own, envelope_from, trusted), pipe)
    except BaseException:
        # Nothing of the parent's may run on in here; it tells by the status.
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
