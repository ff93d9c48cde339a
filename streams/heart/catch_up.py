"""One partition's way through its changelog."""

from collections.abc import Sequence
from typing import Any

from streams.heart.frames import epoch_of
from streams.heart.replay import Replay
from streams.heart.sinks import LocalStore


class CatchUp:
    """Applies what counts to the store, and remembers how far it came.

    Until late records are repaired the store's place stays before the first of them, so that a crash in between finds them again.
    """

    def __init__(self, partition: int, store: LocalStore, first: int, end: int) -> None:
        self.partition = partition
        self.store = store
        self.end = end
        self.position = max(store.place.offset + 1, first)
        self.applied = 0
        self.replay = Replay(store.place.epoch)
        self.total = max(0, end - self.position)
        self._safe: int | None = None

    @property
    def there(self) -> bool:
        """Whether everything before `end` was read."""
        return self.position >= self.end

    def apply(self, records: Sequence[Any], position: int) -> None:
        """Apply records in order, in one batch; `position` follows them."""
        self.position = max(self.position, position)
        if records:
            self._apply(records)

    def _apply(self, records: Sequence[Any]) -> None:
        frames: dict[bytes, bytes | None] = {}
        for record in records:
            if self.replay.counts(record.key, record.value, epoch_of(record.headers)):
                frames[record.key] = record.value
            elif self.replay.late and self._safe is None:
                self._safe = record.offset - 1
        self.applied += len(records)
        place = self.store.place
        if self._safe is None:
            self.store.move(frames.items(), records[-1].offset, self.replay.epoch)
        else:
            self.store.move(frames.items(), max(place.offset, self._safe), place.epoch)

    def finish(self) -> None:
        """Everything is read, claimed and repaired."""
        self.store.move((), self.end - 1, self.replay.epoch)
