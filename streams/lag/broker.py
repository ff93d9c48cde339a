"""The describer of a real Kafka: librdkafka's admin client, describing calls only.

Requests sent: Metadata, ListGroups, DescribeGroups (ConsumerGroupDescribe for groups of the new protocol), OffsetFetch, ListOffsets and
DescribeConfigs. A principal needs DESCRIBE on the groups and topics, and DESCRIBE_CONFIGS on the topics for the share of retention.
"""

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from confluent_kafka import ConsumerGroupState, ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, OffsetSpec, ResourceType

from streams.errors import BrokerError
from streams.lag.port import Found, Group, Keeping, Listing
from streams.lag.port import TopicPartition as Place

if TYPE_CHECKING:
    from concurrent.futures import Future

SECONDS = 10.0
"""How long one request may take."""
GRACE = 2.0
"""How much longer than the request itself its future is waited for."""
PEACE = 60.0
"""Seconds until brokers are asked again for what none of them answered."""


class KafkaDescriber:
    """Describes one cluster. `client` are librdkafka's settings (`bootstrap.servers`, `security.protocol`, ...)."""

    def __init__(self, client: Mapping[str, str], seconds: float = SECONDS) -> None:
        self._complaints: list[str] = []
        self._admin: Any = AdminClient({"client.id": "vigil-lag", "log_level": 0, "error_cb": self._complain, **client})
        self._seconds = seconds
        self._ask_again = 0.0
        self._undescribed: set[str] = set()
        self._places: list[Place] = []

    def groups(self, also: Iterable[str]) -> Listing:
        """All groups that may be described, and those of `also`. Raises `BrokerError` where no broker lists any, and none is named."""
        listed = self._must(self._admin.list_consumer_groups(request_timeout=self._seconds), "list the groups")
        names = sorted({group.group_id for group in listed.valid} | set(also))
        if listed.errors and not names:
            raise self._failed("list the groups", _name(listed.errors[0]))
        futures = self._admin.describe_consumer_groups(names, request_timeout=self._seconds) if names else {}
        found = {name: _group(self._may(future)) for name, future in futures.items()}
        self._undescribed = {name for name, group in found.items() if group is None}
        codes = ", ".join(sorted({f"`{_name(error)}`" for error in listed.errors}))
        return Listing(found, f"brokers could not list their groups ({codes}): some may be missing here" if codes else None)

    def committed(self, groups: Iterable[str]) -> Mapping[str, Mapping[Place, int] | None]:
        """All offsets that each group has committed; None where its coordinator didn't say.

        Of a group that can't be described "none at all" proves nothing: it is then asked partition by partition.
        """
        asked = {name: self._ask_committed(name) for name in groups}
        found = {name: _offsets(self._may(future)) for name, future in asked.items()}
        doubtful = [name for name, offsets in found.items() if not offsets and name in self._undescribed]
        return found | {name: _offsets(self._may(self._ask_committed(name, self._places))) or None for name in doubtful}

    def _ask_committed(self, group: str, places: Iterable[Place] = ()) -> "Future[Any]":
        request = [ConsumerGroupTopicPartitions(group, [TopicPartition(*place) for place in places] or None)]
        future: Future[Any] = self._admin.list_consumer_group_offsets(request, request_timeout=self._seconds)[group]
        return future

    def partitions(self) -> Mapping[str, int]:
        """The number of partitions of each topic that may be described."""
        try:
            metadata = self._admin.list_topics(timeout=self._seconds)
        except KafkaException as error:
            raise self._failed("list the topics", _name(error.args[0])) from None
        counts = {name: len(topic.partitions) for name, topic in metadata.topics.items() if not topic.error}
        self._places = [(name, number) for name, count in counts.items() for number in range(count)]
        return counts

    def begins(self, places: Iterable[Place]) -> Mapping[Place, int]:
        """The first offset held of each partition."""
        return {place: info.offset for place, info in self._list_offsets(dict.fromkeys(places, OffsetSpec.earliest())).items()}

    def ends(self, places: Iterable[Place]) -> Mapping[Place, int]:
        """The next offset of each partition."""
        return {place: info.offset for place, info in self._list_offsets(dict.fromkeys(places, OffsetSpec.latest())).items()}

    def keeping(self, topics: Iterable[str]) -> Mapping[str, Keeping]:
        """How long each topic keeps its records. Brokers that said nothing of it are left in peace for a while: it is waited for."""
        resources = [ConfigResource(ResourceType.TOPIC, topic) for topic in topics] if time.monotonic() >= self._ask_again else []
        futures = self._admin.describe_configs(resources, request_timeout=self._seconds) if resources else {}
        answers = {resource.name: self._may(future) for resource, future in futures.items()}
        if resources and not any(answers.values()):
            self._ask_again = time.monotonic() + PEACE
        return {topic: _keeping({name: entry.value for name, entry in found.items()}) for topic, found in answers.items() if found}

    def look_up(self, instants: Mapping[Place, int]) -> Mapping[Place, Found | None]:
        """For each partition the first record at or after an instant (milliseconds since the epoch); None where there is none."""
        answers = self._list_offsets({place: OffsetSpec.for_timestamp(instant) for place, instant in instants.items()})
        return {place: Found(info.offset, info.timestamp) if info.timestamp >= 0 else None for place, info in answers.items()}

    def _list_offsets(self, wanted: Mapping[Place, OffsetSpec]) -> dict[Place, Any]:
        asked = {TopicPartition(*place): spec for place, spec in wanted.items()}
        futures = self._admin.list_offsets(asked, request_timeout=self._seconds) if asked else {}
        answers = {(place.topic, place.partition): self._may(future) for place, future in futures.items()}
        return {place: info for place, info in answers.items() if info is not None}

    def _may(self, future: "Future[Any]") -> Any | None:
        """A future's result, or None where the broker refused or didn't answer: absence is then a value, and its row UNKNOWN."""
        try:
            return future.result(timeout=self._seconds + GRACE)
        except (KafkaException, TimeoutError):
            return None

    def _must(self, future: "Future[Any]", what: str) -> Any:
        try:
            return future.result(timeout=self._seconds + GRACE)
        except KafkaException as error:
            raise self._failed(what, _name(error.args[0])) from None
        except TimeoutError:
            raise self._failed(what, "_TIMED_OUT") from None

    def _failed(self, what: str, code: str) -> BrokerError:
        """What the client complained of meanwhile (a refused login, say) tells more than the time-out in which it ends."""
        self._admin.poll(0)
        codes = ", ".join(f"`{name}`" for name in dict.fromkeys([*self._complaints, code]))
        self._complaints.clear()
        return BrokerError(f"could not {what}: {codes}; look at `VIGIL_KAFKA`, the brokers and the principal's rights")

    def _complain(self, error: Any) -> None:
        self._complaints.append(_name(error))


