"""The robot's own interface of DingTalk: words, pictures and files to one member, unasked.

Sources: DingTalk's description of robot messages (``sampleText``, ``sampleImageMsg``,
``sampleFile``) and of uploaded media (20 MiB; an organisation may upload 10,000 in a year).
"""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import httpx

from bot import plain
from bot.messages import File

MARGIN = 300
"""Seconds before its end at which an access token is asked for anew."""
LARGEST = 20 * 1024 * 1024
"""Bytes of one upload."""
UPLOAD = httpx.Timeout(60, connect=5)
"""Seconds: a host that a firewall swallows must not keep a person waiting for each file."""
STALE = (40014, 42001)
"""Codes of an access token that is not valid, or not any more."""
PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "bmp"})
FILES = frozenset({"xlsx", "pdf", "zip", "rar", "doc", "docx"})


@dataclass(frozen=True)
class DingTalkSettings:
    """How to reach DingTalk. Times in seconds."""

    client_id: str
    client_secret: str
    robot_code: str = ""
    """"" for the client id, as robots of an enterprise's own have it."""
    base_url: str = "https://api.dingtalk.com"
    media_url: str = "https://oapi.dingtalk.com"
    """Where pictures and files are uploaded to."""
    notice_seconds: float = 5.0
    retry_seconds: float = 5.0


class Robot:
    """One robot. Methods raise `httpx.HTTPError`, `OSError` or what an odd answer gives."""

    def __init__(self, settings: DingTalkSettings) -> None:
        self._settings = settings
        self._token = ("", 0.0)
        self.http = httpx.AsyncClient(timeout=20)

    async def text(self, account: str, text: str) -> bool:
        """Say it; False where DingTalk asks to wait."""
        return await self._send(account, "sampleText", {"content": text})

    async def show(self, account: str, file: File) -> bool:
        """Upload and send what `takes`; False where DingTalk asks to wait."""
        kind = _kind(file)
        media = await self._upload(file, "image" if kind in PICTURES else "file")
        if kind in PICTURES:
            return await self._send(account, "sampleImageMsg", {"photoURL": media})
        said = {"mediaId": media, "fileName": f"{_stem(file)}.{kind}", "fileType": kind}
        return await self._send(account, "sampleFile", said)

    async def _send(self, account: str, template: str, said: dict[str, str]) -> bool:
        body = {
            "robotCode": self._settings.robot_code or self._settings.client_id,
            "userIds": [account],
            "msgKey": template,
            "msgParam": json.dumps(said, ensure_ascii=False),
        }
        url = f"{self._settings.base_url}/v1.0/robot/oToMessages/batchSend"

        async def ask(token: str) -> httpx.Response:
            headers = {"x-acs-dingtalk-access-token": token}
            return await self.http.post(url, json=body, headers=headers)

        told = await self._asked(ask)
        # Lists that are empty may be null.
        if account in (told.get("invalidStaffIdList") or ()):
            raise NoSuchMember
        return account not in (told.get("flowControlledStaffIdList") or ())

    async def _upload(self, file: File, kind: str) -> str:
        async def ask(token: str) -> httpx.Response:
            return await self.http.post(
                f"{self._settings.media_url}/media/upload",
                params={"access_token": token},
                data={"type": kind},
                files={"media": (f"{_stem(file)}.{_kind(file)}", file.data, file.type)},
                timeout=UPLOAD,
            )

        return str((await self._asked(ask))["media_id"])

    async def _asked(self, ask: Callable[[str], Awaitable[httpx.Response]]) -> dict[str, Any]:
        """What was answered; once more with a new token where the old one is not valid any more."""
        answer = await ask(await self._access())
        if _stale(answer):
            self._token = ("", 0.0)
            answer = await ask(await self._access())
        return _told(answer)

    async def _access(self) -> str:
        token, until = self._token
        if token and time.monotonic() < until:
            return token
        body = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
        given = _told(
            await self.http.post(f"{self._settings.base_url}/v1.0/oauth2/accessToken", json=body)
        )
        token = str(given["accessToken"])
        self._token = (token, time.monotonic() + float(given["expireIn"]) - MARGIN)
        return token


def takes(file: File) -> bool:
    """Whether DingTalk sends files of this kind and size."""
    return _kind(file) in PICTURES | FILES and len(file.data) <= LARGEST


def _kind(file: File) -> str:
    return PurePath(file.name).suffix[1:].lower()


def _stem(file: File) -> str:
    """Its name without the ending, as it may stand in a chat: senders chose some of them."""
    return plain.name(PurePath(file.name).stem)


def _stale(answer: httpx.Response) -> bool:
    """Whether the token was refused: 400 or 401 of the one interface, an errcode of the other."""
    if answer.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED):
        return True
    return answer.is_success and _object(answer).get("errcode") in STALE


def _told(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    told = _object(answer)
    if told.get("errcode"):
        raise Refused(f"errcode {told['errcode']}")
    return told


def _object(answer: httpx.Response) -> dict[str, Any]:
    told = answer.json()
    return told if isinstance(told, dict) else {}


class Refused(OSError):
    """DingTalk said no, and why: its text is safe to log."""


class NoSuchMember(ValueError):
    """The organisation has no member of that name: asking again does not help."""
