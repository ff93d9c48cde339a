"""All local stores of a worker: one database a partition, opened when the partition comes and closed when it goes."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from streams.heart.clock import Clock
from streams.heart.errors import StoreFailedError, describe
from streams.heart.rocks import Memory, RocksStore


class Stores:
    """Databases under `folder`, named by partition. Two workers on one machine need a folder each: a database has one user."""

    def __init__(self, folder: Path, memory: Memory, clock: Clock) -> None:
        self._folder = folder
        self._memory = memory
        self._clock = clock
        self._open: dict[int, RocksStore] = {}

    def __getitem__(self, partition: int) -> RocksStore:
        return self._open[partition]

    def partitions(self) -> frozenset[int]:
        """The partitions whose stores are open."""
        return frozenset(self._open)

    def keep(self, partitions: Iterable[int]) -> None:
        """Have exactly these partitions' stores open.

        Raises:
            StoreFailedError: one can't be opened: the disk, or another worker has it.
        """
        wanted = frozenset(partitions)
        for partition in self.partitions() - wanted:
            self._open.pop(partition).close()
        for partition in sorted(wanted - self.partitions()):
            self._open[partition] = self._opened(partition)

    def wipe(self, partition: int) -> None:
        """Remove a partition's store and open it empty: it is too old to be trusted and will be read from the changelog."""
        self._open.pop(partition).close()
        shutil.rmtree(self._path(partition))
        self._open[partition] = self._opened(partition)

    def close(self) -> None:
        """Close all."""
        self.keep(())

    def _path(self, partition: int) -> Path:
        return self._folder / f"state-{partition}"

    def _opened(self, partition: int) -> RocksStore:
        try:
            return RocksStore(self._path(partition), self._memory, self._clock)
        except Exception as error:
            raise StoreFailedError(
                f"the state of partition `{partition}` can't be opened in `{self._folder}`: {describe(error)} ({error}); "
                "see to the disk, and give each worker a folder of its own; one that is broken may be removed: the changelog has it all"
            ) from error
