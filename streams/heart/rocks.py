"""One partition's state on disk: keys, an index by due time, and how far the changelog is in it, all in one atomic batch."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rocksdict import BlockBasedOptions, Cache, Options, Rdict, WriteBatch, WriteBufferManager

from streams.heart.clock import Clock
from streams.heart.frames import HEAD, NEVER, Framed, value_of
from streams.heart.sinks import Place

_KEY, _META, _DUE = b"k", b"m", b"t"  # what an entry is, by its first byte; the order matters to nobody
TOUCH_MILLISECONDS = 600_000
KNOWN_HEADS = 10_000
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
        self._read = self._db.get
        self._heads: dict[bytes, bytes | None] = {}
        place = self._db.get(_PLACE)
        self.place = Place(-1, 0, 0) if place is None else Place(*_POSITION.unpack(place))

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        frame = self._read(_KEY + key)
        if frame is None:
            self._heads[key] = None
            return None
        self._heads[key] = frame[:HEAD]
        return value_of(frame)

    def frame(self, key: bytes) -> bytes | None:
        """A key's entry as the changelog has it."""
        found: bytes | None = self._read(_KEY + key)
        return found

    def write(self, frames: Iterable[Framed], offset: int) -> None:
        """Put all entries and the changelog's offset, or nothing."""
        self.move(frames, offset, self.place.epoch)

    def move(self, frames: Iterable[Framed], offset: int, epoch: int) -> None:
        """Put entries and the changelog's place in one batch."""
        batch = WriteBatch(raw_mode=True)
        for key, frame in frames:
            self._put(batch, key, frame)
        place = Place(offset, epoch, self._clock.now())
        batch.put(_PLACE, _POSITION.pack(*place))
        self._db.write(batch)
        self.place = place
        if len(self._heads) > KNOWN_HEADS:
            self._heads.clear()

    def touch(self) -> None:
        """Note that the store is up to date now; on disk only where that is long ago."""
        if self._clock.now() - self.place.at > TOUCH_MILLISECONDS:
            self.move((), self.place.offset, self.place.epoch)

    def _put(self, batch: Any, key: bytes, frame: bytes | None) -> None:
        before = self._head(key)
        after = self._heads[key] = frame[:HEAD] if frame is not None else None
        if before != after:
            if before is not None and before[1:] != NEVER:
                batch.delete(_DUE + before[1:] + key)
            if after is not None and after[1:] != NEVER:
                batch.put(_DUE + after[1:] + key, b"")
        if frame is None:
            batch.delete(_KEY + key)
        else:
            batch.put(_KEY + key, frame)

    def _head(self, key: bytes) -> bytes | None:
        """The head of a key's entry as it is stored: mostly it was read or written just before."""
        if key in self._heads:
            return self._heads[key]
        frame = self.frame(key)
        return None if frame is None else frame[:HEAD]

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
