import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from streams.heart.buffer import Buffer, Offer
from streams.heart.chunk import Chunk, Source, weight
from streams.heart.handover import Handover
from streams.heart.limits import Limits
from streams.heart.overlay import Overlay
from streams.heart.pace import Pace
from streams.heart.ports import Change, SourceRecord
from streams.heart.read_ahead import ReadAhead
from streams.heart.run import Run

POSTS = Source("posts", 0)


def record(offset: int, value: bytes = b"v", source: Source = POSTS) -> SourceRecord:
    """A record at an offset."""
    return SourceRecord(source.topic, source.partition, offset, 0, b"k", value)


def chunk(begin: int, end: int) -> Chunk:
    """A chunk without records."""
    return Chunk(POSTS, (), begin, end, 1)


@given(some.lists(some.integers(0, 5), min_size=1, max_size=12), some.randoms(use_true_random=False))
def test_the_position_is_the_end_of_the_unbroken_run_of_done(lengths: list[int], order: random.Random) -> None:
    """In whatever order chunks are done, the position never passes one that is open, and reaches the end when none is."""
    run, chunks, at = Run(0), [], 0
    for length in lengths:
        chunks.append(chunk(at, at + length))
        run.hand(chunks[-1])
        at += length
    open_chunks = list(chunks)
    while open_chunks:
        run.done(open_chunks.pop(order.randrange(len(open_chunks))))
        assert run.position == (min((still.begin for still in open_chunks), default=at))
    assert run.open == 0


def test_a_chunk_that_leaves_a_gap_is_refused() -> None:
    """Records between two chunks would be passed unseen."""
    run = Run(5)
    run.hand(chunk(5, 8))
    with pytest.raises(RuntimeError, match="begins at `9` and not at `8`"):
        run.hand(chunk(9, 10))


@given(some.lists(some.binary(max_size=50), max_size=40), some.integers(1, 9), some.integers(1, 600))
def test_cutting_loses_nothing_and_keeps_the_bounds(values: list[bytes], most: int, size: int) -> None:
    """Pieces follow one another, hold every record once, and are over a bound only where one record is."""
    buffer = Buffer(0)
    buffer.add(Offer(POSTS, 0, [record(offset, value) for offset, value in enumerate(values)], len(values)))
    seen, at = [], 0
    while buffer.ready():
        taken, begin, end = buffer.cut(most, size)
        assert begin == at
        assert len(taken) <= most
        assert len(taken) == 1 or sum(map(weight, taken)) <= size
        seen += taken
        at = end
    assert [each.offset for each in seen] == list(range(len(values)))
    assert at == len(values)


def test_a_position_moves_over_records_that_are_gone() -> None:
    """Compaction leaves holes; a read that found nothing but moved on is handed over, so that it can be committed."""
    buffer = Buffer(3)
    buffer.add(Offer(POSTS, 3, [], 9))
    assert buffer.cut(500, 1000) == ([], 3, 9)


def test_a_read_that_left_a_gap_is_refused() -> None:
    """What was read in between and lost on the way would be committed unseen."""
    buffer = Buffer(3)
    buffer.add(Offer(POSTS, 3, [record(3)], 4))
    with pytest.raises(RuntimeError, match="begins at `6` and not at `4`"):
        buffer.add(Offer(POSTS, 6, [record(6)], 7))


def test_after_seeking_back_nothing_is_read_for_the_epoch_before() -> None:
    """It would be read from the new positions, count for nothing, and be missing in the epoch that begins there."""
    ahead = ReadAhead[Source]()
    ahead.feed(4, [POSTS])
    ahead.rewound({POSTS: 7})
    assert (ahead.epoch, ahead.hungry) == (0, frozenset())
    ahead.feed(5, [POSTS])
    assert (ahead.took(POSTS, 9), ahead.took(POSTS, 12)) == (7, 9)


def filled(limits: Limits, *sources: Source, count: int = 100) -> Handover:
    """A hand-over with records of each source."""
    handover = Handover(limits)
    epoch = handover.begin(dict.fromkeys(sources, 0))
    for source in sources:
        handover.offer(epoch, Offer(source, 0, [record(offset, source=source) for offset in range(count)], count))
    return handover


def test_a_backlog_of_one_topic_does_not_hold_up_another() -> None:
    """Chunks go out in turn: the record on `messages` is in the second chunk, however many posts wait."""
    handover = filled(Limits(chunk_records=10), POSTS)
    messages = Source("messages", 1)
    handover.begin({POSTS: 0, messages: 0})
    handover.offer(handover.epoch, Offer(POSTS, 0, [record(offset) for offset in range(100)], 100))
    handover.offer(handover.epoch, Offer(messages, 0, [record(0, source=messages)], 1))
    assert {handover.next(10).source for _ in range(2)} == {POSTS, messages}  # type: ignore[union-attr]


