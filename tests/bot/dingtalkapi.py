"""DingTalk's side: the gateway that gives a ticket, the stream, webhooks, the robot's interface.

Frames as in dingtalk-stream 0.24 and DingTalk's description of the stream mode. A message that is
not acknowledged is delivered again.
"""

import json
from functools import partial
from typing import Any

from aiohttp import web

from tests.bot.chatpeer import Peer
from tests.bot.wire import request_body

CLIENT, SECRET, TOKEN = "ding-test", "secret-test", "access-test"
TOPIC = "/v1.0/im/bot/messages/get"


class DingTalk(Peer):
    """The service's state."""

    def __init__(self) -> None:
        super().__init__()
        self.tickets: set[str] = set()
        self.acks: list[dict[str, Any]] = []
        self.said: list[tuple[str, str]] = []
        """(conversation, text) through webhooks."""
        self.told: list[tuple[str, str]] = []
        """(member, text) through the robot's interface."""
        self.media: dict[str, tuple[str, str, bytes]] = {}
        """Uploads by id: kind, file name, bytes."""
        self.shown: list[tuple[str, str, bytes]] = []
        """(member, file name, bytes) of pictures and files."""
        self.full = 0
        """So many uploads are refused."""
        self.refuse = 0
        """So many notices are refused for flow control."""
        self.deaf = 0
        """So many answers are refused."""
        self.odd = 0
        """So many connections are opened with an answer of another make."""
        self.gone: set[str] = set()
        """Members who left."""

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/v1.0/gateway/connections/open", self._open)
        app.router.add_get("/connect", self._stream)
        app.router.add_post("/hook/{conversation}", self._hook)
        app.router.add_post("/v1.0/oauth2/accessToken", self._access)
        app.router.add_post("/v1.0/robot/oToMessages/batchSend", self._send)
        app.router.add_post("/media/upload", self._upload)

    async def _open(self, request: web.Request) -> web.Response:
        body = await request.json()
        if (body["clientId"], body["clientSecret"]) != (CLIENT, SECRET):
            return web.json_response({"code": "authFailed"}, status=401)
        if {"type": "CALLBACK", "topic": TOPIC} not in body["subscriptions"]:
            return web.json_response({"code": "noSubscription"}, status=400)
        if self.odd:
            self.note(lambda: setattr(self, "odd", self.odd - 1))
            return web.json_response({"endpoint": ""})
        ticket = f"t/+{self.next_id()}"
        self.tickets.add(ticket)
        self.host = request.host
        return web.json_response({"endpoint": f"ws://{request.host}/connect", "ticket": ticket})

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=401)
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.note(lambda: self.sockets.append(socket))
        async for message in socket:
            ack = json.loads(message.data)
            self.note(partial(self.acks.append, ack))
        return socket

    async def _hook(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("msgtype") != "text" or len(json.dumps(body).encode()) > 100_000:
            return web.json_response({"errcode": 400001, "errmsg": "bad message"})
        if self.deaf:
            self.note(lambda: setattr(self, "deaf", self.deaf - 1))
            return web.json_response({"errcode": 310000, "errmsg": "expired"})
        conversation, text = request.match_info["conversation"], body["text"]["content"]
        self.note(lambda: self.said.append((conversation, text)))
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _access(self, request: web.Request) -> web.Response:
        body = await request.json()
        if (body["appKey"], body["appSecret"]) != (CLIENT, SECRET):
            return web.json_response({"code": "invalid"}, status=400)
        return web.json_response({"accessToken": TOKEN, "expireIn": 7200})

    async def _send(self, request: web.Request) -> web.Response:
        if request.headers.get("x-acs-dingtalk-access-token") != TOKEN:
            return web.json_response({"code": "InvalidAuthentication"}, status=400)
        body = await request.json()
        if self.refuse:
            self.note(lambda: setattr(self, "refuse", self.refuse - 1))
            return web.json_response({"flowControlledStaffIdList": body["userIds"]})
        if self.gone & set(body["userIds"]):
            return web.json_response({"invalidStaffIdList": body["userIds"]})
        said = json.loads(body["msgParam"])
        if body["msgKey"] == "sampleText":
            self.note(lambda: self.told.extend((one, said["content"]) for one in body["userIds"]))
        else:
            self._show(body, said)
        # Lists that are empty may be null.
        return web.json_response({"processQueryKey": "k", "invalidStaffIdList": None})

    def _show(self, body: dict[str, Any], said: dict[str, str]) -> None:
        """A picture or a file, as its template wants it."""
        if body["msgKey"] == "sampleImageMsg":
            kind, name, data = self.media[said["photoURL"]]
            assert kind == "image"
        else:
            kind, name, data = self.media[said["mediaId"]]
            assert (body["msgKey"], kind) == ("sampleFile", "file")
            assert said["fileName"].endswith("." + said["fileType"])
        self.note(lambda: self.shown.extend((one, name, data) for one in body["userIds"]))

    async def _upload(self, request: web.Request) -> web.Response:
        if request.query.get("access_token") != TOKEN:
            return web.json_response({"errcode": 40014, "errmsg": "invalid access_token"})
        if self.full:
            self.note(lambda: setattr(self, "full", self.full - 1))
            return web.json_response({"errcode": 45009, "errmsg": "api freq out of limit"})
        # Not `request.post()`: where a boundary meets the end of a chunk, its reader warns
        # (aiohttp 3.14, `_read_chunk_from_stream`), and a warning is an error here.
        fields, files = request_body(request.headers["Content-Type"], await request.read())
        kind, name = fields["type"], f"@lAL{self.next_id()}"
        self.media[name] = (kind, *files["media"])
        return web.json_response(
            {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": name, "created_at": 1}
        )

    def frame(self, who: str, text: str, group: bool = False) -> dict[str, Any]:
        """A message of a member, as the stream carries it."""
        number = self.next_id()
        self.wait(lambda: self.sockets)
        data = {
            "msgId": f"msg{number}",
            "msgtype": "text",
            "text": {"content": f" {text}" if group else text},
            "senderStaffId": who,
            "senderId": f"$:LWCP_v1:${who}",
            "senderNick": who,
            "conversationId": "cid1",
            "conversationType": "2" if group else "1",
            "sessionWebhook": f"http://{self.host}/hook/{'group' if group else who}",
            "sessionWebhookExpiredTime": 1_635_735_000_000,
            "createAt": 1_635_730_000_000,
            "robotCode": CLIENT,
        }
        headers = {"topic": TOPIC, "messageId": f"frame{number}", "contentType": "application/json",
                   "time": "1635730000000", "appId": "a", "connectionId": "c"}  # fmt: skip
        return {"specVersion": "1.0", "type": "CALLBACK", "headers": headers,
                "data": json.dumps(data)}  # fmt: skip

    def say(self, who: str, text: str, group: bool = False) -> str:
        """A member types; our answer."""
        before = len(self.said)
        frame = self.frame(who, text, group)
        self.push(frame)
        # What was pushed before may be answered now. Each is acknowledged under its own id.
        name = frame["headers"]["messageId"]
        self.wait(lambda: len(self.said) > before and name in self._acknowledged())
        return self.said[-1][1]

    def _acknowledged(self) -> set[str]:
        return {one["headers"]["messageId"] for one in self.acks if one["code"] == 200}

    def system(self, topic: str, data: dict[str, Any]) -> str:
        """The gateway itself says something; the id of its frame."""
        name = f"sys{self.next_id()}"
        self.push({"specVersion": "1.0", "type": "SYSTEM", "data": json.dumps(data),
                   "headers": {"topic": topic, "messageId": name}})  # fmt: skip
        return name
