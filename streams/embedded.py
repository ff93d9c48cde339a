"""A Kafka broker inside this process, for the demo and quick tests: the one that librdkafka carries, which the confluent-kafka wheel holds.

It speaks the real protocol over real TCP, so any client can connect. Its limits: no disk, no transactions, no look-up by time, no
topic creation by clients and no listing of groups; it keeps 5 MiB or 100,000 batches a partition and then drops the oldest. So nothing
that runs on it says anything about delivery.
"""

import ctypes
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import confluent_kafka

PRODUCER = 0
ERROR_BYTES = 512
GATHER_MILLISECONDS = 200
"""How long a new group waits for more members: Kafka's own 3 s is for deployments, not for a demo of one worker."""
NO_BROKER = "use a real Kafka instead, named in `VIGIL_KAFKA`"


class EmbeddedError(Exception):
    """The broker inside librdkafka could not be started or refused a request; the message says which and what to do."""


class EmbeddedKafka:
    """`brokers` brokers on free ports of 127.0.0.1, until `close` or the end of `with`. Topics are made by `create` alone.

    Raises EmbeddedError where librdkafka can't be found or won't start them.
    """

    def __init__(self, brokers: int = 1) -> None:
        self._library = _load()
        self._client = self._new_client()
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, brokers)
        if not self._cluster:
            raise EmbeddedError(f"librdkafka started no brokers of its own: {NO_BROKER}")
        self._library.rd_kafka_mock_group_initial_rebalance_delay_ms(self._cluster, ctypes.c_int32(GATHER_MILLISECONDS))
        self.bootstrap: str = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode()

    def create(self, topics: Mapping[str, int], replication: int = 1) -> None:
        """Create topics, name to number of partitions. Raises EmbeddedError where one is there already."""
        for topic, partitions in topics.items():
            made = self._library.rd_kafka_mock_topic_create(self._cluster, topic.encode(), partitions, replication)
            self._check(made, f"create topic `{topic}`")

    def fail_next(self, api_key: int, *errors: int) -> None:
        """Answer the next requests of a kind (Kafka's API key, such as 0 for produce) with these errors, one each (Kafka's codes)."""
        codes = (ctypes.c_int * len(errors))(*errors)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, ctypes.c_int16(api_key), ctypes.c_size_t(len(errors)), codes)

    def take_down(self, broker: int) -> None:
        """Close a broker's connections and refuse new ones; the first broker is 1."""
        self._check(self._library.rd_kafka_mock_broker_set_down(self._cluster, broker), f"take broker `{broker}` down")

    def bring_up(self, broker: int) -> None:
        """Let a broker that was taken down listen again."""
        self._check(self._library.rd_kafka_mock_broker_set_up(self._cluster, broker), f"bring broker `{broker}` up")

    def slow_down(self, broker: int, milliseconds: int) -> None:
        """Make a broker answer that much later."""
        self._check(self._library.rd_kafka_mock_broker_set_rtt(self._cluster, broker, milliseconds), f"slow broker `{broker}` down")

    def lead(self, topic: str, partition: int, broker: int) -> None:
        """Move a partition's leader; -1 leaves it without one."""
        moved = self._library.rd_kafka_mock_partition_set_leader(self._cluster, topic.encode(), partition, broker)
        self._check(moved, f"move the leader of `{topic}` partition `{partition}`")

    def coordinate(self, group: str, broker: int) -> None:
        """Make a broker the coordinator of a group."""
        moved = self._library.rd_kafka_mock_coordinator_set(self._cluster, b"group", group.encode(), broker)
        self._check(moved, f"move the coordinator of `{group}`")

    def close(self) -> None:
        """End the brokers; what they held is gone."""
        if self._cluster:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._client)
            self._cluster = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _new_client(self) -> int:
        reason = ctypes.create_string_buffer(ERROR_BYTES)
        settings = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(settings, b"log_level", b"0", reason, ERROR_BYTES)
        client: int | None = self._library.rd_kafka_new(PRODUCER, settings, reason, ERROR_BYTES)
        if not client:
            raise EmbeddedError(f"librdkafka did not start ({reason.value.decode()}): {NO_BROKER}")
        return client

    def _check(self, code: int, what: str) -> None:
        if code:
            said = self._library.rd_kafka_err2str(code).decode()
            raise EmbeddedError(f"the embedded broker could not {what} ({said}): check that the name is new and the number right")


def _load() -> ctypes.CDLL:
    """The very library that confluent-kafka has loaded; signatures of what returns or takes a pointer."""
    library = ctypes.CDLL(str(_library_path()))
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    shapes = {
        "rd_kafka_conf_new": (pointer, []),
        "rd_kafka_conf_set": (ctypes.c_int, [pointer, text, text, text, ctypes.c_size_t]),
        "rd_kafka_new": (pointer, [ctypes.c_int, pointer, text, ctypes.c_size_t]),
        "rd_kafka_destroy": (None, [pointer]),
        "rd_kafka_err2str": (text, [ctypes.c_int]),
        "rd_kafka_mock_cluster_new": (pointer, [pointer, ctypes.c_int]),
        "rd_kafka_mock_cluster_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_bootstraps": (text, [pointer]),
        "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [pointer, ctypes.c_int32]),
        "rd_kafka_mock_topic_create": (ctypes.c_int, [pointer, text, ctypes.c_int, ctypes.c_int]),
        "rd_kafka_mock_push_request_errors_array": (None, [pointer, ctypes.c_int16, ctypes.c_size_t, pointer]),
        "rd_kafka_mock_broker_set_down": (ctypes.c_int, [pointer, ctypes.c_int32]),
        "rd_kafka_mock_broker_set_up": (ctypes.c_int, [pointer, ctypes.c_int32]),
        "rd_kafka_mock_broker_set_rtt": (ctypes.c_int, [pointer, ctypes.c_int32, ctypes.c_int]),
        "rd_kafka_mock_partition_set_leader": (ctypes.c_int, [pointer, text, ctypes.c_int32, ctypes.c_int32]),
        "rd_kafka_mock_coordinator_set": (ctypes.c_int, [pointer, text, text, ctypes.c_int32]),
    }
    for name, (result, arguments) in shapes.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _library_path() -> Path:
    """Where the wheel keeps librdkafka: beside the package on Linux, inside it on macOS."""
    package = Path(confluent_kafka.__file__).parent
    places = (package.parent / "confluent_kafka.libs", package / ".dylibs")
    found = [path for place in places for path in place.glob("librdkafka*") if path.is_file()]
    if not found:
        raise EmbeddedError(f"confluent-kafka's wheel holds no librdkafka here: {NO_BROKER}")
    return found[0]
