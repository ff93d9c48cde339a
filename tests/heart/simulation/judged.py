"""The play with the worker's own judge and policy: what has to hold is what the contract says of decisions, dead letters and alerts."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from schemas.catalogue import READ
from streams.heart.chunk import Source
from streams.heart.frames import epoch_of, value_of
from streams.heart.ports import Judge, SourceRecord
from streams.heart.replay import Replay
from streams.judging import detour
from streams.judging.build import build_judge
from streams.judging.judge import PolicyJudge
from streams.settings import Settings
from tests.heart.simulation.broker import EPOCH, Broker, Kept
from tests.heart.simulation.outputs import Outputs, event_id
from tests.heart.simulation.play import PARTITIONS, BrokenPromiseError
from tests.heart.simulation.traffic import OVERDOSE, Traffic
from tests.heart.toy import CHANGELOG

EVENTS = ("posts", "messages", "assessments")
ESCALATIONS = 3
LONG_AFTER = EPOCH + 10**6
CLOCK = frozenset({"decided_at", "raised_at", "respond_by"})


@cache
def template() -> PolicyJudge:
    """Rules and reader are values: all judges share them."""
    merger = datetime(2026, 10, 1, tzinfo=UTC)
    return build_judge(Settings(merger_at=merger, partitions=PARTITIONS, respond_within_emergency=5))


def new_judge() -> PolicyJudge:
    """A judge with nothing at hand."""
    made = template()
    return PolicyJudge(made.rules, made.partitions, made.max_record_bytes, made.limits)


class Judged:
    """Every event has a decision or one dead letter, every emergency its alert, every alert that nobody answered its escalations."""

    sources = (*READ, detour.TOPIC)
    clocks_jump = False  # what is due by a worker's clock could not be told from outside

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._traffic = Traffic(broker.rng, lambda: EPOCH + int(broker.seconds() * 1000))
        self._checked: dict[Source, int] = defaultdict(int)
        self._outputs = Outputs(broker)

    def judge(self) -> Judge:
        """What a worker starts with."""
        return new_judge()

    def publish(self) -> None:
        """Some people's records, and answers to some alerts that are out."""
        waiting = [(alert["person_id"], alert["alert_id"]) for alert in self._outputs.values("emergency-alerts")]
        for sent in self._traffic.some(waiting):
            self._broker.append(sent.topic, sent.partition, [(sent.person.encode(), sent.value, (), None)])

    def check_commits(self) -> None:
        """No commit passes an event without a decision, a dead letter or a place on the detour."""
        for source, offset in self._broker.committed.items():
            for kept in self._broker.logs[source][self._checked[source] : offset]:
                if source.topic in EVENTS and not self._outputs.has(source, kept):
                    raise BrokenPromiseError(f"`{source}` is committed to `{offset}`, but `{kept.offset}` has no output")
            self._checked[source] = max(self._checked[source], offset)

    def check_end(self) -> None:
        """Conservation by origin and id; alerts and escalations; and nothing new when all of it comes again."""
        for source, kept in self._events():
            self._check_event(source, kept)
        self._check_ids()
        self._check_paged()
        alerts = self._outputs.values("emergency-alerts")
        for case in sorted({alert["case_id"] for alert in alerts}):
            self._check_escalated([alert for alert in alerts if alert["case_id"] == case])
        for partition in range(PARTITIONS):
            self._check_again(partition, self._broker.logs[CHANGELOG, partition])
            self._check_again(partition, self._broker.compacted(CHANGELOG, partition))

    def _events(self) -> Iterator[tuple[Source, Kept]]:
        for topic in EVENTS:
            for partition in range(PARTITIONS):
                yield from ((Source(topic, partition), kept) for kept in self._broker.logs[topic, partition])

    @cached_property
    def _firsts(self) -> dict[str, tuple[Source, Kept]]:
        """Of each event id the record that came first."""
        found: dict[str, tuple[Source, Kept]] = {}
        for source, kept in self._events():
            event = event_id(kept)
            if event is not None:
                found.setdefault(event, (source, kept))
        return found

    def _check_event(self, source: Source, kept: Kept) -> None:
        """A decision for the first of an id, nothing for the same again, a dead letter for all else."""
        event = event_id(kept)
        is_other = event is None or self._firsts[event][1].value != kept.value
        if self._outputs.is_letter(source, kept.offset) != is_other:
            raise BrokenPromiseError(f"`{source}` `{kept.offset}` is {'no' if is_other else 'a'} dead letter")
        if event is not None and not self._outputs.is_decided(event):
            raise BrokenPromiseError(f"`{event}` has no decision")

    def _check_ids(self) -> None:
        """What has one id says one thing, wherever it was written again."""
        said: dict[tuple[str, str], Any] = {}
        for topic, name in (("decisions", "decision_id"), ("emergency-alerts", "alert_id")):
            for value in self._outputs.values(topic):
                content = {field: inner for field, inner in value.items() if field not in CLOCK}
                if said.setdefault((topic, value[name]), content) != content:
                    raise BrokenPromiseError(f"`{name}` `{value[name]}` says two things")

    def _check_paged(self) -> None:
        """An overdose told in a message is an emergency at any age: there is an alert about its person."""
        paged = {alert["person_id"] for alert in self._outputs.values("emergency-alerts")}
        for event, (source, kept) in self._firsts.items():
            value = json.loads(kept.value or b"")
            if source.topic == "messages" and value["concerns"] == OVERDOSE and value["person_id"] not in paged:
                raise BrokenPromiseError(f"`{event}` is an emergency and has no alert")

    def _check_escalated(self, case: list[Any]) -> None:
        """What a case said last is said again three times if no answer came since it was out, and less if one came after all of it."""
        said = [alert for alert in case if alert["change"] != "escalated"]
        last = max(alert["sequence"] for alert in said)
        again = {alert["sequence"] for alert in case if alert["change"] == "escalated" and alert["sequence"] > last}
        known = self._outputs.answered()
        answers = {alert["alert_id"]: known[alert["alert_id"]] for alert in case if alert["alert_id"] in known}
        firsts = self._first_raised(said)
        is_open = any(name not in answers and all(raised > one for one in answers.values()) for name, raised in firsts.items())
        is_answered = any(one >= max(datetime.fromisoformat(alert["raised_at"]) for alert in said) for one in answers.values())
        if len(again) > ESCALATIONS or (is_open and len(again) < ESCALATIONS) or (is_answered and len(again) == ESCALATIONS):
            raise BrokenPromiseError(
                f"case `{case[0]['case_id']}` was escalated {len(again)} times; open: {is_open}, answered: {is_answered}"
            )

    def _first_raised(self, alerts: list[Any]) -> dict[str, datetime]:
        """When each output was first raised: what is written again has its id."""
        found: dict[str, datetime] = {}
        for alert in alerts:
            found.setdefault(alert["alert_id"], datetime.fromisoformat(alert["raised_at"]))
        return found

    def _check_again(self, partition: int, log: list[Kept]) -> None:
        """On the recovered state, records that come again are known."""
        state, judge = Recovered(log), new_judge()
        for topic in (*EVENTS, detour.TOPIC):
            logged = self._broker.logs[topic, partition]
            records = [SourceRecord(topic, partition, kept.offset, kept.timestamp, kept.key, kept.value, kept.headers) for kept in logged]
            written = {output.topic for output in judge.judge(partition, records, state, LONG_AFTER).outputs}
            if written & {"decisions", "emergency-alerts"}:
                raise BrokenPromiseError(f"records of `{topic}` that came again wrote to {sorted(written)}")


class Recovered:
    """A partition's state as recovery would read it from a changelog."""

    def __init__(self, log: list[Kept]) -> None:
        replay = Replay()
        counting = [kept for kept in log if replay.counts(kept.key or b"", kept.value, epoch_of(kept.headers))]
        self._values = {kept.key: None if kept.value is None else value_of(kept.value) for kept in counting}

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        return self._values.get(key)
