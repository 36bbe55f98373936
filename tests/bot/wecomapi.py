"""WeCom's side of a smart bot's long connection: subscription, callbacks, streams, receipts.

Frames as in wecom-aibot-python-sdk 1.0 and WeCom's description of the long connection. TLS, for the
SDK speaks nothing else.
"""

import datetime
import ipaddress
import json
import ssl
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bot.chatpeer import Peer

BOT, SECRET = "aib-test", "secret-test"
MOST_BYTES = 20_480


class WeCom(Peer):
    """The service's state."""

    def __init__(self) -> None:
        super().__init__()
        self.streams: dict[str, tuple[str, bool]] = {}
        """Stream → text as shown now, and whether it is finished."""
        self.firsts: list[str] = []
        """What streams said at first."""
        self.pictures: list[dict[str, Any]] = []
        self.told: list[tuple[str, str]] = []
        self.refuse = 0
        """So many proactive messages are refused."""

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/", self._connect)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            frame = json.loads(message.data)
            code = self._taken(frame, socket)
            await socket.send_json({"headers": frame["headers"], "errcode": code,
                                    "errmsg": "ok" if code == 0 else "refused"})  # fmt: skip
        return socket

    def _taken(self, frame: dict[str, Any], socket: web.WebSocketResponse) -> int:
        body, command = frame.get("body", {}), frame["cmd"]
        if command == "aibot_subscribe":
            if (body["bot_id"], body["secret"]) != (BOT, SECRET):
                return 40001
            self.note(lambda: self.sockets.append(socket))
        elif command == "aibot_respond_msg":
            return self._stream(body["stream"])
        elif command == "aibot_send_msg":
            return self._proactive(body)
        return 0

    def _stream(self, stream: dict[str, Any]) -> int:
        name, text = stream["id"], stream["content"]
        if len(text.encode()) > MOST_BYTES or self.streams.get(name, ("", False))[1]:
            return 40058
        if name not in self.streams:
            self.firsts.append(text)
        self.pictures += stream.get("msg_item", [])
        self.note(lambda: self.streams.__setitem__(name, (text, stream["finish"])))
        return 0

    def _proactive(self, body: dict[str, Any]) -> int:
        if self.refuse:
            self.refuse -= 1
            return 45009
        assert body["msgtype"] == "markdown"
        self.note(lambda: self.told.append((body["chatid"], body["markdown"]["content"])))
        return 0

    def frame(self, who: str, text: str, group: bool = False) -> dict[str, Any]:
        """A message of a member, as the connection carries it."""
        number = self.next_id()
        body = {
            "msgid": f"m{number}", "aibotid": BOT, "chattype": "group" if group else "single",
            "from": {"userid": who}, "msgtype": "text",
            "text": {"content": f"@碳抵销 {text}" if group else text},
        }  # fmt: skip
        if group:
            body["chatid"] = "wr1"
        return {"cmd": "aibot_msg_callback", "headers": {"req_id": f"r{number}"}, "body": body}

    def say(self, who: str, text: str, group: bool = False) -> str:
        """A member types; our answer, once its stream has ended."""
        frame = self.frame(who, text, group)
        name = f"s{frame['body']['msgid']}"
        self.push(frame)
        self.wait(lambda: self.streams.get(name, ("", False))[1])
        return self.streams[name][0]


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context for 127.0.0.1, and the file of the authority that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    # Each its own name: the door keeps every authority that it was ever told of.
    common = f"peer {x509.random_serial_number()}"[:60]
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "ca.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
