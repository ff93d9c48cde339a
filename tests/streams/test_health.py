import asyncio
import socket
import struct
import threading
import time
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from streams.endpoint import Address, Endpoint, EndpointError
from streams.health import START_SECONDS, Health
from streams.heart import happenings as heart
from streams.watching import Watching


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        """The time that was set."""
        return self.at


def test_a_worker_is_ready_once_its_partitions_are_recovered() -> None:
    """Assigned and recovered: ready. Taken away, or failed: not."""
    health = Health(Clock())
    health.beat()
    assert health.ready() == "no partitions yet"
    health.happened(heart.Recovering(0, 5, 10))
    assert health.ready() == "no partitions yet"
    health.happened(heart.PartitionsGiven(frozenset({0}), 1.0))
    assert health.ready() is None
    health.happened(heart.PartitionsTaken(frozenset({0}), 0))
    assert health.ready() == "partitions were taken; others are not here yet"
    health.happened(heart.PartitionsGiven(frozenset({1}), 1.0))
    health.happened(heart.Failed("a reason"))
    assert health.ready() == "the worker failed and is ending"


def test_a_loop_that_stops_beating_is_not_live_and_not_ready() -> None:
    """A blocked loop can't say anything; its silence does."""
    clock = Clock()
    health = Health(clock, blocked=5)
    health.beat()
    health.happened(heart.PartitionsGiven(frozenset({0}), 1.0))
    clock.at = 5.0
    assert (health.live(), health.ready()) == (None, None)
    clock.at = 6.0
    assert health.live() == health.ready() == "the loop is blocked for 6 s"


def test_a_loop_that_never_begins_is_not_live() -> None:
    """Starting takes a while and is granted it, not for ever."""
    clock = Clock()
    health = Health(clock)
    assert health.live() is None
    clock.at = START_SECONDS + 1
    assert health.live() == f"the loop has not started for {START_SECONDS + 1:.0f} s"


def status(port: int, path: str) -> int:
    """What a probe gets."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_a_blocked_loop_does_not_fool_the_probes() -> None:
    """While the loop stands still the endpoint answers at once, and says that it does."""
    watching = Watching()
    watching.health = Health(blocked=0.5)
    blocked, seen = threading.Event(), threading.Event()

    async def work() -> None:
        watching.happened(heart.PartitionsGiven(frozenset({0}), 0.1))
        watching.beat()
        await asyncio.sleep(0)
        blocked.set()
        seen.wait(20)  # as an agent that blocks would

    with watching.endpoint(Address("127.0.0.1", 0)) as endpoint:
        thread = threading.Thread(target=asyncio.run, args=(work(),))
        thread.start()
        blocked.wait(5)
        assert (status(endpoint.port, "/livez"), status(endpoint.port, "/readyz")) == (200, 200)
        time.sleep(0.7)
        begun = time.monotonic()
        assert (status(endpoint.port, "/livez"), status(endpoint.port, "/readyz")) == (503, 503)
        assert time.monotonic() - begun < 1
        seen.set()
        thread.join(5)


def test_a_followed_loop_beats_by_itself() -> None:
    """From before its first task, so that a long recovery is no silence."""
    watching = Watching()

    async def run() -> str | None:
        return watching.health.live()

    watching.health = Health(Clock())
    loop = asyncio.new_event_loop()
    watching.follow(loop)
    loop.run_until_complete(run())
    loop.close()
    assert watching.health._beat == 0.0


def test_metrics_are_served_as_prometheus_reads_them() -> None:
    """Its own parser takes the page, in the text form and in OpenMetrics'; nothing is NaN."""
    watching = Watching()
    watching.beat()
    watching.catalogue.versions("1.0", [("merged", "ab" * 32)], ("3", "cd" * 32))
    with watching.endpoint(Address("127.0.0.1", 0)) as endpoint, urlopen(f"http://127.0.0.1:{endpoint.port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
        kind = answer.headers["Content-Type"]
    names = {family.name for family in text_string_to_metric_families(text)}
    assert kind.startswith("text/plain; version=")
    assert {"vigil_events", "vigil_event_to_alert_seconds", "vigil_policy_info", "process_cpu_seconds"} <= names
    assert "NaN" not in text


def test_a_client_that_goes_away_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    """A probe that gave up waiting is no event; an error inside is logged, and the client gets no answer made of it."""

    def fail() -> str | None:
        raise ValueError("MARKER")

    with Endpoint(Address("127.0.0.1", 0), Watching().registry, live=fail) as endpoint, capture_logs() as written:
        impatient = socket.create_connection(("127.0.0.1", endpoint.port))
        impatient.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
        impatient.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        impatient.close()
        with pytest.raises(OSError, match=r"closed connection|reset"):
            status(endpoint.port, "/livez")
    assert [event["event"] for event in written] == ["request.failed"]
    assert capfd.readouterr().err == ""


def test_the_endpoint_is_on_loopback_and_gives_its_port_back() -> None:
    """An address without a host is loopback's; a closed endpoint's port can be taken again."""
    assert Address.parse("9108") == Address("127.0.0.1", 9108)
    assert Address.parse("[::1]:9108") == Address("::1", 9108)
    first = Watching().endpoint(Address("127.0.0.1", 0)).start()
    first.close()
    Endpoint(Address("127.0.0.1", first.port), Watching().registry).start().close()


@pytest.mark.parametrize("text", ["", "nowhere", "host:", "host:x", "host:65536", ":-1"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    """With the way to write one."""
    with pytest.raises(ValueError, match=r"write `HOST:PORT`"):
        Address.parse(text)


def test_an_address_that_is_taken_is_said() -> None:
    """Where something else listens the error is one line with the address and what to do."""
    with (
        Endpoint(Address("127.0.0.1", 0), Watching().registry) as first,
        pytest.raises(EndpointError, match=f"can't be served on `127.0.0.1:{first.port}` .*: give another"),
    ):
        Endpoint(Address("127.0.0.1", first.port), Watching().registry)
