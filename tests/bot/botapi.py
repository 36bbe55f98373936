"""A Bot API server over HTTP on loopback, as documented at core.telegram.org/bots/api.

python-telegram-bot talks to it unchanged. It keeps the parts that clients trip over: long polling
with ``offset``, 409 for a second poller, 429 with ``retry_after``, 403 for a user who blocked the
bot, 400 for texts over 4,096 UTF-16 units or callback data over 64 bytes, bodies as JSON, form or
multipart. Users are played by `say` and `tap`.
"""

import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.bot.wire import Refused, checked_markup, checked_text, field_value, request_body

TOKEN = "100001:AAtestTOKENtestTOKENtestTOKENtest-12"
BOT = {"id": 100001, "is_bot": True, "first_name": "碳抵销", "username": "ccer_test_bot"}
Json = dict[str, Any]
GROUP = -1000
METHODS = frozenset(
    {
        "getMe",
        "deleteWebhook",
        "setWebhook",
        "setMyCommands",
        "getUpdates",
        "sendMessage",
        "editMessageText",
        "answerCallbackQuery",
        "sendDocument",
        "sendPhoto",
    }
)


@dataclass
class Sent:
    """One message of the bot as the user's client shows it now."""

    message_id: int
    chat_id: int
    text: str
    markup: Json
    document: tuple[str, bytes] | None = None
    edits: int = 0
    params: Json = field(default_factory=dict)

    @property
    def buttons(self) -> dict[str, str]:
        rows = self.markup.get("inline_keyboard", [])
        return {one["text"]: one["callback_data"] for row in rows for one in row}

    def as_json(self) -> Json:
        return {
            "message_id": self.message_id,
            "date": 1635730000,
            "chat": chat(self.chat_id),
            "from": BOT,
            "text": self.text,
            **({"reply_markup": self.markup} if "inline_keyboard" in self.markup else {}),
        }


def _snake(found: re.Match[str]) -> str:
    return f"_{found[0].lower()}"


def chat(chat_id: int) -> Json:
    if chat_id < 0:
        return {"id": chat_id, "type": "supergroup", "title": "群"}
    return {"id": chat_id, "type": "private", "first_name": f"user{chat_id}"}


def user(user_id: int) -> Json:
    return {"id": user_id, "is_bot": False, "first_name": f"user{user_id}"}


