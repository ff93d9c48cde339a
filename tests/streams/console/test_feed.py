import asyncio

import pytest

from streams.console.feed import _stop


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
