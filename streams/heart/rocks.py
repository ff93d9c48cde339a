"""One partition's state on disk: keys, an index by due time, and how far the changelog is in it, all in one atomic batch."""

import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rocksdict import BlockBasedOptions, Cache, Options, Rdict, WriteBatch, WriteBufferManager

from streams.heart.clock import Clock
from streams.heart.frames import due_of, pack, value_of
from streams.heart.ports import Change
from streams.heart.sinks import Place

_KEY, _META, _DUE = b"k", b"m", b"t"  # what an entry is, by its first byte; the order matters to nobody
TOUCH_MILLISECONDS = 600_000
_PLACE = _META + b"place"
_AT = struct.Struct(">q")
_POSITION = struct.Struct(">qQq")


class Memory:
    """What all partitions share: one block cache and one bound on what is not yet on disk, whatever the number of partitions."""

    def __init__(self, cache_bytes: int = 64 << 20, write_bytes: int = 64 << 20, files: int = 64) -> None:
        self.cache = Cache(cache_bytes)
        self.writes = WriteBufferManager(write_bytes, allow_stall=False)
        self.write_bytes = write_bytes
        self.files = files

    def options(self) -> Any:
        """Options of one partition's database."""
        options = Options(raw_mode=True)
        options.create_if_missing(True)  # noqa: FBT003 -- the library's setter
        options.set_max_open_files(self.files)
        options.set_write_buffer_size(self.write_bytes // 8)
        options.set_write_buffer_manager(self.writes)
        options.set_keep_log_file_num(2)
        options.set_max_background_jobs(2)
        blocks = BlockBasedOptions()
        blocks.set_block_cache(self.cache)
        blocks.set_bloom_filter(10.0, block_based=False)
        options.set_block_based_table_factory(blocks)
        return options


class RocksStore:
    """Implements `Store`. Entries are framed as in the changelog, so recovery copies bytes."""

    def __init__(self, path: Path, memory: Memory, clock: Clock) -> None:
        path.mkdir(parents=True, exist_ok=True)
        self._db = Rdict(str(path), options=memory.options())
        self._clock = clock
        place = self._db.get(_PLACE)
        self.place = Place(-1, 0, 0) if place is None else Place(*_POSITION.unpack(place))

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        frame = self._db.get(_KEY + key)
        return None if frame is None else value_of(frame)

    def frame(self, key: bytes) -> bytes | None:
        """A key's entry as the changelog has it."""
        found: bytes | None = self._db.get(_KEY + key)
        return found

    def write(self, changes: Iterable[Change], offset: int) -> None:
        """Put all changes and the changelog's offset, or nothing."""
        frames = {change.key: None if change.value is None else pack(change.value, change.due) for change in changes}
        self.write_frames(frames, offset, self.place.epoch)

    def write_frames(self, frames: Mapping[bytes, bytes | None], offset: int, epoch: int) -> None:
        """Put entries (None: delete) and the changelog's place in one batch."""
        batch = WriteBatch(raw_mode=True)
        for key, frame in frames.items():
            self._put(batch, key, frame)
        place = Place(offset, epoch, self._clock.now())
        batch.put(_PLACE, _POSITION.pack(*place))
        self._db.write(batch)
        self.place = place

    def touch(self) -> None:
        """Note that the store is up to date now; on disk only where that is long ago."""
        if self._clock.now() - self.place.at > TOUCH_MILLISECONDS:
            self.write_frames({}, self.place.offset, self.place.epoch)

    def _put(self, batch: Any, key: bytes, frame: bytes | None) -> None:
        was = self.frame(key)
        before = due_of(was) if was is not None else None
        after = due_of(frame) if frame is not None else None
        if before is not None and before != after:
            batch.delete(_DUE + _AT.pack(before) + key)
        if after is not None and before != after:
            batch.put(_DUE + _AT.pack(after) + key, b"")
        if frame is None:
            batch.delete(_KEY + key)
        else:
            batch.put(_KEY + key, frame)

    def due(self, until: int, limit: int, after: tuple[int, bytes] | None) -> dict[bytes, int]:
        """Keys due up to a second, the earliest first, at most `limit`, from behind a place."""
        found: dict[bytes, int] = {}
        start = _DUE if after is None else _DUE + _AT.pack(after[0]) + after[1] + b"\x00"
        entries = self._db.iter()
        entries.seek(start)
        while entries.valid() and len(found) < limit:
            entry = entries.key()
            if not entry.startswith(_DUE):
                break
            (moment,) = _AT.unpack_from(entry, 1)
            if moment > until:
                break
            found[entry[1 + _AT.size :]] = moment
            entries.next()
        return found

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys and values, in order of keys."""
        entries = self._db.iter()
        entries.seek(_KEY)
        while entries.valid() and entries.key().startswith(_KEY):
            yield entries.key()[len(_KEY) :], value_of(entries.value())
            entries.next()

    def close(self) -> None:
        """Write what is in memory to disk and let go of the files."""
        self._db.close()
