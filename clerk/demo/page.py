"""The demo's page: one self-contained HTML file, and its summary for a terminal."""

from clerk.demo.result import DemoResult


def render(result: DemoResult) -> str:
    """The page: UTF-8 HTML without any outside resource."""
    raise NotImplementedError


def summary(result: DemoResult) -> str:
    """A summary of about thirty lines for a terminal, Simplified Chinese."""
    raise NotImplementedError
