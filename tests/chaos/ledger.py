"""All that workers have written so far, read as it comes, and whether a commit ran ahead of it."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from confluent_kafka import Consumer, TopicPartition

from tests.chaos.publishing import Published
from tests.e2e.vigil import OUTPUTS, Vigil

INPUTS = ("posts", "messages", "profiles", "assessments", "responses")
IDENTITIES = ("decision_id", "alert_id", "referral_id", "review_id", "notice_id", "support_id")
CLOCK = frozenset({"decided_at", "raised_at", "respond_by", "sent_at", "late_by_seconds"})
SECONDS = 30
Origin = tuple[str, int, int]


class Letter(NamedTuple):
    """A dead letter: where its record lay, and all that it holds."""

    origin: Origin
    key: bytes | None
    value: bytes | None
    reason: str


class Ledger:
    """Outputs by topic and id (`outputs`), how often each id was written (`times`), and dead letters by origin."""

    def __init__(self, vigil: Vigil) -> None:
        self.outputs: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
        self.times: dict[str, Counter[str]] = defaultdict(Counter)
        self.letters: dict[Origin, list[Letter]] = defaultdict(list)
        self.decided: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._travelling: set[Origin] = set()
        self._vigil = vigil
        self._consumer = Consumer(self._client(f"{vigil.kafka.prefix}ledger"))
        self._places = [(topic, partition) for topic in (*OUTPUTS, "detour") for partition in range(vigil.partitions)]
        self._read = dict.fromkeys(self._places, 0)
        self._consumer.assign([self._target(place, 0) for place in self._places])

    def catch_up(self) -> None:
        """Read all that there is now."""
        ends = {place: self._consumer.get_watermark_offsets(self._target(place), SECONDS)[1] for place in self._places}
        while any(self._read[place] < end for place, end in ends.items()):
            records = self._consumer.consume(2000, SECONDS)
            assert records, "what workers wrote can't be read"
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
        told = {name: value for name, value in output.items() if name not in CLOCK}
        if "enrichment" in told:
            told["enrichment"] = {name: value for name, value in told["enrichment"].items() if name not in CLOCK}
        variants = self.outputs[topic].setdefault(identity, [])
        if told not in variants:
            variants.append(told)
        if topic == "decisions":
            self.decided[output["event_id"]].append(told)

    def _client(self, group: str) -> dict[str, Any]:
        return {**self._vigil.kafka.client(), "group.id": group, "enable.auto.commit": False, "log_level": 0}

    def _target(self, place: tuple[str, int], offset: int = -1001) -> TopicPartition:
        topic, partition = place
        return TopicPartition(self._vigil.kafka.topic(topic), partition, offset)

    def _name(self, topic: str) -> str:
        return topic.removeprefix(self._vigil.kafka.prefix)


def _origin(topic: str, partition: str, offset: str) -> Origin:
    return topic, int(partition), int(offset)
