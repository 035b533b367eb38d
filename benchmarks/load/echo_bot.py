"""The least that a bot of python-telegram-bot can be: it says back what it got, and confirms what was pressed.

``python -m benchmarks.load.echo_bot API_URL [PORT]``: by polling, or with a webhook on that port.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from benchmarks.load.server import TOKEN
from bot.reading.thread import SWITCHING_S
from bot.telegram.lanes import PLACES

Context = ContextTypes.DEFAULT_TYPE


async def say_back(update: Update, _context: Context) -> None:
    assert update.message
    assert update.message.text
    await update.message.reply_text(update.message.text)


async def press_back(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query
    # Both at once, as Minidorp does it.
    await asyncio.gather(query.answer(), query.edit_message_text(f"You pressed {query.data}"))


def serve(answer: Callable[[Update, Context], Awaitable[None]]) -> None:
    """Serve until SIGTERM, with ``answer`` to what is typed."""
    sys.setswitchinterval(SWITCHING_S)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    url, *port = sys.argv[1:]
    application = (
        Application.builder()
        .token(TOKEN)
        .base_url(f"{url}/bot")
        .concurrent_updates(PLACES)
        .connection_pool_size(2 * PLACES)
        .pool_timeout(30)
        .build()
    )
    application.add_handlers([CallbackQueryHandler(press_back), MessageHandler(filters.TEXT, answer)])
    if port:
        application.run_webhook("127.0.0.1", int(port[0]), "hook", webhook_url=f"http://127.0.0.1:{port[0]}/hook")
    else:
        application.run_polling()


if __name__ == "__main__":
    serve(say_back)
