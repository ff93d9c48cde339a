"""One partition number's way: judge, outputs acknowledged, changelog acknowledged, stored, done; always in this order and in turn."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from streams.heart.asking import Asking
from streams.heart.chunk import Chunk
from streams.heart.errors import HeartError, JudgeFailedError, StoreFailedError, describe
from streams.heart.frames import Framed, due_of, framed
from streams.heart.happenings import ChunkJudged, ChunkStored, Happening, Lapsed, OutputsAcknowledged
from streams.heart.order import Judged, note
from streams.heart.overlay import Overlay
from streams.heart.ports import StopTheWorkerError, Verdict
from streams.heart.sinks import Store
from streams.heart.work import Parts, Work, count


class Lane:
    """Judging is synchronous; three tasks then carry verdicts on, each strictly in turn.

    A verdict's outputs are enqueued only when the changelog has the order of all that are on their way (`order.py`).
    A verdict's changelog is enqueued only when its own outputs are acknowledged and the verdict before it has enqueued its own: a
    changelog that brokers have while an output is lost would hide the output for good, since the recovered state finds nothing new in the
    event that comes again.
    """

    def __init__(
        self, partition: int, store: Store, parts: Parts, done: Callable[[Chunk | None], None], fail: Callable[[HeartError], None]
    ) -> None:
        """`done` is told of every chunk that is safe, and of what had come due with None."""
        self.partition = partition
        self.lapsing = False
        self._parts = parts
        self._store = store
        self._state = Overlay(store.get)
        self._done, self._fail = done, fail
        self._asking = Asking(partition, parts.limits.produce_seconds)
        self._serial = 0
        self._ended = 0
        self._cursor: tuple[int, bytes] | None = None
        self._open: dict[int, Judged] = {}
        self._before: deque[Judged] = deque()  # judged before a crash, not yet again
        self._order: Sequence[Framed] = ()
        self._noting: asyncio.Queue[Work] = asyncio.Queue()
        self._telling: asyncio.Queue[Work] = asyncio.Queue()
        self._keeping: asyncio.Queue[Work] = asyncio.Queue()
        self._tasks = [asyncio.ensure_future(self._forever(step)) for step in (self._note, self._tell, self._keep)]

    def follow(self, order: Iterable[Judged]) -> None:
        """What was judged before a crash, and is not committed, will come first and in this order."""
        self._before = deque(order)

    @property
    def busy(self) -> bool:
        """Whether a verdict is on its way."""
        return self._ended != self._serial

    def take(self, chunk: Chunk) -> float:
        """Judge a chunk now and send its verdict on its way. Gives the seconds that judging took."""
        started = self._parts.clock.monotonic()
        verdict = (
            self._judged(lambda now: self._parts.judge.judge(self.partition, chunk.records, self._state, now))
            if chunk.records
            else Verdict()
        )
        seconds = self._parts.clock.monotonic() - started
        oldest = chunk.records[0].timestamp if chunk.records else None
        self._observe(ChunkJudged(chunk.source, len(chunk.records), count(verdict), seconds, oldest))
        self._send(verdict, chunk, Judged(chunk.source.topic, chunk.end))
        return seconds

    def lapse(self, now: int) -> bool:
        """Judge keys whose due time (seconds) has come, unless that is in flight. Gives whether there may be more."""
        limit = self._parts.limits.lapse_records
        due = {} if self.lapsing else self._store.due(now, limit, self._cursor)
        self._cursor = max((moment, key) for key, moment in due.items()) if len(due) == limit else None
        calm = {key: moment for key, moment in due.items() if key not in self._state}
        if calm:
            self._lapse(calm)
        return self._cursor is not None

    def lapse_again(self, due: Mapping[bytes, int]) -> None:
        """Judge keys that were judged before a crash, those of them that are still due at that moment."""
        frames = {key: self._store.frame(key) for key in due if key not in self._state}
        if self._before:
            self._before.popleft()
        still = {key: due[key] for key, frame in frames.items() if frame is not None and due_of(frame) == due[key]}
        if still:
            self._lapse(still)

    def _lapse(self, due: Mapping[bytes, int]) -> None:
        verdict = self._judged(lambda now: self._parts.judge.lapse(self.partition, due, self._state, now))
        self._observe(Lapsed(self.partition, len(due), count(verdict)))
        self.lapsing = True
        self._send(verdict, None, Judged("", due=dict(due)))

    def _judged(self, judge: Callable[[int], Verdict]) -> Verdict:
        try:
            with self._parts.watched():
                return judge(self._parts.clock.now())
        except HeartError:
            raise
        except StopTheWorkerError as error:
            raise JudgeFailedError(str(error)) from None
        except Exception as error:  # noqa: BLE001 -- whatever it raised, records must not be passed over
            raise JudgeFailedError(
                f"the judge failed in partition `{self.partition}`: {describe(error)}; it is a bug, report it with this line"
            ) from None

    def _send(self, verdict: Verdict, chunk: Chunk | None, judged: Judged) -> None:
        self._serial += 1
        self._open[self._serial] = judged
        while self._before and judged.covers(self._before[0]):
            self._before.popleft()
        work = Work(self._serial, chunk, list(map(framed, verdict.changes)), verdict.outputs, self._parts.clock.monotonic())
        if verdict.outputs:
            self._order = (note((*self._open.values(), *self._before)),)
            work.noted = self._asking.enqueued(lambda: self._parts.journal.write(self.partition, [self._order]), "state")
        self._state.lay(work.serial, chain.from_iterable(verdict.changes))
        self._noting.put_nowait(work)

    async def _note(self) -> None:
        work = await self._noting.get()
        if work.noted is not None:
            await self._asking.acknowledged(work.noted, "state")
            work.told = self._asking.enqueued(lambda: self._parts.sink.write(work.outputs), "outputs")
        self._telling.put_nowait(work)

    async def _tell(self) -> None:
        work = await self._telling.get()
        if work.told is not None:
            await self._asking.acknowledged(work.told, "outputs")
        self._observe(OutputsAcknowledged(self.partition, self._parts.clock.monotonic() - work.since))
        work.since = self._parts.clock.monotonic()
        if work.frames:
            work.order = self._order
            work.kept = self._asking.enqueued(lambda: self._parts.journal.write(self.partition, work.frames), "state")
        self._keeping.put_nowait(work)

    async def _keep(self) -> None:
        work = await self._keeping.get()
        frames = work.flat()
        if work.kept is not None:
            self._stored({**frames, **dict(work.order)}, await self._asking.acknowledged(work.kept, "state"))
        self._state.lift(work.serial, frames)
        self._observe(ChunkStored(self.partition, len(frames), self._parts.clock.monotonic() - work.since))
        self._ended = work.serial
        del self._open[work.serial]
        self.lapsing = self.lapsing and work.chunk is not None
        self._done(work.chunk)

    def _stored(self, frames: Mapping[bytes, bytes | None], offset: int) -> None:
        try:
            self._store.write(frames.items(), offset)
        except Exception as error:
            raise StoreFailedError(
                f"the state of partition `{self.partition}` could not be stored: {describe(error)}; see to the disk"
            ) from error

    async def _forever(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            while True:
                await step()
        except HeartError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 -- a lane that ended unseen would stand still for good
            self._fail(HeartError(f"partition `{self.partition}` failed: {describe(error)}; it is a bug, report it with this line"))

    def trusted(self) -> None:
        """The store was found to be up to date, so that an idle partition's need not be distrusted for its age at the next start."""
        self._store.touch()

    def close(self) -> None:
        """Go no further with anything: what is not stored yet will be judged again by whoever gets the partition."""
        for task in self._tasks:
            task.cancel()

    def _observe(self, happening: Happening) -> None:
        self._parts.observe(happening)
