"""What befalls brokers and the way to them: each method is one fault, from its beginning to its end."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from tests.support.kafka import Cluster
from tests.support.node import Node

GONE_SECONDS = 30


class BrokerFaults:
    """`topic` is the one whose writes alone are refused; `let_pass` waits, and looks after workers meanwhile."""

    def __init__(self, cluster: Cluster, group: str, topic: str, rng: random.Random, let_pass: Callable[[float], None]) -> None:
        self._cluster, self._group, self._topic, self._rng = cluster, group, topic, rng
        self._let_pass = let_pass

    def broker_killed(self) -> None:
        """A broker dies and comes back."""
        self._kill(self._rng.choice(self._cluster.nodes))

    def broker_stopped(self) -> None:
        """A broker is restarted in good order."""
        node = self._rng.choice(self._cluster.nodes)
        node.stop()
        self._cluster.restart(node)

    def coordinator_killed(self) -> None:
        """The broker that coordinates the workers' group dies and comes back."""
        self._kill(self._coordinator())

    def coordinator_moved(self) -> None:
        """The broker that coordinates the workers' group hands it over, and comes back as another's follower."""
        node = self._coordinator()
        node.stop()
        self._let_pass(self._rng.uniform(0, 5))
        self._cluster.restart(node)

    def all_brokers_killed(self) -> None:
        """Every broker dies; half a minute later they are back."""
        for node in self._cluster.nodes:
            node.kill()
        self._let_pass(GONE_SECONDS)
        for node in self._cluster.nodes:
            node.start()
        self._cluster.wait()

    def cut_one(self) -> None:
        """The network between clients and one broker is cut."""
        proxy = self._rng.choice(self._cluster.proxies)
        proxy.cut()
        self._let_pass(self._rng.uniform(2, 12))
        proxy.mend()

    def cut_all(self) -> None:
        """Nobody reaches any broker for half a minute."""
        for proxy in self._cluster.proxies:
            proxy.cut()
        self._let_pass(GONE_SECONDS)
        for proxy in self._cluster.proxies:
            proxy.mend()

    def refused_for_now(self) -> None:
        """The one topic wants more copies than there are brokers for a while; all others go on."""
        with self._refusing("min.insync.replicas", str(len(self._cluster.nodes))):
            self._kill(self._rng.choice(self._cluster.nodes))

    def refused_for_good(self) -> None:
        """The one topic takes no record at all for a while, with an error that trying again does not help."""
        with self._refusing("max.message.bytes", "1"):
            self._let_pass(self._rng.uniform(3, 12))

    @contextmanager
    def _refusing(self, setting: str, value: str) -> Iterator[None]:
        set_topic(self._cluster.client(), self._topic, setting, value)
        try:
            yield
        finally:
            set_topic(self._cluster.client(), self._topic, setting, None)

    def _kill(self, node: Node) -> None:
        node.kill()
        self._let_pass(self._rng.uniform(2, 10))
        self._cluster.restart(node)

    def _coordinator(self) -> Node:
        admin = AdminClient({**self._cluster.client(), "log_level": 0})
        with suppress(KafkaException):
            found = admin.describe_consumer_groups([self._group], request_timeout=20)[self._group].result(60)
            return next(node for node in self._cluster.nodes if node.number == found.coordinator.id)
        return self._rng.choice(self._cluster.nodes)


def set_topic(client: dict[str, str], topic: str, setting: str, value: str | None) -> None:
    """Set a topic's setting, or take it back (None)."""
    operation = AlterConfigOpType.DELETE if value is None else AlterConfigOpType.SET
    resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[ConfigEntry(setting, value, incremental_operation=operation)])
    admin = AdminClient({**client, "log_level": 0})  # futures of one that is let go of never end
    for done in admin.incremental_alter_configs([resource], request_timeout=30).values():
        done.result(60)
