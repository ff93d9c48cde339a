"""Faust's table on the heart's stores, and its recovery by the heart's own reading."""

import asyncio
from collections.abc import Iterator
from typing import Any

from aiokafka.errors import KafkaConnectionError, KafkaError
from faust.stores.base import SerializedStore
from faust.tables import TableManager as FaustTableManager
from faust.tables.recovery import Recovery as FaustRecovery
from faust.types import TP
from mode import Service

from streams.heart.errors import AssignmentBrokenError, HeartError, StoreFailedError, describe
from streams.heart.frames import OURS

AGAIN_SECONDS = 2.0
OPEN_SECONDS = 15.0  # a worker that was killed lets go of its files at once, one that hangs does not


class Store(SerializedStore):  # type: ignore[misc]  # faust has no types that mypy is shown
    """The view of a `faust.Table` on the stores: whoever has the table can read it. The heart alone writes. URL scheme `heart`."""

    def persisted_offset(self, tp: TP) -> int | None:
        """How far the changelog is in the local store."""
        offset: int = self.app.stores[tp.partition].place.offset
        return None if offset < 0 else offset

    async def on_rebalance(self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0) -> None:  # noqa: ARG002 -- faust's signature
        """Open the stores of partitions that came, close those of partitions that went."""
        for attempt in range(int(OPEN_SECONDS) + 1):
            try:
                self.app.stores.keep(self.app.held_partitions())
            except StoreFailedError:
                if attempt >= OPEN_SECONDS:
                    raise
                await asyncio.sleep(1)
            else:
                return

    def _get(self, key: bytes) -> bytes | None:
        found = (self.app.stores[partition].get(key) for partition in self.app.stores.partitions())
        return next((value for value in found if value is not None), None)

    def _contains(self, key: bytes) -> bool:
        return self._get(key) is not None

    def _iterkeys(self) -> Iterator[bytes]:
        return (key for key, _ in self._iteritems())

    def _itervalues(self) -> Iterator[bytes | None]:
        return (value for _, value in self._iteritems())

    def _iteritems(self) -> Iterator[tuple[bytes, bytes]]:
        for partition in sorted(self.app.stores.partitions()):
            yield from ((key, value) for key, value in self.app.stores[partition].items() if not key.startswith(OURS))

    def _size(self) -> int:
        return sum(1 for _ in self._iteritems())

    def _refuse(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("the state is written by the heart alone: return a change from the judge")

    _set = _del = _clear = reset_state = apply_changelog_batch = restore_backup = _refuse

    async def backup_partition(self, *_: Any, **__: Any) -> None:
        """There are no backups: the changelog is one."""
        self._refuse()

    async def on_stop(self) -> None:
        """Close all stores."""
        self.app.stores.close()


class Recovery(FaustRecovery):  # type: ignore[misc]  # faust has no types that mypy is shown
    """When partitions come: check that they came together, read their state, claim it, and only then open the hand-over."""

    _current: "asyncio.Task[None] | None" = None
    _following: "asyncio.Task[None] | None" = None

    @Service.task  # type: ignore[untyped-decorator]  # mode's
    async def _restart_recovery(self) -> None:
        while not self.should_stop:
            if await self.wait_for_stopped(self.signal_recovery_start):
                return
            self.signal_recovery_start.clear()
            self.app.heart.end()
            self._current = asyncio.ensure_future(self._recover(self._generation_id))
            await self.wait_first(self._finished(self._current))

    @staticmethod
    async def _finished(task: "asyncio.Task[None]") -> None:
        await asyncio.wait({task})

    @Service.task  # type: ignore[untyped-decorator]  # mode's
    async def _slurp_changelogs(self) -> None:
        """Faust's way of reading changelogs, record by record through its streams, is not used."""

    @Service.task  # type: ignore[untyped-decorator]  # mode's
    async def _publish_stats(self) -> None:
        """Faust's statistics of that way; the heart tells `Recovering`."""

    def again(self) -> None:
        """Recover the partitions that this worker has once more: somebody else has written to their changelog."""
        self.signal_recovery_start.set()

    async def halt(self) -> None:
        """Partitions are being taken away: stop recovering them."""
        self.signal_recovery_start.clear()
        running = {task for task in (self._current, self._following) if task is not None and not task.done()}
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def _recover(self, generation: int) -> None:
        since = self.app.heart.parts.clock.monotonic()
        try:
            partitions = self.app.assigned_partitions()
            self._stand_by(sorted(self.app.held_partitions() - partitions))
            await self._restore(sorted(partitions))
            await self.on_recovery_completed(generation)
            if generation == self.app.consumer_generation_id:
                await self.app.consumer.begin(since)
        except HeartError as error:
            self.app.heart.fail(error)
        except Exception as error:  # noqa: BLE001 -- whatever it is, records must not be handed over without their state
            if self.app.should_stop:
                return
            self.app.heart.fail(
                StoreFailedError(f"the state could not be recovered: {describe(error)}; see to the brokers and to the disk")
            )

    async def _restore(self, partitions: list[int]) -> None:
        """Recover, again and again while brokers are away; a new assignment cancels it."""
        while partitions and not self.app.should_stop:
            try:
                await self.app.restorer.restore(partitions)
            except KafkaError as error:
                if not (error.retriable or isinstance(error, KafkaConnectionError)):
                    raise
                self.log.warning("recovery is interrupted: %s", describe(error))
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    def _stand_by(self, partitions: list[int]) -> None:
        if partitions and (self._following is None or self._following.done()):
            self._following = asyncio.ensure_future(self._follow(partitions))

    async def _follow(self, partitions: list[int]) -> None:
        """Stand by for partitions; trouble with that is no reason to stop what this worker does for others."""
        while not self.app.should_stop:
            try:
                await self.app.restorer.follow(partitions)
            except HeartError as error:
                self.app.heart.fail(error)
                return
            except Exception as error:  # noqa: BLE001 -- brokers come back
                self.log.warning("standing by is interrupted: %s", describe(error))
                await asyncio.sleep(AGAIN_SECONDS)

    def flush_buffers(self) -> None:
        """Faust's buffers are not used."""


class TableManager(FaustTableManager):  # type: ignore[misc]  # faust has no types that mypy is shown
    """Faust's table manager with the heart's recovery."""

    _recovery: Recovery | None

    @property
    def recovery(self) -> Recovery:
        """The recovery service."""
        if self._recovery is None:
            self._recovery = Recovery(self.app, self, beacon=self.beacon, loop=self.loop)
        return self._recovery


def together(assigned: set[TP], topics: set[str]) -> set[int]:
    """The partition numbers of which every topic came to this worker.

    Raises:
        AssignmentBrokenError: of some number only some topics came: a person's events and state would be apart.
    """
    by_topic = {topic: {tp.partition for tp in assigned if tp.topic == topic} for topic in topics}
    numbers = set().union(*by_topic.values())
    for topic, partitions in sorted(by_topic.items()):
        if partitions != numbers:
            raise AssignmentBrokenError(
                f"`{topic}` came with partitions {sorted(partitions)} where others have {sorted(numbers)}; "
                "all topics need the same number of partitions, see `vigil topics plan`, and all workers the same version"
            )
    return numbers
