"""Describing a cluster and changing its topics, through librdkafka's admin client; and why it can't be reached, in plain words."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confluent_kafka import KafkaException, TopicCollection
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from streams.connection import librdkafka
from streams.errors import BrokerError
from streams.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import Future

SECONDS = 8.0
"""How long one request may take. Its future is always waited for to its end: a client that is dropped before is a crash in librdkafka."""

FIRST_SECONDS = 5.0
"""How long the first answer may take."""

REASONS = {
    "_AUTHENTICATION": "the brokers refuse the login: check `VIGIL_SASL_USERNAME`, `VIGIL_SASL_PASSWORD` and `VIGIL_SASL_MECHANISM`",
    "_SSL": "the brokers' certificate is not accepted: check `VIGIL_SSL_CAFILE`",
    "_RESOLVE": "a broker's name is not known: check `VIGIL_KAFKA` and what the brokers advertise",
    "_TRANSPORT": "no connection: check that Kafka runs and `VIGIL_KAFKA` names it",
}
NO_ANSWER = "nobody answers in Kafka's protocol: check `VIGIL_KAFKA` and `VIGIL_SECURITY_PROTOCOL`"


@dataclass(frozen=True, slots=True)
class Cluster:
    """How many brokers there are, and what this principal may do to the cluster (words such as `CREATE`)."""

    brokers: int
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as it is. `copies` is the least of any partition; `rights` are words such as `READ`."""

    partitions: int
    copies: int
    config: Mapping[str, str]
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group: its members, its state (`STABLE`, `EMPTY`, `DEAD` where there is none, ...) and this principal's rights."""

    members: int
    state: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A topic or group that can't be described: `code` is Kafka's word for why."""

    code: str

    @property
    def absent(self) -> bool:
        """There is none of that name, as opposed to one that this principal may not see."""
        return self.code == "UNKNOWN_TOPIC_OR_PART"


TAKING_OVER = tuple(Unseen(code) for code in ("NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS"))


class Broker:
    """One cluster, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self._complaints: list[str] = []
        self._servers = settings.bootstrap
        quiet = {"log_level": 0, "client.id": "vigil-admin", "error_cb": self._complain}
        self._admin: Any = AdminClient({**librdkafka(settings), **quiet})

    def cluster(self) -> Cluster:
        """What there is. Raises BrokerError with the reason where nobody answers or the login is refused."""
        asked = self._admin.describe_cluster(include_authorized_operations=True, request_timeout=FIRST_SECONDS)
        try:
            answer = asked.result()
        except KafkaException as error:
            raise BrokerError(f"kafka at `{self._servers}` can't be reached: {self._why(error)}") from None
        return Cluster(len(answer.nodes), _rights(answer))

    def layout(self) -> dict[str, tuple[int, int]]:
        """Of every topic that this principal sees: its partitions and the least copies of any. Raises BrokerError as `cluster`."""
        try:
            metadata = self._admin.list_topics(timeout=FIRST_SECONDS)
        except KafkaException as error:
            raise BrokerError(f"kafka at `{self._servers}` can't be reached: {self._why(error)}") from None
        return {name: _shape(topic.partitions.values()) for name, topic in metadata.topics.items() if topic.error is None}

    def topics(self, names: Iterable[str]) -> dict[str, Found | Unseen]:
        """Topics as they are, by full name."""
        asked = self._admin.describe_topics(TopicCollection(list(names)), include_authorized_operations=True, request_timeout=SECONDS)
        described = {name: _result(future) for name, future in asked.items()}
        config = self._config([name for name, answer in described.items() if not isinstance(answer, Unseen)])
        return {name: answer if isinstance(answer, Unseen) else _found(answer, config[name]) for name, answer in described.items()}

    def group(self, name: str) -> Group | Unseen:
        """A consumer group, there or not. A coordinator that is only just taking over is asked again."""
        deadline = time.monotonic() + FIRST_SECONDS
        while (answer := self._described(name)) in TAKING_OVER and time.monotonic() < deadline:
            time.sleep(0.2)
        return answer

    def _described(self, group: str) -> Group | Unseen:
        asked = self._admin.describe_consumer_groups([group], include_authorized_operations=True, request_timeout=SECONDS)
        answer = _result(asked[group])
        return answer if isinstance(answer, Unseen) else Group(len(answer.members), answer.state.name, _rights(answer))

    def create(self, name: str, partitions: int, copies: int, config: Mapping[str, str]) -> None:
        """Make a topic. Raises BrokerError where the broker refuses."""
        topic = NewTopic(name, partitions, copies, config=dict(config))
        for made in self._admin.create_topics([topic], request_timeout=SECONDS, operation_timeout=SECONDS).values():
            _done(made, f"create topic `{name}`")

    def alter(self, name: str, config: Mapping[str, str]) -> None:
        """Set these entries of a topic's configuration and leave the others. Raises BrokerError where the broker refuses."""
        entries = [ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in config.items()]
        resource = ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries)
        for altered in self._admin.incremental_alter_configs([resource], request_timeout=SECONDS).values():
            _done(altered, f"alter topic `{name}`")

    def _config(self, names: list[str]) -> dict[str, dict[str, str]]:
        """Without the right to describe it, a topic's configuration is empty: nothing is known of it."""
        resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
        asked = self._admin.describe_configs(resources, request_timeout=SECONDS) if resources else {}
        answers = {resource.name: _result(future) for resource, future in asked.items()}
        return {
            name: {} if isinstance(answer, Unseen) else {key: entry.value for key, entry in answer.items()}
            for name, answer in answers.items()
        }

    def _why(self, error: KafkaException) -> str:
        """What the client complained of meanwhile tells more than the time-out in which it ends."""
        self._admin.poll(0)
        known = [REASONS[code] for code in REASONS if code in {*self._complaints, error.args[0].name()}]
        return known[0] if known else NO_ANSWER

    def _complain(self, error: Any) -> None:
        self._complaints.append(error.name())


def _result(future: "Future[Any]") -> Any:
    """A future's result, or why there is none."""
    try:
        return future.result()
    except KafkaException as error:
        return Unseen(error.args[0].name())


def _done(future: "Future[Any]", what: str) -> None:
    answer = _result(future)
    if isinstance(answer, Unseen):
        raise BrokerError(f"the brokers refuse to {what} (`{answer.code}`): see `vigil doctor` for rights and settings")


def _rights(answer: Any) -> frozenset[str]:
    return frozenset(operation.name for operation in answer.authorized_operations or ())


def _found(topic: Any, config: Mapping[str, str]) -> Found:
    return Found(*_shape(topic.partitions), config, _rights(topic))


def _shape(partitions: Collection[Any]) -> tuple[int, int]:
    """How many partitions, and the least copies of any."""
    return len(partitions), min((len(partition.replicas) for partition in partitions), default=0)
