from hypothesis import given
from hypothesis import strategies as st

from streams.canary.flights import LONGEST_LOOK, MOST_LOST, Flights, Landed
from streams.canary.sent import Answer


def right(name: str, partition: int = 0) -> Answer:
    """A right answer."""
    return Answer(name, partition, None)


def looked(flights: Flights, start: float, end: float) -> list[Landed]:
    """All that is found lost by looking once a second."""
    return [landed for second in range(int(start), int(end) + 1) for landed in flights.look(second)]


def test_what_comes_back_is_right_and_timed() -> None:
    """Its seconds are those since it was sent, and it is in the air no more."""
    flights = Flights(30)
    flights.sent("a", 3, 100.0)
    assert flights.came(right("a", 3), 100.4) == Landed(3, "right", 100.4 - 100.0)
    assert len(flights) == 0


def test_what_does_not_come_back_is_lost_once() -> None:
    """After its bound, and not a second time."""
    flights = Flights(5)
    flights.look(0)
    flights.sent("a", 1, 0)
    assert looked(flights, 1, 4) == []
    assert looked(flights, 5, 60) == [Landed(1, "lost")]


def test_what_comes_after_it_was_lost_is_late_and_timed() -> None:
    """So that a backlog shows in the round trip too."""
    flights = Flights(5)
    flights.look(0)
    flights.sent("a", 1, 0)
    looked(flights, 1, 50)
    assert flights.came(right("a", 1), 51.0) == Landed(1, "late", 51.0)
    assert flights.came(right("a", 1), 52.0) is None


def test_a_pause_of_our_own_loses_nothing() -> None:
    """Seconds in which this process did not look are not held against the workers."""
    flights = Flights(5)
    flights.look(0)
    flights.sent("a", 0, 0)
    assert flights.look(3600) == []
    assert flights.came(right("a"), 3600.0) == Landed(0, "right", 3600.0)


def test_an_answer_of_nobody_and_a_second_one_count_for_nothing() -> None:
    """Another process has canaries too, and a worker that was replaced may answer twice."""
    flights = Flights(5)
    flights.sent("a", 0, 0)
    assert flights.came(right("b"), 1) is None
    assert flights.came(right("a"), 1) is not None
    assert flights.came(right("a"), 1) is None


def test_a_wrong_answer_is_wrong_also_when_late() -> None:
    """And so is a right one that comes in another partition."""
    flights = Flights(1)
    flights.look(0)
    for name in "abc":
        flights.sent(name, 2, 0)
    assert flights.came(Answer("a", 2, "E4 does not apply"), 0.5) == Landed(2, "wrong", 0.5, "E4 does not apply")
    assert flights.came(right("b", 1), 0.5) == Landed(2, "wrong", 0.5, "it came back in another partition")
    assert looked(flights, 1, 9) == [Landed(2, "lost")]
    assert flights.came(Answer("c", 2, "E4 does not apply"), 9.0) == Landed(2, "wrong", 9.0, "E4 does not apply")


@given(st.lists(st.tuples(st.sampled_from(["send", "come", "look"]), st.integers(0, 20), st.floats(0, 3)), max_size=60))
def test_every_canary_ends_once_or_is_in_the_air(doings: list[tuple[str, int, float]]) -> None:
    """Sent are those that came back in time, those that are lost, and those in the air; whatever the order and the pauses."""
    flights, now, sent, in_time, lost = Flights(4), 0.0, set[str](), 0, 0
    for what, number, passed in doings:
        now += passed
        if what == "send" and str(number) not in sent:
            sent.add(str(number))
            flights.sent(str(number), 0, now)
        elif what == "come":
            landed = flights.came(right(str(number)), now)
            in_time += landed is not None and landed.outcome == "right"
        else:
            lost += len(flights.look(now))
    assert len(sent) == in_time + lost + len(flights)


def test_what_is_remembered_of_the_lost_is_bounded() -> None:
    """An outage of a month doesn't fill the memory."""
    flights = Flights(1)
    flights.look(0)
    for number in range(MOST_LOST + 10):
        flights.sent(str(number), 0, 0)
    flights.look(LONGEST_LOOK)
    assert flights.came(right("0"), 2) is None
    assert flights.came(right(str(MOST_LOST)), 2) is not None
