"""Requests of the Bot API as its server takes them: bodies, and what it refuses.

JSON, form or multipart (core.telegram.org/bots/api, Making requests).
"""

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]
Files = dict[str, tuple[str, bytes]]


class Refused(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, code: int, text: str, **parameters: int) -> None:
        super().__init__(text)
        self.body: Json = {"ok": False, "error_code": code, "description": text}
        if parameters:
            self.body["parameters"] = parameters


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def checked_text(params: Json) -> str:
    text = str(params.get("text", ""))
    if not text.strip():
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > 4096:
        raise Refused(400, "Bad Request: message is too long")
    if params.get("parse_mode"):
        raise Refused(400, "Bad Request: can't parse entities: this product sends plain text")
    return text.strip()


def checked_markup(params: Json) -> Json:
    markup: Json = params.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        for one in row:
            if not 1 <= len(one["callback_data"].encode()) <= 64:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if not one["text"]:
                raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
    return markup


def _value(text: str) -> Any:
    """Form fields hold JSON for anything but text; a plain word stays a word."""
    if text[:1] in "[{" or text in {"true", "false"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def request_body(content_type: str, raw: bytes) -> tuple[Json, Files]:
    """Parameters and files of a request, whichever of the three encodings it has."""
    if content_type.startswith("application/json"):
        return json.loads(raw), {}
    if content_type.startswith("multipart/form-data"):
        return _multipart(content_type, raw)
    pairs = parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=bool(raw))
    return {name: field_value(name, value) for name, value in pairs}, {}


def field_value(name: str, value: str) -> Any:
    """A form field's value as the Bot API takes it."""
    # What people wrote is never parsed, even where it looks like JSON.
    return value if name in {"text", "caption"} else _value(value)


def _multipart(content_type: str, raw: bytes) -> tuple[Json, Files]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    params: Json = {}
    files: Files = {}
    for part in message_from_bytes(head + raw, policy=HTTP).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        if part.get_filename() is not None:
            files[name] = (str(part.get_filename()), data)
        else:
            params[name] = field_value(name, data.decode())
    return params, files
