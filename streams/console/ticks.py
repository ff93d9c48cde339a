"""The stream that tells a browser when to look again, and of each new emergency once, also across a lost connection or a restart."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from streams.console.feed import Feed
from streams.console.held import Held

TICK_SECONDS = 1.0
RETRY_MILLISECONDS = 1000
"""How soon a browser that lost the connection tries again."""
Heard = Mapping[int, int]
"""Of each partition of the emergency alerts the last offset that a browser was told of."""


def written(heard: Heard) -> str:
    """As it travels: `0:15,2:3`."""
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(heard.items())) or "-"


def read(text: str | None) -> dict[int, int] | None:
    """What a browser says that it was told; None where it says nothing that can be read."""
    try:
        pairs = [pair.split(":") for pair in (text or "").split(",") if pair != "-"]
        return {int(partition): int(offset) for partition, offset in pairs}
    except ValueError:
        return None


async def ticks(feed: Feed, heard: Heard | None) -> AsyncIterator[dict[str, Any]]:
    """Each second: how the feed stands, whether there is something new, how many emergencies are `new` and how many came `again`.

    `heard` is where the browser was when it last heard; None: from now on. Nothing is told as new while all is still being read.
    """
    changed = -1
    while True:
        state, counts = feed.state(), (0, 0)
        if state == "current" and heard is not None:
            heard = _no_further(heard, feed.held.marks)
        if feed.through:
            counts = _fresh(feed.held, heard)
            heard = dict(feed.held.marks)
        told = {"state": state, "changed": feed.changed != changed, "new": counts[0], "again": counts[1]}
        tick: dict[str, Any] = {"event": "tick", "data": json.dumps(told), "retry": RETRY_MILLISECONDS}
        yield tick | ({"id": written(heard)} if heard is not None else {})
        changed = feed.changed
        await asyncio.sleep(TICK_SECONDS)


def _fresh(held: Held, heard: Heard | None) -> tuple[int, int]:
    """Emergencies that a browser was not told of: those of new cases, and those that are told again (updated, or escalated)."""
    if heard is None:
        return 0, 0
    fresh = [alert.opens for alert in held.alerts if alert.offset > heard.get(alert.partition, -1)]
    return sum(fresh), len(fresh) - sum(fresh)


def _no_further(heard: Heard, marks: Heard) -> Heard:
    """A topic that was made anew begins again at its beginning."""
    return {partition: min(offset, marks.get(partition, -1)) for partition, offset in heard.items()}
