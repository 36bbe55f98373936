"""The child process of `mailer.parse.limited`: raw mail on stdin, pickled `Mail` on stdout."""

import pickle
import sys

from mailer.parse import parse


def main() -> None:
    """Read arguments and the mail from standard input, write the parsed mail."""
    own, envelope_from, trusted, raw = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    sys.setrecursionlimit(5000)
    pickle.dump(parse(raw, own, envelope_from, trusted), sys.stdout.buffer)


if __name__ == "__main__":
    main()
