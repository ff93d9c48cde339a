"""What workers wrote in the simulation, read on as it grows."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from streams.heart.chunk import Source
from streams.judging import detour
from tests.heart.simulation.broker import Broker, Kept
from tests.heart.simulation.play import PARTITIONS

Origin = tuple[str, int, int]


class Outputs:
    """Decisions, alerts, dead letters and detours of a broker."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._read: dict[tuple[str, int], int] = defaultdict(int)
        self._values: dict[str, list[Any]] = defaultdict(list)
        self._decided: set[str] = set()
        self._letters: set[Origin] = set()
        self._detoured: set[Origin] = set()

    def has(self, source: Source, kept: Kept) -> bool:
        """Whether a record has led to something."""
        place = (*source, kept.offset)
        self._read_on()
        return place in self._letters or place in self._detoured or event_id(kept) in self._decided

    def is_letter(self, source: Source, offset: int) -> bool:
        """Whether a record is a dead letter."""
        self._read_on()
        return (*source, offset) in self._letters

    def is_decided(self, event: str) -> bool:
        """Whether an event has a decision."""
        self._read_on()
        return event in self._decided

    def values(self, topic: str) -> list[Any]:
        """All values on `decisions` or `emergency-alerts`."""
        self._read_on()
        return self._values[topic]

    def answered(self) -> dict[str, datetime]:
        """Ids that a response names, and when the last one was given."""
        logs = [self._broker.logs["responses", partition] for partition in range(PARTITIONS)]
        values = [json.loads(kept.value or b"") for log in logs for kept in log]
        return {value["alert_id"]: datetime.fromisoformat(value["occurred_at"]) for value in values}

    def _read_on(self) -> None:
        decisions = [json.loads(kept.value or b"") for kept in self._new("decisions")]
        self._values["decisions"].extend(decisions)
        self._decided.update(value["event_id"] for value in decisions)
        self._values["emergency-alerts"].extend(json.loads(kept.value or b"") for kept in self._new("emergency-alerts"))
        self._letters.update(_origin(kept, "vigil.error.") for kept in self._new("dead-letters"))
        self._detoured.update(_origin(kept, "vigil.detour.") for kept in self._new(detour.TOPIC))

    def _new(self, topic: str) -> Iterator[Kept]:
        for partition in range(PARTITIONS):
            log = self._broker.logs[topic, partition]
            yield from log[self._read[topic, partition] :]
            self._read[topic, partition] = len(log)


def event_id(kept: Kept) -> str | None:
    """The id of a record that is an event, or None."""
    try:
        value = json.loads(kept.value or b"")
    except ValueError:
        return None
    found: str = value["event_id"]
    return found if value["schema"].endswith("/1") else None


def _origin(kept: Kept, prefix: str) -> Origin:
    headers = dict(kept.headers)
    return headers[prefix + "topic"].decode(), int(headers[prefix + "partition"]), int(headers[prefix + "offset"])
