import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging import detour

NAMES = st.text("abcdefghijklmnopqrstuvwxyz.-_", min_size=1, max_size=20).filter(lambda name: not name.startswith("vigil.detour."))
RECORDS = st.builds(
    SourceRecord,
    topic=st.sampled_from(["posts", "messages", "profiles"]),
    partition=st.integers(0, 7),
    offset=st.integers(0, 2**40),
    timestamp=st.integers(0, 2**42),
    key=st.none() | st.binary(max_size=40),
    value=st.none() | st.binary(max_size=40),
    headers=st.lists(st.tuples(NAMES, st.binary(max_size=10)), max_size=4).map(tuple),
)


def as_read(written: OutputRecord, offset: int = 7) -> SourceRecord:
    """What a worker reads of what another wrote."""
    assert written.timestamp is not None
    return SourceRecord(written.topic, written.partition, offset, written.timestamp, written.key, written.value, written.headers)


@given(RECORDS, st.integers(0, 7))
def test_a_detoured_record_arrives_as_it_was(record: SourceRecord, home: int) -> None:
    """Key, value, headers, timestamp and where it lay survive the detour; it lies in the partition that it was sent to."""
    written = detour.send(record, home)
    assert (written.topic, written.partition) == ("detour", home)
    assert detour.arrive(as_read(written)) == record


@given(RECORDS)
def test_an_order_arrives_as_an_order(record: SourceRecord) -> None:
    """An order of our own keeps its name and what it is about."""
    assert detour.arrive(as_read(detour.order("count", record, 3))) == detour.Order("count", record)


def test_a_publisher_gives_no_orders() -> None:
    """Headers that only we may set are taken off a publisher's record before it travels, so it stays a record to be judged."""
    forged = SourceRecord(
        "posts", 1, 5, 0, b"u1", b"{}", (("vigil.detour.order", b"raise"), ("vigil.detour.topic", b"profiles"), ("kept", b"1"))
    )
    arrived = detour.arrive(as_read(detour.send(forged, 2)))
    assert arrived == forged._replace(headers=(("kept", b"1"),))


@pytest.mark.parametrize(
    "headers", [(), (("vigil.detour.topic", b"posts"), ("vigil.detour.partition", b"x"), ("vigil.detour.offset", b"1"))]
)
def test_a_record_that_no_worker_sent_is_told_apart(headers: tuple[tuple[str, bytes], ...]) -> None:
    """Whoever else writes to the detour topic is found out rather than believed."""
    with pytest.raises(detour.NotADetourError, match="let only workers write there"):
        detour.arrive(SourceRecord("detour", 0, 0, 0, b"u1", b"{}", headers))
