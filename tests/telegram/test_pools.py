"""Calls are shared out over small pools, and a pool that fails keeps nobody's place."""

from __future__ import annotations

import asyncio

import pytest

from bot.telegram.pools import EACH, Pools


class Pool:
    """A pool whose calls wait for a gate."""

    read_timeout = 3.0

    def __init__(self, size: int) -> None:
        self.size = size
        self.calls = 0
        self.gate = asyncio.Event()

    async def do_request(self, url, _method, _data, **_timeouts):
        self.calls += 1
        if url == "fails":
            raise ConnectionError
        await self.gate.wait()
        return 200, b"{}"


@pytest.fixture
def made():
    return []


@pytest.fixture
def pools(made):
    def make(size):
        made.append(Pool(size))
        return made[-1]

    return Pools(3 * EACH, make)


async def test_a_pool_is_used_up_before_the_next_and_then_all_alike(pools, made):
    calls = [asyncio.create_task(pools.do_request("x", "POST")) for _ in range(3 * EACH + 3)]
    await asyncio.sleep(0)

    assert [pool.calls for pool in made] == [EACH + 1] * 3
    assert all(pool.size >= EACH + 1 for pool in made)
    for pool in made:
        pool.gate.set()
    await asyncio.gather(*calls)


async def test_a_bot_at_rest_uses_one_pool_also_after_failures(pools, made):
    made[0].gate.set()

    for url in ("x", "fails") * EACH:
        await asyncio.gather(pools.do_request(url, "POST"), return_exceptions=True)

    assert [pool.calls for pool in made] == [2 * EACH, 0, 0]
