"""What crosses the edge of the pure core: a view of a person's state and a moment in, changed parts and outputs out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from policy.state.parts import Part
from schemas import catalogue


class View(Protocol):
    """One person's state, as it is before a step."""

    def get(self, part: str) -> Part | None:
        """The part of that name, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a record came: `arrival` is its Kafka timestamp, `now` the wall clock, both aware; `trace` its W3C traceparent."""

    arrival: datetime
    now: datetime
    trace: str | None = None
    source: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """One record to write: its topic without prefix, and its value. Its key is the person's id unless `key` says otherwise."""

    topic: str
    value: catalogue.Output
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a record does: parts changed (None: gone), and outputs in the order in which they are to be written."""

    changes: Mapping[str, Part | None]
    outputs: tuple[Output, ...] = ()