class BotApi:
    """The server's state; every method of it may be called from the test's thread."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.updates: list[Json] = []
        self.sent: list[Sent] = []
        self.calls: list[tuple[float, str, Json]] = []
        self.acknowledged: list[str] = []
        self.blocked: set[int] = set()
        self.floods: dict[int, list[int]] = defaultdict(list)
        """Chat → pauses (seconds) that the next sends to it are refused with."""
        self.down = False
        """Connections are dropped without an answer."""
        self.down_after = ""
        """The method after whose answer the network breaks."""
        self.dropped = 0
        """Requests that met the broken network."""
        self.polling = 0
        """Polls that wait for updates now."""
        self.hook: Json = {}
        """Parameters of the last setWebhook."""
        self.at: dict[str, Callable[[], None]] = {}
        """Method → what is done as its call arrives, once; the call gets no answer then."""
        self._ids = 0
        self._poll = 0

    # --- the users' side -------------------------------------------------------------------------

    def say(
        self, who: int, text: str, *, in_chat: int | None = None, reply_to: Sent | None = None
    ) -> int:
        """A user types; the id of the update."""
        message: Json = {
            "message_id": self._next(),
            "date": 1635730000,
            "chat": chat(in_chat or who),
            "from": user(who),
            "text": text,
        }
        if reply_to is not None:
            message["reply_to_message"] = reply_to.as_json()
        return self.queue({"message": message})

    def tap(self, who: int, on: Sent, label: str = "", *, data: str | None = None) -> int:
        """A user taps a button, as the message was then (or sends forged ``data``)."""
        query = {
            "id": f"q{self._next()}",
            "from": user(who),
            "chat_instance": "1",
            "message": on.as_json(),
            "data": data if data is not None else on.buttons[label],
        }
        return self.queue({"callback_query": query})

    def queue(self, update: Json, *, times: int = 1) -> int:
        """An update comes, the very same one ``times`` over; its id, higher than all before."""
        with self.changed:
            update = {"update_id": self._next(), **update}
            self.updates += [update] * times
            self.changed.notify_all()
            return int(update["update_id"])

    # --- what the test reads ---------------------------------------------------------------------

    def to(self, who: int) -> list[Sent]:
        with self.changed:
            return [one for one in self.sent if one.chat_id == who]

    def wait(self, until: Callable[[], Any], seconds: float = 120.0) -> Any:
        """What ``until`` gives as soon as it is true; AssertionError after ``seconds``."""
        end = time.monotonic() + seconds
        with self.changed:
            while not (value := until()):
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"nothing came; sent: {[s.text for s in self.sent]}")
                self.changed.wait(min(left, 0.5))
            return value

    def count(self, method: str) -> int:
        with self.changed:
            return sum(name == method for _, name, _ in self.calls)

    # --- the bot's side --------------------------------------------------------------------------

    def call(self, method: str, params: Json, files: dict[str, tuple[str, bytes]]) -> Any:
        with self.changed:
            self.calls.append((time.monotonic(), method, params))
        if (happens := self.at.pop(method, None)) is not None:
            happens()
            raise Refused(500, "Internal Server Error")
        handler = getattr(self, "_" + re.sub("[A-Z]", _snake, method), None)
        known = method in METHODS
        if handler is None or not known:
            raise Refused(404, "Not Found: method not found")
        if "chat_id" in params and method.startswith(("send", "edit")):
            self._may_send(int(params["chat_id"]))
        result = (
            handler(params, files) if method in {"sendDocument", "sendPhoto"} else handler(params)
        )
        with self.changed:
            self.down = self.down or method == self.down_after
            self.changed.notify_all()
        return result

    def _may_send(self, chat_id: int) -> None:
        with self.changed:
            if chat_id in self.blocked:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            if self.floods[chat_id]:
                pause = self.floods[chat_id].pop(0)
                text = f"Too Many Requests: retry after {pause}"
                raise Refused(429, text, retry_after=pause)

    def _get_me(self, params: Json) -> Json:
        return {
            **BOT,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def _set_webhook(self, params: Json) -> bool:
        self.hook = params
        return True

    def _delete_webhook(self, params: Json) -> bool:
        return True

    def _set_my_commands(self, params: Json) -> bool:
        for one in params["commands"]:
            if not (1 <= len(one["command"]) <= 32 and 1 <= len(one["description"]) <= 256):
                raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    def _get_updates(self, params: Json) -> list[Json]:
        end = time.monotonic() + float(params.get("timeout", 0))
        with self.changed:
            self._poll += 1
            mine = self._poll
            self.changed.notify_all()
            self._confirm(int(params.get("offset", 0)))
            kinds = params.get("allowed_updates")
            while True:
                # A newer poll of the same token ends the older one.
                if mine != self._poll:
                    raise Refused(
                        409,
                        "Conflict: terminated by other getUpdates request; make sure that only "
                        "one bot instance is running",
                    )
                ready = [u for u in self.updates if not kinds or any(k in u for k in kinds)]
                left = end - time.monotonic()
                if ready or left <= 0 or self.down:
                    return ready[: int(params.get("limit", 100))]
                self.polling += 1
                self.changed.notify_all()
                self.changed.wait(left)
                self.polling -= 1

    def _confirm(self, offset: int) -> None:
        self.updates = [u for u in self.updates if u["update_id"] >= offset]

    def _send_message(self, params: Json) -> Json:
        return self._keep(params, checked_text(params)).as_json()

    def _edit_message_text(self, params: Json) -> Json:
        text, markup = checked_text(params), checked_markup(params)
        with self.changed:
            message = self._message(params)
            if (message.text, message.markup) == (text, markup):
                raise Refused(400, "Bad Request: message is not modified")
            message.text, message.markup = text, markup
            message.edits += 1
            return message.as_json()

    def _answer_callback_query(self, params: Json) -> bool:
        with self.changed:
            if params["callback_query_id"] in self.acknowledged:
                raise Refused(400, "Bad Request: query is too old and response timeout expired")
            self.acknowledged.append(params["callback_query_id"])
        return True

    def _send_document(self, params: Json, files: dict[str, tuple[str, bytes]]) -> Json:
        return self._keep_file("document", params, files)

    def _send_photo(self, params: Json, files: dict[str, tuple[str, bytes]]) -> Json:
        return self._keep_file("photo", params, files)

    def _keep_file(self, kind: str, params: Json, files: dict[str, tuple[str, bytes]]) -> Json:
        # attach://NAME names the part of the body that holds the bytes.
        part = str(params.get(kind, "")).removeprefix("attach://") or kind
        if part not in files:
            raise Refused(400, "Bad Request: there is no file in the request")
        message = self._keep(params, params.get("caption", ""), files[part])
        body = message.as_json()
        del body["text"]
        name, data = files[part]
        one = {"file_id": f"f{message.message_id}", "file_unique_id": "u", "file_size": len(data)}
        if kind == "photo":
            return {**body, "photo": [{**one, "width": 1, "height": 1}]}
        return {**body, "document": {**one, "file_name": name}}

    def _keep(self, params: Json, text: str, document: tuple[str, bytes] | None = None) -> Sent:
        with self.changed:
            markup = checked_markup(params)
            chat_id = int(params["chat_id"])
            message = Sent(self._next(), chat_id, text, markup, document, params=params)
            self.sent.append(message)
            return message

    def _message(self, params: Json) -> Sent:
        for one in self.sent:
            if one.message_id == int(params["message_id"]):
                return one
        raise Refused(400, "Bad Request: message to edit not found")

    def _next(self) -> int:
        with self.changed:
            self._ids += 1
            return self._ids


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: BotApi

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._drop():
            return
        status, answer = self._answer(raw)
        if self._drop(but=self.api.down_after):
            return
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST  # noqa: N815

    def _drop(self, but: str = "") -> bool:
        """Hang up without an answer while the network is down."""
        with self.api.changed:
            if but and self.path.endswith(but):
                return False
            if self.api.down:
                self.close_connection = True
                self.api.dropped += 1
                self.api.changed.notify_all()
            return self.api.down

    def _answer(self, raw: bytes) -> tuple[int, Json]:
        url = urlsplit(self.path)
        prefix, _, method = url.path.rpartition("/")
        if prefix != f"/bot{TOKEN}":
            return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
        params, files = request_body(self.headers.get("Content-Type", ""), raw)
        params.update({k: field_value(k, v) for k, v in parse_qsl(url.query)})
        try:
            return 200, {"ok": True, "result": self.api.call(method, params, files)}
        except Refused as refused:
            return refused.body["error_code"], refused.body

    def log_message(
        self,
        format: str,  # noqa: A002
        *args: object,
    ) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


@contextmanager
def serving(api: BotApi) -> Iterator[str]:
    """Serve on loopback; the base_url for python-telegram-bot."""
    handler = type("Handler", (_Handler,), {"api": api})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/bot"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
