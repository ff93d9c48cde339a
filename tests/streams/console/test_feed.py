import asyncio

import pytest
from aiokafka import TopicPartition

from streams.console.feed import ASK_SECONDS, Feed, _stop
from streams.console.held import Held

PLACE = TopicPartition("vigil.decisions", 0)


class Busy:
    """A client on a topic that grows; what is read is always a little behind."""

    def __init__(self) -> None:
        self.end = 0
        self.read = 0

    def assignment(self) -> set[TopicPartition]:
        """What is read."""
        return {PLACE}

    async def end_offsets(self, places: set[TopicPartition]) -> dict[TopicPartition, int]:
        """Where the topic ends."""
        return dict.fromkeys(places, self.end)

    async def position(self, place: TopicPartition) -> int:
        """What is read next."""
        assert place == PLACE
        return self.read


def looked(lag: int, turns: int) -> tuple[float | None, float]:
    """Up to when a feed is current that looks once a second at a topic of ten records a second, and what time it is then."""
    now, busy = [1000.0], Busy()
    feed = Feed({}, dict, "vigil.", Held(), lambda: now[0])

    async def watch() -> None:
        for _ in range(turns):
            now[0] += 1
            busy.end += 10
            busy.read = max(busy.read, busy.end - lag)
            await feed._look(busy)

    asyncio.run(watch())
    return feed.current_at, now[0]


def test_a_stream_that_never_rests_can_be_current() -> None:
    """A reader that is always a second behind is current but for this second and the time between questions; one that stands is not."""
    current_at, now = looked(lag=10, turns=50)
    assert current_at is not None
    assert now - current_at <= 2 * ASK_SECONDS
    assert looked(lag=10_000, turns=50) == (None, 1050.0)


class Leaky:
    """A client that lets out its own tasks' cancellation, or hangs."""

    def __init__(self, seconds: float = 0) -> None:
        self._seconds = seconds

    async def stop(self) -> None:
        """End as aiokafka does after its broker went away."""
        await asyncio.sleep(self._seconds)
        raise asyncio.CancelledError


def test_a_client_that_ends_badly_does_not_end_the_reading() -> None:
    """A cancellation that is the client's own is no reason to stop reading for ever."""
    asyncio.run(_stop(Leaky()))


def test_the_reading_can_be_ended() -> None:
    """A cancellation of ours is one, also where the client is being put away."""

    async def ended() -> None:
        task = asyncio.create_task(_stop(Leaky(60)))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(ended())
