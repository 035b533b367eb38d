"""The least that a bot must be that reads what parents type: the echo bot, with the matcher, and no store.

``python -m benchmarks.load.reading_bot API_URL [PORT]``. It answers with what was decided, in a word.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from telegram import Update

from benchmarks.load import echo_bot
from bot import settings
from bot.knowledge.check import load
from bot.matching import two_questions
from bot.matching.matcher import Matcher


def main() -> None:
    """Serve until SIGTERM."""
    chosen = settings.read()
    matcher = Matcher.build(load(chosen.knowledge), cache_folder=chosen.cache)
    thread = ThreadPoolExecutor(1)

    async def say_what_it_is(update: Update, context: echo_bot.Context) -> None:
        assert update.message
        assert update.message.text
        if update.message.text.startswith("/"):
            await echo_bot.say_back(update, context)
            return
        decision = await asyncio.get_running_loop().run_in_executor(
            thread, two_questions.decide, matcher, update.message.text
        )
        await update.message.reply_text(decision.kind)

    echo_bot.serve(say_what_it_is)


if __name__ == "__main__":
    main()
