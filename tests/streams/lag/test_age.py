from collections.abc import Mapping
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from streams.lag.age import PRECISION, Span, append_times
from streams.lag.port import Found, TopicPartition

NOW = 1_800_000_000_000
PLACE = ("posts", 0)


class Log:
    """Append times by offset, asked as a broker is asked; counts the questions."""

    def __init__(self, times: Mapping[int, int]) -> None:
        self.times = times
        self.asked = 0

    def look_up(self, instants: Mapping[TopicPartition, int]) -> dict[TopicPartition, Found | None]:
        """The first record at or after each instant."""
        self.asked += 1
        return {place: self._first(instant) for place, instant in instants.items()}

    def _first(self, instant: int) -> Found | None:
        return next((Found(offset, at) for offset, at in sorted(self.times.items()) if at >= instant), None)


def found(log: Log, offset: int) -> int:
    """The append time that the search finds for an offset."""
    return append_times({PLACE: Span(offset, 0, NOW + 1)}, log.look_up)[PLACE].low


gaps = st.lists(st.integers(0, 40_000_000), min_size=1, max_size=12)


@given(gaps, st.data())
def test_the_append_time_is_found_within_the_precision(steps: list[int], data: st.DataObject) -> None:
    """For append times in order, the answer is at most `PRECISION` early and never late."""
    times = dict(enumerate(accumulate(steps, initial=NOW - 600_000_000)))
    offset = data.draw(st.sampled_from(sorted(times)))
    assert 0 <= times[offset] - found(Log(times), offset) <= PRECISION


@given(gaps, st.integers(0, 5), st.data())
def test_a_log_that_was_cut_is_searched_from_where_it_begins(steps: list[int], begin: int, data: st.DataObject) -> None:
    """Offsets need not begin at zero."""
    times = dict(enumerate(accumulate(steps, initial=NOW - 600_000_000), start=begin))
    offset = data.draw(st.sampled_from(sorted(times)))
    assert 0 <= times[offset] - found(Log(times), offset) <= PRECISION


def test_a_week_takes_few_questions() -> None:
    """Finding one record among a week of them takes no more than 25 questions."""
    log = Log({offset: NOW - 604_800_000 + offset * 10_000 for offset in range(60_480)})
    found(log, 40_000)
    assert log.asked <= 25


def test_what_is_known_is_not_asked_again() -> None:
    """A span that is narrow already costs no question."""
    log = Log({0: NOW})
    assert append_times({PLACE: Span(0, NOW, NOW)}, log.look_up) == {PLACE: Span(0, NOW, NOW)}
    assert log.asked == 0


def test_a_clock_that_runs_ahead_ends_the_search() -> None:
    """A record stamped in the future (a publisher's clock) is found and does not loop."""
    assert found(Log({0: NOW + 5_000, 1: NOW}), 0) == NOW + 5_000


def test_an_empty_log_has_no_time() -> None:
    """Where the record was deleted meanwhile there is no answer rather than 1970."""
    assert append_times({PLACE: Span(3, 0, NOW)}, Log({}).look_up) == {}


def test_a_partition_without_an_answer_is_left_out() -> None:
    """A broker that doesn't answer for a partition leaves its time unknown, and the others' known."""

    def look_up(instants: Mapping[TopicPartition, int]) -> dict[TopicPartition, Found | None]:
        answers = Log({0: NOW - 10}).look_up(instants)
        return {place: answer for place, answer in answers.items() if place == PLACE}

    other = ("posts", 1)
    assert set(append_times({PLACE: Span(0, 0, NOW), other: Span(0, 0, NOW)}, look_up)) == {PLACE}


def test_a_compacted_record_takes_the_time_of_what_remains() -> None:
    """Where compaction removed everything up to the offset, the oldest record that remains is the one that waits."""
    assert found(Log({7: NOW - 5_000}), 3) == NOW - 5_000
