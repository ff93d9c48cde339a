import asyncio
import socket
from typing import Any, cast

import pytest
import uvicorn

from streams.console.serving import PageError, _Server, _together


class Told:
    """A server that serves until it is told to end."""

    def __init__(self) -> None:
        self._end = asyncio.Event()

    @property
    def should_exit(self) -> bool:
        """Whether it was told."""
        return self._end.is_set()

    @should_exit.setter
    def should_exit(self, told: bool) -> None:
        assert told
        self._end.set()

    async def run_here(self) -> None:
        """Serve."""
        await self._end.wait()


async def fails() -> None:
    """A part that ends by an error of ours."""
    raise LookupError("ours")


async def goes_on() -> None:
    """A part that never ends."""
    await asyncio.Event().wait()


def test_a_part_that_fails_ends_all() -> None:
    """A reader that ended is no page that goes on as if it read: the server ends, the others too, and the reason is raised."""

    async def run() -> tuple[Told, "asyncio.Task[None]"]:
        server, other = Told(), asyncio.create_task(goes_on())
        with pytest.raises(LookupError, match="ours"):
            await _together(cast("_Server", server), [other, asyncio.create_task(fails())])
        return server, other

    server, other = asyncio.run(run())
    assert server.should_exit
    assert other.cancelled()


def test_a_server_that_ends_in_order_ends_the_rest() -> None:
    """When the server was told to end, what works beside it ends without an error."""

    async def run() -> "asyncio.Task[None]":
        server, other = Told(), asyncio.create_task(goes_on())
        server.should_exit = True
        await _together(cast("_Server", server), [other])
        return other

    assert asyncio.run(run()).cancelled()


def test_a_port_that_is_taken_is_said() -> None:
    """Where something else listens the page is not announced, and the error names the place and what to do."""
    announced: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = _Server(uvicorn.Config(_nothing, port=port, log_config=None, lifespan="off"), lambda: announced.append(True))
        with pytest.raises(PageError, match=f"can't be served on `127.0.0.1:{port}`: something else listens there; give another `--port`"):
            asyncio.run(server.run_here())
    assert announced == []


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    """An app that is never asked."""
    del scope, receive, send
