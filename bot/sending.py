"""What the core says → Bot API calls: plain text in pieces, buttons, files; errors sorted."""

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Bot, ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram import MaybeInaccessibleMessage as Tapped
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut

from bot import plain, texts
from bot.messages import Button, File, Reply
from procedure.language import Text

log = logging.getLogger(__name__)

LARGEST_FILE = 50 * 1000 * 1000
"""Bytes that a bot may upload (Bot API, Sending files)."""
LARGEST_PICTURE = 10 * 1000 * 1000
Markup = InlineKeyboardMarkup | ForceReply | None
_QUIET = LinkPreviewOptions(is_disabled=True)


class Sending:
    """Sends to chats; a chat that cannot be reached is logged, never raised to the poller."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def acknowledge(self, query_id: str) -> None:
        """Stop the client's spinner; too late is no harm."""
        try:
            await self.bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.info("telegram: a tap could not be acknowledged (%s)", error)

    async def menu(self, commands: Mapping[str, Text]) -> None:
        """The list of commands beside the input line; only a convenience."""
        try:
            await self.bot.set_my_commands([(name, str(said)) for name, said in commands.items()])
        except TelegramError as error:
            log.info("telegram: the menu could not be set (%s)", error)

    async def reply(self, chat: int, reply: Reply, tapped: Tapped | None = None) -> None:
        """Say it; a failure is logged, for the person asks again."""
        try:
            await self._say(chat, reply, tapped)
        except Forbidden:
            log.info("telegram: a chat has blocked the bot")
        except TelegramError as error:
            log.warning("telegram: an answer could not be sent (%s)", error)

    async def notice(self, chat: int, reply: Reply) -> bool:
        """Whether the notice is settled: sent, or not to be sent ever (blocked, no such chat)."""
        try:
            await self._say(chat, reply)
        except Forbidden:
            log.warning("telegram: a notice was refused, the person has blocked the bot")
        except BadRequest as error:
            log.warning("telegram: a notice was refused (%s)", error)
        except TelegramError as error:
            log.warning("telegram: a notice waits (%s)", error)
            return False
        return True

    async def _say(self, chat: int, reply: Reply, tapped: Tapped | None = None) -> None:
        pieces = plain.chunks(reply.text)
        in_place = tapped is not None and reply.replaces and len(pieces) == 1
        if tapped and in_place and await self._replace(chat, tapped.message_id, reply):
            pieces = []
        for index, piece in enumerate(pieces):
            last = index == len(pieces) - 1
            await self._send(chat, piece, markup(reply) if last else None)
        for file in reply.files:
            await self._file(chat, file)

    async def _send(self, chat: int, text: str, buttons: Markup) -> None:
        await _once_more(
            self.bot.send_message,
            chat_id=chat,
            text=text,
            reply_markup=buttons,
            link_preview_options=_QUIET,
        )

    async def _replace(self, chat: int, message: int, reply: Reply) -> bool:
        """Put the answer in the place of the message with the button; False where it is too old."""
        buttons = markup(reply)
        try:
            await _once_more(
                self.bot.edit_message_text,
                text=reply.text,
                chat_id=chat,
                message_id=message,
                reply_markup=buttons if isinstance(buttons, InlineKeyboardMarkup) else None,
                link_preview_options=_QUIET,
            )
        except BadRequest as error:
            # The same tap again: the message says so already.
            return "not modified" in str(error).lower()
        return True

    async def _file(self, chat: int, file: File) -> None:
        if len(file.data) > LARGEST_FILE:
            await self._send(chat, texts.FILE_TOO_LARGE.format(name=plain.name(file.name)), None)
            return
        if file.picture and len(file.data) <= LARGEST_PICTURE and await self._picture(chat, file):
            return
        await _once_more(
            self.bot.send_document, chat_id=chat, document=file.data, filename=file.name
        )

    async def _picture(self, chat: int, file: File) -> bool:
        """Show it; False for one that Telegram takes for no photo (too long, too narrow)."""
        try:
            await _once_more(self.bot.send_photo, chat_id=chat, photo=file.data, filename=file.name)
        except BadRequest as error:
            log.info("telegram: a picture goes as a file (%s)", error)
            return False
        return True


def markup(reply: Reply) -> Markup:
    """Buttons below the message, else an opened reply where one is wanted."""
    if reply.buttons:
        return InlineKeyboardMarkup([[_button(one) for one in row] for row in reply.buttons])
    return ForceReply(selective=True) if reply.wants_answer else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.reference)


async def _once_more(call: Any, **arguments: Any) -> None:
    """Repeat once after a broken connection; a time-out may have arrived, so it is not repeated."""
    try:
        await call(**arguments)
    except (BadRequest, TimedOut):
        raise
    except NetworkError:
        await call(**arguments)
