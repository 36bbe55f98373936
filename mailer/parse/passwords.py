"""Passwords for locked archives, where the mail tells them: 解压密码：…"""

import re

TOLD = re.compile(
    r"(?:密\s?[码碼]|口令|解[压壓缩]+[码碼]|提取[码碼]|[访訪][问問][码碼]|passw(?:or)?d|passcode|\bpwd?\b)"
    r"(?:\s*(?:是|为|為|:|：|=|is))*\s*[\"“「『'‘（(【\[]?\s*"
    r"([^\s\"”」』'’（）()【】\[\]，。、；,;！!]{2,64})",
    re.IGNORECASE,
)
MOST = 12


def passwords(text: str) -> tuple[str, ...]:
    """What the words may mean, likeliest first; a full stop may end it or belong to it."""
    found: dict[str, None] = {}
    for match in TOLD.finditer(text[:50_000]):
        plain = match[1].rstrip(".:：")
        # Punctuation may belong to it after all.
        whole = re.match(r"[!-~]{2,64}", text[match.start(1) : match.start(1) + 64])
        for one in (plain, match[1], whole[0] if whole else "", *_within(plain)):
            if one:
                found.setdefault(one)
        if len(found) >= MOST:
            break
    return tuple(found)[:MOST]


def _within(word: str) -> list[str]:
    """Letters and digits alone, where Chinese words run into them: 密码Ccer2021谢谢."""
    return re.findall(r"[!-~]{3,64}", word) if not word.isascii() else []
