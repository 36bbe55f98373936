"""What a token endpoint may answer, and what becomes of a grant that it trades for a new one."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import pytest

from mailer.watcher import MailboxDown, MailboxRefused, RefreshToken
from tests.mailer.tokens import Tokens


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    with Tokens("clerk@office.example") as running:
        yield running


def grant(tokens: Tokens, keeper: "Keeper | None" = None) -> RefreshToken:
    return RefreshToken(f"{tokens.base}/token", "clerk", "secret", "again", "imap", keeper=keeper)


class Keeper:
    """A disk that keeps the grant, or is full."""

    def __init__(self, *, full: bool) -> None:
        self.full, self.kept = full, ""

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()

    def load(self) -> str:
        return self.kept

    def save(self, token: str) -> None:
        if self.full:
            raise OSError("no space left on device")
        self.kept = token


@pytest.mark.parametrize(
    ("code", "said", "error", "told"),
    [
        (200, {"token_type": "Bearer"}, MailboxRefused, "no access_token"),
        (200, ["token"], MailboxDown, "no JSON object"),
        (400, {"error": "invalid_client", "error_description": "secret"}, MailboxRefused,
         "invalid_client"),
        (401, {}, MailboxRefused, "no reason given"),
        (403, ["secret"], MailboxRefused, "token refused"),
        (500, {"error": "x"}, MailboxDown, "500"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_token(
    tokens: Tokens, code: int, said: object, error: type[Exception], told: str
) -> None:
    tokens.says = code, said
    with pytest.raises(error, match=told) as raised:
        grant(tokens)()
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("keeper", [None, Keeper(full=False), Keeper(full=True)])
def test_a_grant_that_was_traded_is_the_next_one_wherever_it_is_kept(
    tokens: Tokens, keeper: Keeper | None
) -> None:
    tokens.rotates, tokens.lives = True, 0
    token = grant(tokens, keeper)
    assert [token(), token()] == ["token-1", "token-2"]
    assert [one["refresh_token"] for one in tokens.asked] == ["again", "grant-1"]
    if keeper is not None:
        assert keeper.kept == ("" if keeper.full else "grant-2")
