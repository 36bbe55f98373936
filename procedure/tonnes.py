"""Printed amounts → whole tonnes. Never a float, and never a guess that does not say so."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from procedure.errors import BadInput
from procedure.language import Said, _

Unit = Literal["吨", "千吨", "万吨"]
FACTORS: dict[Unit, int] = {"吨": 1, "千吨": 1_000, "万吨": 10_000}

_GAS = r"(?:二氧化碳当量|二氧化碳|C[O0]2-?E?Q?)"
_UNIT = re.compile(
    rf"([万千])?\s*(?:吨|(?<![A-Z])T(?=C[O0]2|[^A-Z]|$))\s*{_GAS}?|([万千])(?=\W*$)|{_GAS}", re.I
)
_REMARK = re.compile(r"\([^()]*%[^()]*\)|约?占[^()]*%")
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
_SEPARATORS = re.compile(r"[,'’‘`´、，]")
_GROUPS = re.compile(r"(?!0,)\d{1,3}(?:,\d{3})+")


@dataclass(frozen=True)
class Tonnes:
    """Whole tonnes; ``suspicious`` where the printed text can be meant in another way too.

    ``418.871`` in 吨 is read as 418871 (a slip for a comma), but only with further evidence.
    """

    value: int
    suspicious: bool = False


def unit_of(text: str) -> Unit | None:
    """The unit named in a label, heading or cell (吨, 万吨, tCO2e …); None where there is none."""
    match = _UNIT.search(_fold(text))
    if not match:
        return None
    prefix = next((group for group in match.groups() if group), "")
    return {"": "吨", "千": "千吨", "万": "万吨"}[prefix]  # type: ignore[return-value]


def read_tonnes(text: str, unit: Unit = "吨") -> Tonnes:
    """A printed amount in ``unit``; a unit in the text itself wins.

    Takes full-width digits, spaces, and every mark of thousands in groups of three. A ``.`` is a
    decimal point in 万吨; in 吨 one before three digits is most likely a slip: suspicious.
    Raises `BadInput` for anything that is no single number of whole, non-negative tonnes.
    """
    folded = _REMARK.sub("", _fold(text))
    own = unit_of(folded)
    digits = _EMPTY_BRACKETS.sub("", _UNIT.sub("", folded)).strip(" :;=。()[]")
    digits = re.sub(r"\s*([,.'’‘`´、])\s*", r"\1", digits)
    number, suspicious = _number(_SEPARATORS.sub(",", digits), own or unit, text)
    value = number * FACTORS[own or unit]
    if value != value.to_integral_value():
        raise _refuse(text, "not a whole number of tonnes")
    return Tonnes(int(value), suspicious)


def tonnes(text: str, unit: Unit = "吨") -> int:
    """Like `read_tonnes`, but a suspicious text is refused with `BadInput` too."""
    read = read_tonnes(text, unit)
    if read.suspicious:
        raise _refuse(text, "ambiguous: decimal point or mark of thousands?")
    return read.value


_AMOUNT = _("{amount} 吨")


def format_tonnes(value: int) -> Said:
    """For people: ``6,182 吨``."""
    return _AMOUNT.said(amount=f"{value:,}")


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _number(plain: str, unit: Unit, text: str) -> tuple[Decimal, bool]:
    plain = _join_spaces(plain, text)
    whole, point, fraction = plain.rpartition(".") if plain.count(".") == 1 else (plain, "", "")
    if not point:
        return _whole(plain, unit, text)
    if not re.fullmatch(r"\d+", fraction):
        raise _refuse(text, "no number")
    if unit == "吨" and len(fraction) == 3:
        return _slip(plain, text), True
    base, _ = _whole(whole, unit, text)
    # 2,724.8764 万吨 is plain; more than four decimals cannot be whole tonnes and fail later.
    return base + Decimal(f"0.{fraction}"), False


def _whole(plain: str, unit: Unit, text: str) -> tuple[Decimal, bool]:
    if plain.isascii() and plain.isdigit():
        # A number of 万吨 without its point is more likely a point that was lost.
        lost_point = unit != "吨" and len(plain) >= 5
        return Decimal(plain), lost_point or (len(plain) > 1 and plain[0] == "0")
    if _GROUPS.fullmatch(plain):
        return Decimal(plain.replace(",", "")), unit != "吨"
    if unit != "吨" and re.fullmatch(r"\d+,\d{4}", plain):
        return Decimal(plain.replace(",", ".")), True
    return _slip(plain, text), True


def _slip(plain: str, text: str) -> Decimal:
    grouped = plain.replace(".", ",")
    if not _GROUPS.fullmatch(grouped):
        raise _refuse(text, "no number, or not grouped by threes")
    return Decimal(grouped.replace(",", ""))


def _join_spaces(plain: str, text: str) -> str:
    if " " not in plain:
        return plain
    if re.fullmatch(r"\d{1,3}(?: \d{3})+", plain):
        return plain.replace(" ", ",")
    raise _refuse(text, "spaces inside the number")


def _refuse(text: str, why: str) -> BadInput:
    return BadInput(
        f"amount {text!r}: {why}",
        code="bad-amount",
        user_message=_("数量“{text}”无法确定为整吨数，请以吨为单位填写整数。").format(
            text=text.strip()
        ),
    )
