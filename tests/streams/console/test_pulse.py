import urllib.request
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest
from prometheus_client import CollectorRegistry

from streams.console.pulse import PATIENCE, Pulse
from streams.endpoint import Address, Endpoint

if TYPE_CHECKING:
    from tests.streams.console.conftest import Desk


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time now."""
        return self.now


@pytest.fixture
def hand() -> Hand:
    """A clock."""
    return Hand()


@pytest.fixture
def pulse(hand: Hand) -> Pulse:
    """A process that polls every ten seconds, whose loop has begun."""
    made = Pulse(10, hand)
    made.beat()
    return made


def test_a_blocked_loop_is_not_alive(pulse: Pulse, hand: Hand) -> None:
    """A loop without a beat for long fails both probes, whatever the reader has read before."""
    pulse.standing = lambda: None
    assert (pulse.live(), pulse.ready()) == (None, None)
    hand.now = 40
    pulse.polled()
    assert pulse.live() == pulse.ready() == "the loop is blocked for 40 s"


def test_a_poll_that_hangs_is_not_alive(pulse: Pulse, hand: Hand) -> None:
    """A lag that has stopped being sampled fails both probes; one whose brokers don't answer ends its polls and doesn't."""
    pulse.standing = lambda: None
    hand.now = 20 + PATIENCE + 1
    pulse.beat()
    assert pulse.live() == pulse.ready() == "no poll of the lag has ended for 201 s"
    pulse.polled()
    assert (pulse.live(), pulse.ready()) == (None, None)


def test_a_reader_that_no_longer_reads_is_not_ready(desk: "Desk", pulse: Pulse) -> None:
    """Not yet through, without brokers, or without an answer for long: the page is alive and not ready, and the reason is said."""
    pulse.standing = desk.feed.standing
    reasons = [pulse.ready()]
    desk.feed.trouble = "no topic"
    reasons.append(pulse.ready())
    desk.feed.trouble = None
    desk.read()
    desk.now += 25
    reasons.append(pulse.ready())

    assert pulse.live() is None
    assert reasons == ["the outputs are still being read", "no topic", "nothing was read for 25 s: reading falls behind"]


def test_a_page_that_has_read_all_is_ready(desk: "Desk", pulse: Pulse) -> None:
    """All read, and lately: ready."""
    pulse.standing = desk.feed.standing
    desk.read()
    assert pulse.ready() is None


def test_it_is_told_while_the_loop_is_blocked(pulse: Pulse, hand: Hand) -> None:
    """Both probes are answered over HTTP by a thread of their own, while this one, where the loop would run, does nothing but ask."""
    pulse.standing = lambda: None
    with Endpoint(Address("127.0.0.1", 0), CollectorRegistry(), pulse.live, pulse.ready) as endpoint:
        assert [_asked(endpoint.port, path) for path in ("livez", "readyz")] == [(200, "ok\n")] * 2
        hand.now = 40
        pulse.polled()
        assert [_asked(endpoint.port, path) for path in ("livez", "readyz")] == [(503, "the loop is blocked for 40 s\n")] * 2


def _asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()