def _name(error: Any) -> str:
    """A Kafka error's code as a word; its text may name hosts and is left out."""
    return str(error.name())


def _group(description: Any | None) -> Group | None:
    if description is None:
        return None
    held = {(place.topic, place.partition) for member in description.members for place in _assigned(member)}
    settled = description.state in {ConsumerGroupState.STABLE, ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD}
    told = bool(held) or not description.members  # members of whom none holds anything: an assignment that can't be decoded
    return Group(len(description.members), description.state.name, frozenset(held) if settled and told else None)


def _offsets(answer: Any | None) -> dict[Place, int] | None:
    if answer is None or any(place.error for place in answer.topic_partitions):
        return None
    return {(place.topic, place.partition): place.offset for place in answer.topic_partitions if place.offset >= 0}


def _assigned(member: Any) -> list[Any]:
    return list(member.assignment.topic_partitions) if member.assignment else []


def _keeping(config: Mapping[str, str | None]) -> Keeping:
    """Records that are only compacted are never deleted for their age or for the log's size."""
    if "delete" not in (config.get("cleanup.policy") or "delete"):
        return Keeping(None, bounded=False)
    age, size = int(config.get("retention.ms") or -1), int(config.get("retention.bytes") or -1)
    return Keeping(age / 1000 if age > 0 else None, bounded=size >= 0)
