"""The judges that the pipeline bench can run; every contender runs the same one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from streams.heart.ports import Change, Judge, OutputRecord, SourceRecord, State, Verdict

MERGER_AT = datetime(2026, 3, 1, tzinfo=UTC)
PROFILES, DECISIONS = "profiles", "decisions"


def make(name: str, partitions: int) -> Judge:
    """A judge by its name: `policy` is the worker's own, `small` does next to nothing, `copy` nothing."""
    if name == "policy":
        return _policy(partitions)
    return Small() if name == "small" else Copy()


def _policy(partitions: int) -> Judge:
    from streams.judging.build import build_judge  # noqa: PLC0415 -- it loads the reader, which the small judge does without
    from streams.settings import Settings  # noqa: PLC0415 -- as above

    return build_judge(Settings(kafka="unused:9092", merger_at=MERGER_AT), partitions=partitions)


class Small:
    """Parses a record, keeps a person's last 20 ids, and writes a decision of some 200 bytes."""

    def judge(self, partition: int, records: Sequence[SourceRecord], state: State, now: int) -> Verdict:  # noqa: ARG002 -- the port's signature
        """One decision an event."""
        outputs, kept = [], dict[bytes, list[str]]()
        for record in records:
            if record.topic == PROFILES or record.key is None:
                continue
            event = json.loads(record.value or b"{}")
            ids = kept.get(record.key)
            if ids is None:
                ids = kept[record.key] = json.loads(state.get(record.key) or b"[]")
            ids.append(event["event_id"])
            del ids[:-20]
            told = json.dumps({"event_id": event["event_id"], "outcome": "none", "seen": len(ids), "padding": "." * 120}).encode()
            outputs.append(OutputRecord(DECISIONS, partition, record.key, told))
        return Verdict(outputs, [[Change(key, json.dumps(ids).encode())] for key, ids in kept.items()])

    def lapse(self, partition: int, due: Mapping[bytes, int], state: State, now: int) -> Verdict:  # noqa: ARG002 -- the port's signature
        """Nothing is ever due."""
        return Verdict()

    def forget(self, partitions: Iterable[int]) -> None:
        """Remembers nothing."""


class Copy:
    """Passes each event on as it is: with it, a loop is a bare relay."""

    def judge(self, partition: int, records: Sequence[SourceRecord], state: State, now: int) -> Verdict:  # noqa: ARG002 -- the port's signature
        """The event itself."""
        return Verdict([OutputRecord(DECISIONS, partition, record.key, record.value) for record in records if record.topic != PROFILES])

    def lapse(self, partition: int, due: Mapping[bytes, int], state: State, now: int) -> Verdict:  # noqa: ARG002 -- the port's signature
        """Nothing is ever due."""
        return Verdict()

    def forget(self, partitions: Iterable[int]) -> None:
        """Remembers nothing."""
