"""Why Kafka refused, in one line that ends with the next step. Kafka's own words never get through: they may quote anything."""

from collections.abc import Callable

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from streams.broker import REASONS

RIGHTS = "log in as the principal that may (docs/operating.md, Security), or give it the right by deploy/acls.sh"
ABSENT = frozenset({"UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"})
FORBIDDEN = frozenset({"TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"})
GROUP = "GROUP_AUTHORIZATION_FAILED"
"""Of no matter to whoever joins no group: librdkafka asks for the coordinator of the group that it had to be given a name of."""


class Complaints:
    """A client's `error_cb`: keeps the names of what it complained of, which tell more than the time-out that follows."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def __call__(self, error: KafkaError) -> None:
        """Take note of one."""
        self._names.append(error.name())

    def forget(self) -> None:
        """What was complained of before says nothing about what comes."""
        self._names.clear()

    @property
    def forbidden(self) -> bool:
        """Whether it complained of a missing right."""
        return not FORBIDDEN.isdisjoint(self._names)

    def why(self, error: object, topic: str, doing: str) -> str:
        """What `error` means for who was `doing` something (`read`, `write to`) with a topic (full name)."""
        name = error.name() if isinstance(error, KafkaError) else "error"
        if name in FORBIDDEN or (self.forbidden and name not in ABSENT):
            return f"this user may not {doing} `{topic}`: {RIGHTS}"
        if name in ABSENT:
            return f"there is no topic `{topic}`, or this user may not see it: run `vigil topics plan`, and see docs/operating.md, Security"
        known = [reason for code, reason in REASONS.items() if code in {name, *self._names}]
        return known[0] if known else f"`{topic}` gave `{name}`: look at the brokers, then try again"


def partitions_of(client: Consumer | Producer, topic: str, seconds: float, refused: Callable[[object], Exception]) -> int:
    """How many partitions a topic (full name) has. Raises what `refused` makes of an error."""
    try:
        found = client.list_topics(topic, seconds).topics[topic]
    except KafkaException as error:
        raise refused(error.args[0]) from None
    if found.error is not None:
        raise refused(found.error)
    return len(found.partitions)
