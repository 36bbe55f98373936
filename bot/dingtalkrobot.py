"""The robot's own interface of DingTalk: words, pictures and files to one member, unasked.

Sources: DingTalk's description of robot messages (``sampleText``, ``sampleImageMsg``,
``sampleFile``) and of uploaded media (20 MiB; an organisation may upload 10,000 in a year).
"""

import json
import time
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import httpx

from bot.messages import File

MARGIN = 300
"""Seconds before its end at which an access token is asked for anew."""
LARGEST = 20 * 1024 * 1024
"""Bytes of one upload."""
PICTURES = frozenset({"png", "jpg", "gif", "bmp"})
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
        """Upload and send it; False where it is of no kind that is sent, or cannot be now."""
        kind = PurePath(file.name).suffix[1:].lower()
        picture = file.picture and kind in PICTURES
        if (not picture and kind not in FILES) or len(file.data) > LARGEST:
            return False
        media = await self._upload(file, "image" if picture else "file")
        if picture:
            return await self._send(account, "sampleImageMsg", {"photoURL": media})
        said = {"mediaId": media, "fileName": file.name, "fileType": kind}
        return await self._send(account, "sampleFile", said)

    async def _send(self, account: str, template: str, said: dict[str, str]) -> bool:
        body = {
            "robotCode": self._settings.robot_code or self._settings.client_id,
            "userIds": [account],
            "msgKey": template,
            "msgParam": json.dumps(said, ensure_ascii=False),
        }
        headers = {"x-acs-dingtalk-access-token": await self._access()}
        url = f"{self._settings.base_url}/v1.0/robot/oToMessages/batchSend"
        told = self._told(await self.http.post(url, json=body, headers=headers))
        if account in told.get("invalidStaffIdList", ()):
            raise NoSuchMember
        return account not in told.get("flowControlledStaffIdList", ())

    async def _upload(self, file: File, kind: str) -> str:
        answer = await self.http.post(
            f"{self._settings.media_url}/media/upload",
            params={"access_token": await self._access()},
            data={"type": kind},
            files={"media": (file.name, file.data, file.type)},
            timeout=60,
        )
        told = self._told(answer)
        if told.get("errcode", 0) != 0:
            # 40014 and 42001: this token is not valid any more.
            self._token = ("", 0.0)
            raise OSError(f"dingtalk refused an upload ({told['errcode']})")
        return str(told["media_id"])

    def _told(self, answer: httpx.Response) -> dict[str, Any]:
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = ("", 0.0)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    async def _access(self) -> str:
        token, until = self._token
        if token and time.monotonic() < until:
            return token
        body = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
        given = self._told(
            await self.http.post(f"{self._settings.base_url}/v1.0/oauth2/accessToken", json=body)
        )
        token = str(given["accessToken"])
        self._token = (token, time.monotonic() + float(given["expireIn"]) - MARGIN)
        return token


class NoSuchMember(ValueError):
    """The organisation has no member of that name: asking again does not help."""
