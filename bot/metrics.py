"""What the bot counts about itself, for Prometheus: numbers and kinds, never a chat, a text or a name.

Each room counts where the thing happens; the web port tells it all as ``/metrics``. Times are in seconds. A kind is one
of a fixed list, so that nobody outside can make the number of series grow.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
CONTENT_TYPE = CONTENT_TYPE_LATEST
"""What a scraper is told that it gets."""

UPDATES = Counter("minidorp_updates", "Updates of Telegram that were taken in.", ["kind"], registry=REGISTRY)
REPLIES = Counter("minidorp_replies", "Replies that went out to parents.", registry=REGISTRY)
APOLOGIES = Counter("minidorp_apologies", "Messages that could not be answered.", registry=REGISTRY)
DECISIONS = Counter("minidorp_decisions", "What was decided about a text.", ["kind"], registry=REGISTRY)
FLOODS = Counter(
    "minidorp_floods",
    "Messages that were too many for one chat, by what became of them.",
    ["outcome"],
    registry=REGISTRY,
)
REPLY_SECONDS = Histogram(
    "minidorp_reply_seconds",
    "From the moment an update was written down until it was dealt with.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
DELIVERIES = Counter(
    "minidorp_deliveries", "Messages of the bot's own accord, by outcome.", ["outcome"], registry=REGISTRY
)
STORE_ERRORS = Counter("minidorp_store_errors", "Times that the database failed.", registry=REGISTRY)

WAITING = Gauge("minidorp_deliveries_waiting", "Messages that are due and not out yet.", registry=REGISTRY)
TICK_AGE = Gauge("minidorp_tick_age_seconds", "Since it was last looked what falls due.", registry=REGISTRY)
STORE_UP = Gauge("minidorp_store_up", "1 while the database answers.", registry=REGISTRY)
RECEIVING = Gauge("minidorp_receiving", "1 while messages of parents come in.", registry=REGISTRY)
VERSION = Info("minidorp_version", "Which curated files and which matcher are in use.", registry=REGISTRY)


def watch_reader(pid: int) -> None:
    """Tell from now on what the process takes that reads messages: memory, time, open files."""
    ProcessCollector("minidorp_reader", lambda: pid, registry=REGISTRY)


def exposition() -> bytes:
    """Return everything in the text format of Prometheus."""
    return generate_latest(REGISTRY)