def test_a_topic_is_not_passed_over_because_its_lane_frees_at_the_wrong_moment() -> None:
    """Whoever was served longest ago is next, in whatever order the partitions become free."""
    limits = Limits(chunk_records=1, in_flight=1, overlap_records=1)
    posts, messages = [Source("posts", number) for number in range(4)], [Source("messages", number) for number in range(4)]
    handover = filled(limits, *posts, count=50)
    handover.begin(dict.fromkeys([*posts, *messages], 0))
    for source in posts:
        handover.offer(handover.epoch, Offer(source, 0, [record(offset, source=source) for offset in range(50)], 50))
    flying = [handover.next(1) for _ in posts]
    for source in messages:
        handover.offer(handover.epoch, Offer(source, 0, [record(0, source=source)], 1))
    handed = []
    for chunk_done in flying:
        assert chunk_done is not None
        handover.done(chunk_done)
        handed.append(handover.next(1))
    assert {each.source.topic for each in handed if each} == {"messages"}


def test_no_more_than_three_chunks_of_a_partition_are_in_flight() -> None:
    """All topics of one partition number share its bound, since they share its state; but each may have one chunk on its way."""
    handover = filled(Limits(chunk_records=1, overlap_records=1), POSTS, Source("posts", 1))
    handed = [found for _ in range(10) if (found := handover.next(1))]
    assert sorted(each.source.partition for each in handed) == [0, 0, 0, 1, 1, 1]
    messages = [Source("messages", 0), Source("profiles", 0)]
    handover = filled(Limits(chunk_records=1, overlap_records=1, in_flight=1), POSTS, *messages)
    handed = [found for _ in range(10) if (found := handover.next(1))]
    assert {each.source for each in handed} == {POSTS, *messages}


def test_a_few_records_wait_until_their_like_are_done() -> None:
    """A trickle would make a chunk of each record, and each chunk costs a request; a heap goes on at once."""
    handover = filled(Limits(chunk_records=10), POSTS, count=30)
    first = handover.next(10)
    assert first is not None
    assert handover.next(10) is None
    handover.done(first)
    assert handover.next(10) is not None


def test_nothing_of_an_earlier_epoch_counts() -> None:
    """Offered, handed over or done for an epoch that has ended: the records come again, and their positions with them."""
    handover = filled(Limits(), POSTS)
    old = handover.next(10)
    assert old is not None
    epoch = handover.epoch
    handover.end()
    handover.begin({POSTS: 0})
    handover.offer(epoch, Offer(POSTS, 0, [record(7)], 8))
    handover.done(old)
    assert handover.next(10) is None
    assert handover.positions() == {POSTS: 0}


def test_what_is_read_ahead_is_bounded() -> None:
    """A topic-partition with a full buffer is not read on."""
    handover = filled(Limits(buffer_records=50), POSTS, count=50)
    assert handover.hungry() == frozenset()
    handover.next(1)
    assert handover.hungry() == {POSTS}


def test_a_later_chunk_sees_what_an_earlier_one_in_flight_changed() -> None:
    """And once that is stored, nothing is laid over any more but what is newer."""
    stored = {b"a": b"0"}
    overlay = Overlay(stored.get)
    overlay.lay(1, [Change(b"a", b"1"), Change(b"b", b"1")])
    overlay.lay(2, [Change(b"a", None)])
    assert (overlay.get(b"a"), overlay.get(b"b")) == (None, b"1")
    overlay.lift(1, [b"a", b"b"])
    assert (overlay.get(b"a"), overlay.get(b"b"), len(overlay)) == (None, None, 1)
    overlay.lift(2, [b"a"])
    assert (overlay.get(b"a"), len(overlay)) == (b"0", 0)


def test_a_slow_judge_gets_smaller_chunks() -> None:
    """So that a partition's turn comes within a bound, and never with nothing in it."""
    pace = Pace(Limits(chunk_seconds=0.05))
    assert pace.records() == 500
    for _ in range(30):
        pace.took(10, 0.01)
    assert 45 <= pace.records() <= 55
    for _ in range(60):
        pace.took(1, 1.0)
    assert pace.records() == 1


@pytest.mark.parametrize("name", ["in_flight", "chunk_records", "produce_seconds"])
def test_a_bound_that_is_not_positive_is_refused_by_name(name: str) -> None:
    """Nothing would ever be handed over, or everything would fail."""
    with pytest.raises(ValueError, match=f"`{name}` must be more than 0"):
        Limits(**{name: 0})
