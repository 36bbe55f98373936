"""The version of the reader."""

READER_VERSION = "54"
"""Part of the key under which results are kept: raise it whenever readings may differ."""
