"""Two samples compared, a row a place: what `vigil lag` prints, writes as JSON and exposes as metrics."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from streams.lag import measures
from streams.lag.reading import Place, Reading, Status
from streams.lag.rules import judge

Json = str | int | float | None
Comparable = Mapping[Place, Reading]


@dataclass(frozen=True, slots=True)
class Row:
    """One place as it stands. None is "not known" everywhere; seconds are seconds, speeds are records a second.

    `retention_used`: 1 means that the oldest waiting record is the next to be deleted. `lost`: deleted before they were read.
    `rule` names the line of the table that gave `status`, `reason` says it in English.
    """

    group: str
    topic: str
    partition: int
    committed: int | None
    begin: int | None
    end: int | None
    records_behind: int | None
    seconds_behind: float | None
    velocity: float | None
    arrival: float | None
    seconds_to_catch_up: float | None
    retention_used: float | None
    lost: int | None
    members: int | None
    status: Status
    rule: str
    reason: str

    def as_json(self) -> dict[str, Json]:
        """The row as the contract's object: numbers rounded to what they are worth, unknown ones null, never NaN."""
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


def compare(first: Comparable, last: Comparable) -> list[Row]:
    """A row for each place in either sample; a place that is missing from one of them is UNKNOWN."""
    nothing = _nothing(first, last)
    return [_row(place, first.get(place, nothing), last.get(place, nothing)) for place in sorted({*first, *last})]


def all_well(rows: Iterable[Row]) -> bool:
    """Whether there are rows and every one is OK: seeing nothing is not well."""
    statuses = [row.status for row in rows]
    return bool(statuses) and all(status is Status.OK for status in statuses)


def _row(place: Place, first: Reading, last: Reading) -> Row:
    rule = judge(first, last)
    return Row(
        group=place.group,
        topic=place.topic,
        partition=place.partition,
        committed=None if last.never else last.committed,
        begin=last.begin,
        end=last.end,
        records_behind=last.behind,
        seconds_behind=last.waited,
        velocity=measures.velocity(first, last),
        arrival=measures.arrival(first, last),
        seconds_to_catch_up=measures.catch_up(first, last),
        retention_used=measures.retention_used(last),
        lost=measures.lost(last),
        members=last.members,
        status=rule.status,
        rule=rule.name,
        reason=rule.reason,
    )


def _nothing(*samples: Comparable) -> Reading:
    """A reading in which nothing is known."""
    return Reading(at=max((reading.at for sample in samples for reading in sample.values()), default=0.0))
