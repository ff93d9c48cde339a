import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from streams.heart.batches import Pending
from streams.heart.clock import SystemClock
from streams.heart.errors import StoreFailedError
from streams.heart.frames import OWNER_KEY, due_of, epoch_of, framed, pack, pack_epoch, value_of
from streams.heart.ports import Change
from streams.heart.replay import Replay
from streams.heart.rocks import Memory, RocksStore
from streams.heart.stores import Stores
from streams.heart.writers import ChangelogWriter


@pytest.fixture
def store(tmp_path: Path) -> RocksStore:
    """An empty store."""
    return RocksStore(tmp_path / "0", Memory(), SystemClock())


@given(some.binary(), some.none() | some.integers(0, 2**40))
def test_a_frame_gives_back_what_was_put_in(value: bytes, due: int | None) -> None:
    """Value and due time."""
    assert (value_of(pack(value, due)), due_of(pack(value, due))) == (value, due)


def test_a_frame_of_an_unknown_form_is_refused() -> None:
    """State that a later version wrote is not guessed at."""
    with pytest.raises(ValueError, match="form `9`, and this program knows `1`"):
        value_of(b"\x09rest")


def test_state_and_place_are_there_together_after_opening_again(tmp_path: Path) -> None:
    """The changelog's offset is in the same batch as the changes that it tells of."""
    first = RocksStore(tmp_path / "0", Memory(), SystemClock())
    first.write(framed([Change(b"a", b"1", 50), Change(b"b", b"2")]), 7)
    first.close()
    again = RocksStore(tmp_path / "0", Memory(), SystemClock())
    assert (again.get(b"a"), again.get(b"b"), again.place.offset, again.due(60, 9, None)) == (b"1", b"2", 7, {b"a": 50})


def test_keys_come_due_in_order_and_a_bounded_number_at_a_time(store: RocksStore) -> None:
    """The index is by due time: nothing is scanned."""
    store.write(framed([Change(b"late", b"", 30), Change(b"soon", b"", 10), Change(b"never", b""), Change(b"mid", b"", 20)]), 0)
    assert store.due(25, 9, None) == {b"soon": 10, b"mid": 20}
    assert store.due(99, 1, None) == {b"soon": 10}
    assert store.due(99, 9, (10, b"soon")) == {b"mid": 20, b"late": 30}


def test_the_index_follows_the_key(store: RocksStore) -> None:
    """A key that is due later, never or gone is not found under its old time."""
    store.write(framed([Change(b"a", b"", 10), Change(b"b", b"", 10), Change(b"c", b"", 10)]), 0)
    store.write(framed([Change(b"a", b"", 20), Change(b"b", b""), Change(b"c", None)]), 1)
    assert store.due(99, 9, None) == {b"a": 20}


def test_two_workers_need_a_folder_each(tmp_path: Path) -> None:
    """A database has one user; the second is told what to do."""
    stores = [Stores(tmp_path, Memory(), SystemClock()) for _ in range(2)]
    stores[0].keep([0])
    with pytest.raises(StoreFailedError, match="give each worker a folder of its own"):
        stores[1].keep([0])


def test_a_replaced_workers_late_record_does_not_count() -> None:
    """And its key is kept, to be written again, until somebody has."""
    replay = Replay()
    assert replay.counts(b"k", b"old", 1)
    assert not replay.counts(OWNER_KEY, b"second", 2)
    assert replay.counts(b"k", b"new", 2)
    assert not replay.counts(b"k", b"late", 1)
    assert replay.late == {b"k"}
    assert replay.counts(b"k", b"again", 2)
    assert replay.late == set()


def test_who_is_second_to_an_epoch_does_not_own_it() -> None:
    """Both have read the same epoch before they claimed the next."""
    replay = Replay(epoch=4)
    replay.counts(OWNER_KEY, b"first", 5)
    replay.counts(OWNER_KEY, b"second", 5)
    assert replay.owned_by(b"first", 5)
    assert not replay.owned_by(b"second", 5)


def test_a_claim_that_was_overtaken_is_not_owned() -> None:
    """A higher epoch stands between the claim and its reading."""
    replay = Replay(epoch=4)
    replay.counts(OWNER_KEY, b"first", 5)
    replay.counts(OWNER_KEY, b"other", 6)
    assert not replay.owned_by(b"first", 5)


def test_records_without_an_epoch_are_the_oldest() -> None:
    """A header that is not there is epoch 0."""
    assert epoch_of(()) == 0
    assert epoch_of([("e", pack_epoch(3))]) == 3


class Sharing:
    """An appender whose second write ends in the batch in which the first one ends."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.first, self.second = loop.create_future(), loop.create_future()
        self._given = iter([[Pending(self.first, 2), Pending(self.second, 1)], [Pending(self.second, 1, 1)]])

    def put(self, *_: Any) -> list[Pending]:
        """The next write's batches."""
        return next(self._given)


@pytest.mark.asyncio
async def test_writes_that_share_a_batch_are_counted_in_their_order() -> None:
    """Who waits for the shared batch alone is not counted before who waits for another one too: nobody else has written here."""
    sharing = Sharing()
    writer = ChangelogWriter(sharing, "state")
    writer._epochs[0], writer._next[0] = 1, 0
    writes = [writer.write(0, [[(b"a", b"1")]]), writer.write(0, [[(b"b", b"2")]])]
    await asyncio.sleep(0)
    sharing.first.set_result(SimpleNamespace(offset=0))
    for _ in range(5):
        await asyncio.sleep(0)  # the first write waits for the shared batch by now, behind the second
    sharing.second.set_result(SimpleNamespace(offset=2))
    assert await asyncio.gather(*writes) == [2, 3]
