from hypothesis import given
from hypothesis import strategies as st

from streams.judging.bursts import Burst, Limits, count, over
from streams.judging.letters import Letter

LIMITS = Limits(each=3, window=600)


def letter(offset: int, arrival: int = 1000) -> Letter:
    """A dead letter of `posts`, arrived so many seconds after the epoch."""
    return Letter("posts", 0, offset, "not_json", None, arrival * 1000, None)


@given(st.integers(0, 40))
def test_beyond_the_limit_the_rest_is_counted(dead: int) -> None:
    """The first three of a window get a review each; every other one is in the count, none is in both or in neither."""
    burst, own = None, 0
    for offset in range(dead):
        burst, raised = count(burst, letter(offset, 1000 + offset), 1000 + offset, LIMITS)
        own += raised
    assert own == min(dead, 3)
    assert (burst.rest if burst else 0) == max(0, dead - 3)


def test_a_window_ends_by_arrival() -> None:
    """Ten minutes after its first dead letter a window is over, and the next dead letter begins one with reviews of its own."""
    burst, _ = count(None, letter(1), 1000, LIMITS)
    for offset in range(2, 9):
        burst, raised = count(burst, letter(offset, 1599), 1599, LIMITS)
    assert not raised
    assert not over(burst, 1599)
    assert over(burst, 1600)
    after, raised = count(burst, letter(9, 1600), 1600, LIMITS)
    assert (raised, after.rest, after.began) == (True, 0, 1600)


def test_one_that_comes_again_is_told_again_and_counted_once() -> None:
    """After a kill the same dead letter is counted again: its review is raised again under the same id, and takes nobody's place."""
    burst: Burst | None = None
    for offset in (1, 2, 1, 2, 3):
        burst, raised = count(burst, letter(offset), 1000, LIMITS)
        assert raised
    assert burst is not None
    assert len(burst.raised) == 3


def test_a_backlog_is_counted_as_it_arrived() -> None:
    """Read hours later, what arrived within one window is one: it is not over by the clock before as much time has passed again."""
    burst: Burst | None = None
    for offset in range(9):
        burst, _ = count(burst, letter(offset, 1000 + offset), 9000, LIMITS)
    assert burst is not None
    assert (burst.began, burst.ends, burst.due, burst.rest) == (1000, 1600, 9600, 6)
