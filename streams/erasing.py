"""Erasing a person: what goes at once, what goes with retention and when, and what stays open. Pure but for `look`, which reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from streams import topics
from streams.broker import Broker, Found, Unseen
from streams.errors import BrokerError
from streams.inbox import Inbox
from streams.judging.outputs import instant
from streams.settings import Settings
from streams.topic_reading import TopicReader
from streams.waiting import TOPICS, Open, identity, urgency

RESPONSES = "responses"
NOBODYS = ("probe", "canary", "canary-decisions")
"""Topics on which nothing of a person ever is."""


@dataclass(slots=True)
class Trace:
    """One person's records on one topic (without prefix): how many, and the newest one's time (milliseconds)."""

    topic: str
    records: int = 0
    newest: int = 0


@dataclass(slots=True)
class Looked:
    """All that was found of a person, and what waits for an answer."""

    traces: dict[str, Trace] = field(default_factory=dict)
    inbox: Inbox = field(default_factory=Inbox)

    def open(self) -> list[Open]:
        """What nobody has answered: it stays open, and escalates, whatever is erased."""
        return self.inbox.waiting()


def per_person() -> tuple[str, ...]:
    """The topics that are keyed by a person, all partitioned alike."""
    return tuple(name for name, topic in topics.table().items() if topic.partitions is None and name not in NOBODYS)


def described(broker: Broker, settings: Settings) -> dict[str, Found]:
    """The person's topics as they are on the brokers. Raises BrokerError for one that can't be seen: nothing known is not nothing there."""
    found = broker.topics([settings.topic(name) for name in per_person()])
    there: dict[str, Found] = {}
    for name in per_person():
        topic = found[settings.topic(name)]
        if isinstance(topic, Unseen):
            raise BrokerError(
                f"topic `{settings.topic(name)}` can't be seen (`{topic.code}`), so what it holds is not known: see `vigil doctor`"
            )
        there[name] = topic
    return there


def look(settings: Settings, person: str) -> Looked:
    """Read the person's partition of each topic, and all of what responders said. Values are looked at only of what may be open."""
    looked, key = Looked({name: Trace(name) for name in per_person()}), person.encode()
    with TopicReader(settings, per_person(), person, (RESPONSES,)) as reader:
        for found in reader.more():
            if found.key == key:
                trace = looked.traces[found.topic]
                trace.records, trace.newest = trace.records + 1, max(trace.newest, found.timestamp)
                if found.topic in (*TOPICS, RESPONSES):
                    looked.inbox.take(found)
    return looked


def plan(looked: Looked, configs: Mapping[str, Mapping[str, str]], now: datetime) -> dict[str, Any]:
    """What becomes of each topic's records. `configs`: of each topic, by Kafka's names."""
    rows = [_row(trace, configs.get(trace.topic, {}), now) for trace in looked.traces.values()]
    return {"topics": rows, "stays_open": [_open(case) for case in looked.open()], "unreadable": looked.inbox.unreadable}


def _row(trace: Trace, config: Mapping[str, str], now: datetime) -> dict[str, Any]:
    compacted = config.get("cleanup.policy") == "compact"
    start = int(now.timestamp() * 1000) if compacted else trace.newest
    name = "max.compaction.lag.ms" if compacted else "retention.ms"
    gone = _gone(start, config.get(name), "0" if compacted else config.get("segment.ms")) if trace.records else None
    return {"topic": trace.topic, "records": trace.records, "how": "compaction" if compacted else "retention", "gone_by": gone}


def _gone(start: int, kept: str | None, segment: str | None) -> str | None:
    """The broker deletes by the segment, so that a record may stay as long again as a segment is open. None where it is not known."""
    if kept is None or segment is None or not kept.isdecimal() or not segment.isdecimal():
        return None
    try:
        return instant(start + int(kept) + int(segment)).isoformat(timespec="seconds").replace("+00:00", "Z")
    except OverflowError:
        return None


def _open(case: Open) -> dict[str, Any]:
    told = case.newest
    return {
        "id": identity(told),
        "topic": case.topic,
        "urgency": urgency(told),
        "clauses": list(told.clauses),
        "respond_by": told.respond_by.isoformat(),
    }


def lines(planned: Mapping[str, Any], *, done: bool) -> Iterator[str]:
    """The plan in plain words."""
    yield "Removed by a tombstone:" if done else "A tombstone would remove:"
    yield "- the worker's picture, cases and profile: once a worker reads the tombstone; from its changelog within a day or so"
    for row in planned["topics"]:
        if row["records"] and row["how"] == "compaction":
            yield f"- {row['topic']}: {_count(row)}, by compaction, by about {row['gone_by'] or 'a time that is not known'}"
    yield "Goes only with retention:"
    for row in planned["topics"]:
        if row["records"] and row["how"] == "retention":
            yield f"- {row['topic']}: {_count(row)}, all by {row['gone_by'] or 'a time that is not known'}"
    for one in planned["stays_open"]:
        clauses = ", ".join(one["clauses"])
        yield f"Stays open and escalates until answered: {one['urgency']} {one['id']} ({clauses}), answer by {one['respond_by']}"
    if not planned["stays_open"]:
        yield "Nothing is open about them."


def _count(row: Mapping[str, Any]) -> str:
    return "1 record" if row["records"] == 1 else f"{row['records']} records"
