import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.lag.reading import Place, Reading, Status
from streams.lag.report import all_well, compare

PLACE = Place("vigil", "vigil.posts", 0)
numbers = st.none() | st.integers(0, 2**40)
readings = st.builds(
    Reading,
    at=st.floats(0, 4e9),
    begin=numbers,
    committed=numbers | st.just(-1),
    end=numbers,
    members=st.none() | st.integers(0, 3),
    oldest_at=st.none() | st.floats(0, 4e9),
    retention=st.none() | st.floats(0.001, 1e9),
    bounded=st.booleans(),
)


@given(readings, readings)
def test_every_number_is_finite_or_null(first: Reading, last: Reading) -> None:
    """No row holds NaN or infinity, whatever the broker said: strict JSON takes it."""
    row = compare({PLACE: first}, {PLACE: last})[0].as_json()
    json.dumps(row, allow_nan=False)
    assert all(not isinstance(value, float) or math.isfinite(value) for value in row.values())


def test_the_contracts_fields_are_there() -> None:
    """The object that `--json` writes has all names that the contract promises."""
    row = compare({PLACE: Reading(at=1)}, {PLACE: Reading(at=2)})[0].as_json()
    promised = {"group", "topic", "partition", "committed", "end", "records_behind", "seconds_behind", "velocity", "members", "status"}
    assert promised <= set(row)


def test_numbers_of_a_slow_group() -> None:
    """Velocity, arrival, time to catch up and the share of retention follow from the two samples."""
    first = Reading(at=100, begin=0, committed=100, end=1000, members=1, held=True, oldest_at=40, retention=1000)
    last = Reading(at=110, begin=0, committed=300, end=1100, members=1, held=True, oldest_at=60, retention=1000)
    row = compare({PLACE: first}, {PLACE: last})[0]
    assert (row.records_behind, row.seconds_behind, row.velocity, row.arrival) == (800, 50, 20, 10)
    assert (row.seconds_to_catch_up, row.retention_used, row.status) == (80, 0.05, Status.LAGGING)


def test_what_is_not_catching_up_has_no_time_to_catch_up() -> None:
    """Where records come as fast as they are read, the time is null, not infinite."""
    first = Reading(at=100, begin=0, committed=100, end=1000, members=1, held=True)
    last = Reading(at=110, begin=0, committed=200, end=1100, members=1, held=True)
    assert compare({PLACE: first}, {PLACE: last})[0].seconds_to_catch_up is None


@pytest.mark.parametrize("missing", [0, 1])
def test_a_place_in_one_sample_only_is_unknown(missing: int) -> None:
    """A group that vanished, or came, between the samples is shown, and not as OK."""
    reading = Reading(at=100, begin=0, committed=5, end=5, members=1, held=True)
    samples: list[dict[Place, Reading]] = [{PLACE: reading}, {PLACE: reading}]
    samples[missing] = {}
    assert [row.status for row in compare(*samples)] == [Status.UNKNOWN]


def test_seeing_nothing_is_not_well() -> None:
    """No rows at all is a finding."""
    assert not all_well([])
