"""What the parents of the bench notice of a bot's replies."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from benchmarks.load.parents import Noticed, Parents, typed
from benchmarks.load.server import TOKEN, Server

CHAT = 1


async def noticed_of(rounds: list[list[str]]) -> Noticed:
    """Let a parent ask once for each of these rounds of messages, which is what the bot says to it."""
    found = Noticed()
    async with Server() as server, httpx.AsyncClient(base_url=f"{server.url}/bot{TOKEN}") as bot:
        parents = Parents(server)
        for texts in rounds:
            asking = asyncio.create_task(parents.at_once(typed(["Hoi"]), [CHAT]))
            await asyncio.sleep(0)
            for text in texts:
                await bot.post("/sendMessage", data={"chat_id": CHAT, "text": text})
            found.add(await asking)
    return found


@pytest.mark.parametrize(
    ("rounds", "twice"),
    [
        pytest.param([["Dag!"]], 0, id="one message"),
        pytest.param([["Probeer dit.", "En dat."]], 0, id="an answer in two messages"),
        pytest.param([["Dag!"], ["Dag!"]], 0, id="the same to one who asks again"),
        pytest.param([["Dag!", "Dag!"]], 1, id="the same again"),
        pytest.param([["Probeer dit.", "En dat.", "Probeer dit.", "En dat."]], 2, id="both messages again"),
    ],
)
async def test_only_a_message_that_comes_again_word_for_word_counts_as_coming_twice(rounds, twice):
    noticed = await noticed_of(rounds)

    assert (noticed.twice, noticed.unanswered, len(noticed.waits)) == (twice, 0, len(rounds))
