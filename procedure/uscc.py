"""Unified social credit code (统一社会信用代码), GB 32100-2015.

18 characters of an alphabet without I, O, Z, S and V. The last one is a check character that
catches every single substitution and every swap of neighbours. Positions 9-17 are an organisation
code (GB 11714) with a check of its own; old holders break that one, so a failure is a hint only.
"""

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_BEGINNING = 8
"""Characters that name the kind of holder and the place: in front of the organisation's code."""
_ISSUERS = "ANY"
_LIKE = {
    "0": "OQDU", "1": "ILTJ", "2": "Z", "4": "A", "5": "S", "6": "GB", "7": "TY", "8": "B",
    "9": "QGPB",
}  # fmt: skip
"""Letters that engines read for figures."""
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def normalise(text: str) -> str:
    """NFKC, upper case, without spaces and hyphens. Mends nothing else: O stays O."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-‐-―−_·]", "", folded)


def is_well_formed(code: str) -> bool:
    """18 characters of the alphabet, whatever the check character says."""
    return len(code) == LENGTH and all(char in _VALUES for char in code)


def check_char(first17: str) -> str:
    """The check character for the first 17 characters; ValueError for any other input."""
    if len(first17) != 17 or any(char not in _VALUES for char in first17):
        raise ValueError("a credit code's first 17 characters, of its alphabet, are needed")
    total = sum(_VALUES[char] * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total) % 31]


def is_valid(code: str) -> bool:
    """Well-formed and with the right check character. Letters may stand in any position."""
    return is_well_formed(code) and check_char(code[:17]) == code[17]


def begins_as(read: str, code: str) -> bool:
    """Whether a text begins with a code's first eight characters, but for letters where only
    figures can stand: who reads Q549QQ99 for 95499999 says nothing against the 9.

    Only the first character may be a letter, for three kinds of holders (GB 32100-2015, 5.1).
    """
    head = read[:_BEGINNING]
    return head[:1] not in set(_ISSUERS) - {code[:1]} and has_letters_for(head, code[:_BEGINNING])


def has_letters_for(read: str, code: str) -> bool:
    """Whether a text is a code, or part of one, but for letters in place of figures like them."""
    return len(read) == len(code) and all(
        a == b or a in _LIKE.get(b, "") for a, b in zip(read, code, strict=True)
    )


def org_code_valid(code: str) -> bool:
    """Whether positions 9-17 of a well-formed code check out as an organisation code (GB 11714)."""
    if not is_well_formed(code):
        return False
    org = code[8:17]
    total = sum(int(char, 36) * weight for char, weight in zip(org[:8], _ORG_WEIGHTS, strict=True))
    return org[8] == "0123456789X0"[11 - total % 11]
