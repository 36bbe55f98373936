"""A reader for worker processes that reads nothing and says who it is."""

import os


def who(_data: bytes, _name: str, _template: object) -> tuple[int]:
    """Its process id, in place of a reading."""
    return (os.getpid(),)
