"""A machine's disk: what one worker's stores hold, which a crash leaves as it was and a move leaves behind."""

import copy
from collections.abc import Iterable

from streams.heart.frames import Framed, due_of, value_of
from streams.heart.sinks import Place


class Store:
    """Implements `LocalStore` in memory; a write is there whole or not at all."""

    def __init__(self) -> None:
        self.frames: dict[bytes, bytes] = {}
        self.place = Place(-1, 0, 0)

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        frame = self.frames.get(key)
        return None if frame is None else value_of(frame)

    def frame(self, key: bytes) -> bytes | None:
        """A key's entry as the changelog has it."""
        return self.frames.get(key)

    def write(self, frames: Iterable[Framed], offset: int) -> None:
        """Put all entries and the changelog's offset."""
        self.move(frames, offset, self.place.epoch)

    def move(self, frames: Iterable[Framed], offset: int, epoch: int) -> None:
        """Put entries and the changelog's place."""
        for key, frame in frames:
            if frame is None:
                self.frames.pop(key, None)
            else:
                self.frames[key] = frame
        self.place = Place(offset, epoch, 0)

    def touch(self) -> None:
        """Time means nothing to this store."""

    def due(self, until: int, limit: int, after: tuple[int, bytes] | None) -> dict[bytes, int]:
        """Keys due up to a second, the earliest first."""
        known = sorted((moment, key) for key, frame in self.frames.items() if (moment := due_of(frame)) is not None and moment <= until)
        return {key: moment for moment, key in [entry for entry in known if after is None or entry > after][:limit]}


class Disk:
    """Implements `LocalStores`."""

    def __init__(self) -> None:
        self._stores: dict[int, Store] = {}

    def __getitem__(self, partition: int) -> Store:
        return self._stores.setdefault(partition, Store())

    def wipe(self, partition: int) -> None:
        """Make a store empty."""
        self._stores[partition] = Store()

    def copy(self) -> "Disk":
        """A snapshot, as an old machine has one."""
        return copy.deepcopy(self)
