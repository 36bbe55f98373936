"""Lists in pages: how many lines one has, and the buttons that turn it."""

from bot import texts
from bot.messages import Button
from bot.references import Reference

PAGE = 8


def turns(kind: str, first: int, count: int) -> tuple[tuple[Button, ...], ...]:
    """上一页 and 下一页, where there are such, in the row of a page from item ``first`` on."""
    steps = {
        texts.LESS: (first - PAGE, first > 0),
        texts.MORE: (first + PAGE, first + PAGE < count),
    }
    row = tuple(
        Button(str(label), str(Reference(kind, pick=max(0, to))))
        for label, (to, there) in steps.items()
        if there
    )
    return (row,) if row else ()
