"""All that workers have written so far, read as it comes, and whether a commit ran ahead of it."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple
from zlib import crc32

from confluent_kafka import Consumer, TopicPartition

from tests.chaos.publishing import Published
from tests.e2e.vigil import OUTPUTS, Vigil

INPUTS = ("posts", "messages", "profiles", "assessments", "responses")
IDENTITIES = ("decision_id", "alert_id", "referral_id", "review_id", "notice_id", "support_id")
CLOCK = frozenset({"decided_at", "raised_at", "respond_by", "sent_at", "late_by_seconds"})
SECONDS = 30
WAIT_SECONDS = 0.2
TOPIC_OF = {"emergency": "emergency-alerts", "non_emergency": "non-emergency-referrals", "review": "reviews"}
Origin = tuple[str, int, int]
About = tuple[str, str, str, str]
"""A topic, an author, a person at risk, a clause."""


class Letter(NamedTuple):
    """A dead letter: where its record lay, and all that it holds."""

    origin: Origin
    key: bytes | None
    value: bytes | None
    reason: str


class Ledger:
    """No more of each output than what is checked: a run may write a million.

    `times`: how often each id was written, by topic. `twofold`: ids that said two things, and in which fields. `letters` by origin.
    `decided`: the digest of the last decision about each event, to whoever skips ids that they know. `called` and `told`: whom decisions,
    and what was told, are about. `opened`: ids that opened a case, by topic and case. `alerted`: events that alerts name.
    """

    def __init__(self, vigil: Vigil) -> None:
        self.times: dict[str, Counter[str]] = defaultdict(Counter)
        self.twofold: dict[tuple[str, str], str] = {}
        self.letters: dict[Origin, list[Letter]] = defaultdict(list)
        self.decided: dict[str, str] = {}
        self.called: set[About] = set()
        self.told: set[About] = set()
        self.opened: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.alerted: set[str] = set()
        self._said: dict[tuple[str, str], dict[str, int]] = {}
        self._travelling: set[Origin] = set()
        self._vigil = vigil
        self._consumer = Consumer(self._client(f"{vigil.kafka.prefix}ledger"))
        self._places = [(topic, partition) for topic in (*OUTPUTS, "detour") for partition in range(vigil.partitions)]
        self._read = dict.fromkeys(self._places, 0)
        self._consumer.assign([self._target(place, 0) for place in self._places])

    def catch_up(self) -> None:
        """Read all that there is now."""
        ends = {place: self._consumer.get_watermark_offsets(self._target(place), SECONDS)[1] for place in self._places}
        deadline = time.monotonic() + SECONDS
        while any(self._read[place] < end for place, end in ends.items()):
            records = self._consumer.consume(2000, WAIT_SECONDS)  # it waits so long for a whole batch
            deadline = time.monotonic() + SECONDS if records else deadline
            assert time.monotonic() < deadline, "what workers wrote can't be read"
            for record in records:
                self._take(record)

    def committed(self) -> Mapping[tuple[str, int], int]:
        """How far the workers' group has committed, by input and partition."""
        group = Consumer(self._client(self._vigil.kafka.group))
        wanted = [self._target((topic, partition)) for topic in INPUTS for partition in range(self._vigil.partitions)]
        try:
            found = group.committed(wanted, SECONDS)
        finally:
            group.close()
        return {(self._name(place.topic), place.partition): max(0, place.offset) for place in found}

    def passed_over(self, published: Iterable[Published]) -> list[Published]:
        """Records that a commit has passed although nothing of theirs is out: there must be none at any moment."""
        known = list(published)
        committed = self.committed()
        self.catch_up()
        return [one for one in known if one.offset < committed[one.record.topic, one.partition] and not self._is_out(one)]

    def _is_out(self, one: Published) -> bool:
        if one.origin in self._travelling or one.record.fate in ("kept", "known"):
            return True
        return one.origin in self.letters if one.record.fate == "letter" else one.record.event in self.decided

    def _take(self, record: Any) -> None:
        assert record.error() is None, record.error()
        topic = self._name(record.topic())
        self._read[topic, record.partition()] = record.offset() + 1
        if topic == "detour":
            headers = dict(record.headers())
            place = (headers[f"vigil.detour.{name}"].decode() for name in ("topic", "partition", "offset"))
            self._travelling.add(_origin(*place))
        elif topic == "dead-letters":
            self._take_letter(record)
        else:
            self._take_output(topic, json.loads(record.value()))

    def _take_letter(self, record: Any) -> None:
        headers = {name: value.decode() for name, value in record.headers()}
        origin = _origin(*(headers[f"vigil.error.{name}"] for name in ("topic", "partition", "offset")))
        letter = Letter(origin, record.key(), record.value(), headers["vigil.error.reason"])
        self.letters[origin].append(letter)

    def _take_output(self, topic: str, output: dict[str, Any]) -> None:
        (identity,) = (output[name] for name in IDENTITIES if name in output)
        self.times[topic][identity] += 1
        said = {name: crc32(json.dumps(value).encode()) for name, value in _without_clock(output).items()}
        before = self._said.setdefault((topic, identity), said)
        if said != before:
            self.twofold[topic, identity] = ", ".join(name for name in said if said[name] != before.get(name))
        if topic == "decisions":
            if self.times[topic][identity] == 1:  # what a replaced worker had sent may come late: only who skips known ids has the last one
                self.decided[output["event_id"]] = essence(output)
            self.called |= set(_calls(output))
        elif topic in TOPIC_OF.values() and output["case_id"] is not None:
            self._take_told(topic, identity, output)

    def _take_told(self, topic: str, identity: str, output: Mapping[str, Any]) -> None:
        person, at_risk = output["person_id"], output["person_at_risk"]
        self.told |= {(topic, person, at_risk, clause) for clause in output["clauses"]}
        if output["change"] == "opened":
            self.opened[topic, output["case_id"]].add(identity)
        if topic == "emergency-alerts":
            self.alerted.add(output["event_id"])

    def _client(self, group: str) -> dict[str, Any]:
        return {**self._vigil.kafka.client(), "group.id": group, "enable.auto.commit": False, "log_level": 0}

    def _target(self, place: tuple[str, int], offset: int = -1001) -> TopicPartition:
        topic, partition = place
        return TopicPartition(self._vigil.kafka.topic(topic), partition, offset)

    def _name(self, topic: str) -> str:
        return topic.removeprefix(self._vigil.kafka.prefix)


def _origin(topic: str, partition: str, offset: str) -> Origin:
    return topic, int(partition), int(offset)


def essence(decision: Mapping[str, Any]) -> str:
    """What of a decision must not depend on any order: its outcome and findings, as a digest."""
    return sha256(json.dumps([decision["outcome"], decision["findings"]]).encode()).hexdigest()


def _calls(decision: Mapping[str, Any]) -> Iterator[About]:
    for finding in decision["findings"]:
        if finding["outcome"] in TOPIC_OF:
            yield TOPIC_OF[finding["outcome"]], decision["person_id"], finding["person_at_risk"], finding["clause"]


def _without_clock(output: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in output.items() if name not in CLOCK}
    if "enrichment" in told:
        told["enrichment"] = {name: value for name, value in told["enrichment"].items() if name not in CLOCK}
    return told
