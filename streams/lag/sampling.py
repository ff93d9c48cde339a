"""One sample of everything: asks a describer, in the order that keeps the numbers consistent, and builds a reading a place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from streams.lag.age import Span, append_times
from streams.lag.port import Describer, Group, Keeping, TopicPartition
from streams.lag.reading import NO_COMMIT, Place, Reading

Sample = Mapping[Place, Reading]
CHANGELOG = "-changelog"
"""How Faust's state topics end: their partitions are assigned with the others, to be restored from, and nothing is ever committed there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which groups and topics to look at, all where empty; and what must be shown even where the broker knows nothing of it.

    `expected` names topics with their full names: of an expected group each has its row, so that a group that never ran isn't silence.
    """

    groups: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    expected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Logs:
    """What the brokers said of the logs, beside what the coordinators said of the groups."""

    begins: Mapping[TopicPartition, int]
    ends: Mapping[TopicPartition, int]
    keeping: Mapping[str, Keeping]

    def reading(self, at: float, place: Place, group: Group | None, committed: Mapping[TopicPartition, int] | None) -> Reading:
        log = (place.topic, place.partition)
        keeping = self.keeping.get(place.topic)
        return Reading(
            at=at,
            begin=self.begins.get(log),
            committed=None if committed is None else committed.get(log, NO_COMMIT),
            end=self.ends.get(log),
            members=group.members if group else None,
            held=None if group is None or group.held is None else log in group.held,
            retention=keeping.seconds if keeping else None,
            bounded=bool(keeping and keeping.bounded),
        )


@dataclass(slots=True)
class Sampler:
    """Takes samples one after another; keeps only what makes the next one cheaper (append times found so far)."""

    describer: Describer
    clock: Callable[[], float]
    wanted: Wanted = field(default_factory=Wanted)
    incomplete: str | None = None
    """Why the last sample may lack groups; None where it has all."""
    _spans: dict[Place, Span] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def sample(self) -> Sample:
        """Commits first and ends after them, so that no commit is ever beyond the end for having been asked later. Raises `BrokerError`."""
        counts = self.describer.partitions()
        groups = self._groups()
        committed = self.describer.committed(groups)
        places = self._places(groups, committed, counts)
        self._known = {place.group for place in places}
        logs = {(place.topic, place.partition) for place in places}
        keeping = self.describer.keeping({topic for topic, _ in logs})
        begins = self.describer.begins(logs)
        ends = self.describer.ends(begins)  # a partition without an answer is UNKNOWN as it is, and need not be waited for twice
        at = self.clock()
        known = _Logs(begins, ends, keeping)
        readings = {place: known.reading(at, place, groups[place.group], committed[place.group]) for place in sorted(places)}
        return self._with_ages(readings, at)

    def _groups(self) -> dict[str, Group | None]:
        """Those that brokers list, those that are expected, and those that were there before: a coordinator that is down lists none."""
        listing = self.describer.groups({*self.wanted.expected, *self._known})
        self.incomplete = listing.incomplete
        return {name: group for name, group in listing.groups.items() if not self.wanted.groups or name in self.wanted.groups}

    def _places(
        self,
        groups: Mapping[str, Group | None],
        committed: Mapping[str, Mapping[TopicPartition, int] | None],
        counts: Mapping[str, int],
    ) -> set[Place]:
        places: set[Place] = set()
        for name, group in groups.items():
            held = {place for place in (group and group.held) or () if not place[0].endswith(CHANGELOG)}
            seen = set(committed[name] or ()) | held
            topics = {topic for topic, _ in seen} | set(self.wanted.expected.get(name, ()))
            everywhere = {(topic, number) for topic in topics for number in range(counts.get(topic, 0))}
            unknown = {(topic, 0) for topic in topics if topic not in counts}
            places |= {Place(name, *place) for place in seen | everywhere | unknown if self._is_wanted(place[0])}
        return places

    def _is_wanted(self, topic: str) -> bool:
        return not self.wanted.topics or topic in self.wanted.topics

    def _with_ages(self, readings: Mapping[Place, Reading], at: float) -> Sample:
        spans = {place: self._span(place, reading, at) for place, reading in readings.items() if reading.behind}
        self._spans = {}
        for group in sorted({place.group for place in spans}):
            self._spans |= self._narrow(group, spans)
        return {
            place: replace(reading, oldest_at=self._spans[place].low / 1000) if place in self._spans else reading
            for place, reading in readings.items()
        }

    def _span(self, place: Place, reading: Reading, at: float) -> Span:
        """Where to look for the oldest record that waits and is still there: no earlier than the last poll found an earlier one."""
        offset = max(reading.position or 0, reading.begin or 0)
        known = self._spans.get(place)
        if known is not None and known.offset == offset:
            return known
        low = known.low if known is not None and known.offset < offset else 0
        return Span(offset, low, max(low, int(at * 1000)) + 1)

    def _narrow(self, group: str, spans: Mapping[Place, Span]) -> dict[Place, Span]:
        mine = {(place.topic, place.partition): span for place, span in spans.items() if place.group == group}
        return {Place(group, *place): span for place, span in append_times(mine, self.describer.look_up).items()}
