"""The judge: one chunk of records in, what to write and what to remember out. The worker, `assess` and the simulation call this."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import msgspec

from policy.core import Rules, Step, lapse, step
from schemas.catalogue import READ, Topic
from schemas.wire import Erasure, Refusal, parse_with_digest
from streams.heart.ports import OutputRecord, SourceRecord, State, StopTheWorkerError, Verdict
from streams.judging import canary, detour
from streams.judging.bursts import NAME as BURST
from streams.judging.bursts import Limits
from streams.judging.desk import Desk, can_be_a_person
from streams.judging.headers import is_sweep
from streams.judging.letters import dead_letter, letter
from streams.judging.memory import Recent, StateUnavailableError, by_owner, owner_and_part
from streams.judging.outputs import instant, moment
from streams.judging.reviews import COUNT, close, count, letter_of, order_of, tell
from streams.judging.shadow import MARK, Shadow
from streams.partitioner import home

MOST_INTERNAL = 100
"""So many records that fail inside us, and not four times as many judged between them, are not the records' fault: the worker stops rather
than set the topic aside."""
MAKES_UP = 4
"""How many records have to be judged to make up for one that failed inside."""


class EverythingFailsError(StopTheWorkerError):
    """So much fails inside Vigil that it is Vigil, not the records."""


class Observer(Protocol):
    """Whoever counts: told of each record once its outputs are known, before they are written."""

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """One record was judged, or refused."""
        ...


@dataclass(slots=True)
class PolicyJudge:
    """Judges by the policy. `partitions`: of every per-person topic; beyond `max_record_bytes` it is `too_large`; `failed` hears errors."""

    rules: Rules
    partitions: int
    max_record_bytes: int = 262_144
    limits: Limits = field(default_factory=Limits)
    observer: Observer | None = None
    shadow: Shadow | None = None
    failed: Callable[[SourceRecord, Exception], None] | None = None
    _recent: Recent = field(default_factory=Recent)
    _internal: float = 0

    def judge(self, partition: int, records: Sequence[SourceRecord], state: State, now: int) -> Verdict:
        """Judge a chunk, in order. `now` in milliseconds since the epoch. Raises where nothing may be judged: the store, or all, fails."""
        desk = Desk(partition, self.partitions, state, self._recent, now)
        outputs: list[OutputRecord] = []
        for record in records:
            outputs.extend(self._take(record, desk))
        return Verdict(outputs, desk.chunk.finish())

    def lapse(self, partition: int, due: Mapping[bytes, int], state: State, now: int) -> Verdict:
        """Deadlines that passed and state that is old, by owner, and of what steps left one person's; the others' stays due."""
        desk = Desk(partition, self.partitions, state, self._recent, now)
        outputs: list[OutputRecord] = []
        for owner, names in by_owner(due).items():
            outputs.extend(self._lapse(owner, names, desk))
        return Verdict(outputs, desk.chunk.finish())

    def close_counts(self, partition: int, keys: Iterable[bytes], state: State, now: int) -> Verdict:
        """End all windows in which dead letters are counted, among keys of the state: no record comes any more."""
        counts = {key: 0 for key in keys if owner_and_part(key)[1].startswith(BURST)}
        return self.lapse(partition, counts, state, now)

    def forget(self, partitions: Iterable[int]) -> None:
        """Another worker has these partitions now."""
        self._recent.forget(partitions)

    def _take(self, record: SourceRecord, desk: Desk) -> Iterator[OutputRecord]:
        if record.topic == detour.TOPIC:
            yield from self._arrived(record, desk)
        elif record.topic == canary.TOPIC:  # judged where it lies: it is about that partition and not about anybody
            yield from self._answer(record, desk)
        elif can_be_a_person(record.key) and (place := home(record.key, self.partitions)) != desk.partition:
            yield from () if is_sweep(record) else (detour.send(record, place),)
        else:
            yield from self._judge(record, desk)

    def _answer(self, record: SourceRecord, desk: Desk) -> Sequence[OutputRecord]:
        answers = canary.answer(record, desk, self.rules, self.max_record_bytes)
        if self.observer is not None:
            self.observer.judged(record, answers, None)
        return answers

    def _arrived(self, record: SourceRecord, desk: Desk) -> Iterator[OutputRecord]:
        try:
            arrived = detour.arrive(record)
        except detour.NotADetourError:
            yield from self._refuse(record, Refusal("internal"), desk)
            return
        if isinstance(arrived, detour.Order):
            yield from self._obey(arrived, desk)
        else:
            yield from self._judge(arrived, desk)

    def _obey(self, order: detour.Order, desk: Desk) -> Iterator[OutputRecord]:
        try:
            letter_of(order.record)
        except msgspec.MsgspecError:
            yield from self._refuse(order.record, Refusal("internal"), desk)
            return
        if order.name == COUNT:
            yield from count(order.record, desk, self.rules, self.limits)
        else:
            yield from tell(order.record, desk, self.rules)

    def _judge(self, record: SourceRecord, desk: Desk) -> Iterator[OutputRecord]:
        done = self._step(record, desk)
        if isinstance(done, Refusal):
            yield from self._refuse(record, done, desk)
            return
        if self.observer is not None:
            self.observer.judged(record, done, None)
        yield from done

    def _step(self, record: SourceRecord, desk: Desk) -> Sequence[OutputRecord] | Refusal:
        """All of one record's effect, or none. Whatever goes wrong inside is the record's alone, unless the state or everything fails.

        A record that is refused says nothing of how judging goes.
        """
        if record.value is not None and len(record.value) > self.max_record_bytes:
            return Refusal("too_large")
        try:
            done = self._apply(record, desk)
        except (StateUnavailableError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - U2: an error inside is never "none"; the record is set aside and a person told
            if self.failed is not None:
                self.failed(record, error)
            self._count_internal(error)
            return Refusal("internal")
        if not isinstance(done, Refusal):
            self._internal = max(0, self._internal - 1 / MAKES_UP)
        return done

    def _apply(self, record: SourceRecord, desk: Desk) -> Sequence[OutputRecord] | Refusal:
        if record.topic not in READ:
            return Refusal("unknown_schema")
        parsed, digest = parse_with_digest(cast("Topic", record.topic), record.key, record.value)
        if isinstance(parsed, Refusal):
            return parsed
        at = moment(record, desk.now)
        done = step(desk.chunk.view(parsed.person_id), parsed, digest, at, self.rules)
        if isinstance(done, Refusal):
            return done
        written = desk.keep(parsed.person_id, done, at.trace)
        beside = Shadow(self.rules) if self.shadow is None and isinstance(parsed, Erasure) else self.shadow
        return written if beside is None else [*written, *beside.judge(parsed, digest, at, desk)]

    def _count_internal(self, error: Exception) -> None:
        self._internal += 1
        if self._internal >= MOST_INTERNAL:
            raise EverythingFailsError(
                f"{MOST_INTERNAL} records failed inside vigil (the last with `{type(error).__name__}`) and too few were judged between "
                "them; nothing more is set aside: see the runbook, mend the cause, start again"
            ) from error

    def _refuse(self, record: SourceRecord, refusal: Refusal, desk: Desk) -> Iterator[OutputRecord]:
        dead = dead_letter(record, refusal, desk.partition)
        if self.observer is not None:
            self.observer.judged(record, [dead], refusal)
        yield dead
        yield from count(order_of(record, letter(record, refusal)), desk, self.rules, self.limits)

    def _lapse(self, owner: str, names: Sequence[str], desk: Desk) -> Iterator[OutputRecord]:
        if owner.startswith(MARK):
            self._lapse_shadow(owner, names, desk)
            return
        if owner == canary.MARK:
            desk.chunk.remember(owner, dict.fromkeys(names))
            return
        bursts = [name for name in names if name.startswith(BURST)]
        for name in bursts:
            yield from close(owner, name, desk, self.rules)
        if len(bursts) < len(names):
            done: Step = lapse(desk.chunk.view(owner), owner, [name for name in names if name not in bursts], instant(desk.now), self.rules)
            yield from desk.keep(owner, done, None)

    def _lapse_shadow(self, owner: str, names: Sequence[str], desk: Desk) -> None:
        """What a shadow left behind goes when its time has come, also where there is no shadow any more."""
        if self.shadow is None:
            desk.chunk.remember(owner, dict.fromkeys(names))
        else:
            self.shadow.lapse(owner, names, desk)
