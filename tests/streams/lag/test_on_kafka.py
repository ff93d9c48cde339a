import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, Producer, TopicPartition
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, NewTopic, ResourcePatternType, ResourceType

from streams import clock
from streams.errors import BrokerError
from streams.lag.broker import KafkaDescriber
from streams.lag.polling import poll_once
from streams.lag.report import Row
from streams.lag.sampling import Sampler, Wanted
from tests.support.kafka import Cluster
from tests.support.plugin import SharedKafka
from tests.support.security import Security

POLL = 1.0
ROOT = __file__.removesuffix("/tests/streams/lag/test_on_kafka.py")


class Line:
    """One topic of two partitions and one group, with what a test does to them."""

    def __init__(self, kafka: SharedKafka, config: dict[str, str] | None = None) -> None:
        self.client = kafka.client()
        self.group, self.topic = kafka.group, kafka.topic("posts")
        kafka.create("posts", partitions=2, config={"message.timestamp.type": "LogAppendTime", **(config or {})})
        self.sampler = Sampler(
            KafkaDescriber(self.client), clock.seconds, Wanted(frozenset({self.group}), frozenset(), {self.group: (self.topic,)})
        )

    def write(self, count: int, partition: int = 0) -> None:
        """Write records and wait until they are there."""
        producer = Producer({**self.client, "log_level": 0})
        for _ in range(count):
            producer.produce(self.topic, b"{}", partition=partition)
        assert producer.flush(20) == 0

    @contextmanager
    def worker(self, **options: Any) -> Iterator["subprocess.Popen[str]"]:
        """A consumer in a process of its own, which holds both partitions."""
        settings = json.dumps({"client": self.client, "group": self.group, "topic": self.topic, **options})
        process = subprocess.Popen([sys.executable, "-m", "tests.support.consumer", settings], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "holds 2\n"
            yield process
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    def rows(self) -> list[Row]:
        """What one poll says of the two partitions."""
        return poll_once(self.sampler, POLL, time.sleep).rows

    def words(self) -> list[str]:
        """The two status words."""
        return [row.status.value for row in self.rows()]

    def until(self, words: list[str], seconds: float = 20) -> None:
        """Poll until the words are as given."""
        end, found = time.monotonic() + seconds, self.words()
        while found != words:
            assert time.monotonic() < end, found
            found = self.words()


def set_offset(admin: AdminClient, group: str, topic: str, offset: int) -> None:
    """Set where a group without members reads on in partition 0."""
    places = [TopicPartition(topic, 0, offset)]
    admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, places)])[group].result(10)


@pytest.fixture
def line(kafka: SharedKafka) -> Line:
    """A line with records in its first partition."""
    made = Line(kafka)
    made.write(5)
    return made


def test_a_group_that_reads_is_ok_and_one_that_is_hung_is_stalled(line: Line) -> None:
    """A worker hung by SIGSTOP is STALLED within the next poll, with its seconds counted; when it goes on it is OK again."""
    line.write(5, partition=1)
    with line.worker() as worker:
        line.until(["OK", "OK"])
        os.kill(worker.pid, signal.SIGSTOP)
        line.write(3)
        time.sleep(0.5)
        hung, other = line.rows()
        os.kill(worker.pid, signal.SIGCONT)
        assert (hung.status, hung.rule, hung.records_behind, hung.members) == ("STALLED", "left_waiting", 3, 1)
        assert hung.seconds_behind is not None
        assert 1.5 <= hung.seconds_behind < 10
        assert (other.status, other.seconds_behind, other.velocity) == ("OK", 0, 0)
        line.until(["OK", "OK"])


def test_a_killed_worker_is_stalled_and_then_stopped(line: Line) -> None:
    """A dead worker is a member until its session ends: STALLED within one poll, STOPPED after, and never OK in between."""
    with line.worker() as worker:
        line.until(["OK", "OK"])
        worker.kill()
        worker.wait()
        line.write(2)
        line.write(2, partition=1)
        seen = [line.words()]
        end = time.monotonic() + 20
        while seen[-1] != ["STOPPED", "STOPPED"] and time.monotonic() < end:
            seen.append(line.words())
    assert seen[0] == ["STALLED", "STALLED"]
    assert seen[-1] == ["STOPPED", "STOPPED"]
    assert not any("OK" in words for words in seen)


def test_a_worker_that_ends_in_good_order_is_stopped_at_once(line: Line) -> None:
    """It commits as it goes, and is a member no more: STOPPED in the very poll in which it went, not OK once more."""

    def end_between(seconds: float) -> None:
        time.sleep(seconds / 2)
        os.kill(worker.pid, signal.SIGTERM)
        assert worker.wait(20) is not None
        time.sleep(seconds / 2)

    with line.worker() as worker:
        line.until(["OK", "OK"])
        line.write(3)
        rows = poll_once(line.sampler, POLL, end_between).rows
    assert [row.members for row in rows] == [0, 0]
    assert [row.status.value for row in rows] == ["STOPPED", "STOPPED"]


def test_a_paused_worker_is_stalled(line: Line) -> None:
    """A worker that answers heartbeats but reads no more is STALLED: membership alone proves nothing."""
    with line.worker(pause_after=5):
        line.until(["OK", "OK"])
        line.write(4)
        line.write(4, partition=1)
        assert line.words() == ["STALLED", "STALLED"]


def test_a_rewound_group_is_rewound(line: Line) -> None:
    """An offset set back between two samples is REWOUND, with a negative velocity."""
    with line.worker():
        line.until(["OK", "OK"])
    line.until(["STOPPED", "STOPPED"])

    def set_back(seconds: float) -> None:
        time.sleep(seconds)
        set_offset(AdminClient(line.client), line.group, line.topic, 1)

    first, other = poll_once(line.sampler, POLL, set_back).rows
    assert (first.status, first.committed, first.records_behind) == ("REWOUND", 1, 4)
    assert first.velocity is not None
    assert first.velocity < 0
    assert other.status == "STOPPED"


def test_a_starved_worker_is_lagging(line: Line) -> None:
    """A worker slower than its input is LAGGING while it commits; one whose partition is empty is OK with nothing behind."""
    line.write(2000)
    with line.worker(delay=0.05):
        line.until(["LAGGING", "OK"])
        slow, idle = line.rows()
    assert slow.velocity is not None
    assert slow.velocity > 0
    assert slow.seconds_to_catch_up is not None
    assert slow.seconds_to_catch_up > POLL
    assert (idle.records_behind, idle.seconds_behind) == (0, 0)


def test_a_group_that_retention_overtook_is_losing(line: Line) -> None:
    """Records deleted before they were read are counted as lost."""
    with line.worker():
        line.until(["OK", "OK"])
    line.write(10)
    admin = AdminClient(line.client)
    for deleted in admin.delete_records([TopicPartition(line.topic, 0, 12)]).values():
        deleted.result(10)
    line.until(["LOSING", "STOPPED"])
    assert [row.lost for row in line.rows()] == [7, None]


def test_a_group_that_never_ran_is_shown(line: Line) -> None:
    """The group that the settings name has its rows before it exists; none of them is OK."""
    first, second = line.rows()
    assert (first.status, first.committed, first.members, first.records_behind) == ("STOPPED", None, 0, 5)
    assert (second.status, second.records_behind) == ("STOPPED", 0)


def test_a_topic_made_while_one_looks_is_unknown_until_it_was_seen_twice(line: Line, kafka: SharedKafka) -> None:
    """A topic that the group begins to read between two samples has its row at once: UNKNOWN first, never OK by one sample alone."""

    def begin_another(seconds: float) -> None:
        kafka.create("later", partitions=1)
        places = [TopicPartition(kafka.topic("later"), 0, 0)]
        admin = AdminClient(line.client)
        admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(line.group, places)])[line.group].result(10)
        time.sleep(seconds)

    rows = {row.topic: row for row in poll_once(line.sampler, POLL, begin_another).rows}
    assert rows[kafka.topic("later")].status == "UNKNOWN"
    rows = {row.topic: row for row in line.rows()}
    assert (rows[kafka.topic("later")].status, rows[kafka.topic("later")].records_behind) == ("STOPPED", 0)


def test_a_topic_that_is_gone_is_unknown(kafka: SharedKafka) -> None:
    """A topic that the broker doesn't know is shown as UNKNOWN, not left out."""
    wanted = Wanted(frozenset({kafka.group}), frozenset(), {kafka.group: ("no-such-topic",)})
    rows = poll_once(Sampler(KafkaDescriber(kafka.client()), clock.seconds, wanted), 0.1, time.sleep).rows
    assert [(row.topic, row.status) for row in rows] == [("no-such-topic", "UNKNOWN")]


def test_retention_is_seen_before_it_overtakes(start_cluster: Callable[..., Cluster]) -> None:
    """With ordinary retention on a real log: LOSING while the oldest record is about to go, and when it has gone."""
    cluster = start_cluster(1, properties={"log.retention.check.interval.ms": "500", "log.initial.task.delay.ms": "100"})
    cluster.create("posts", partitions=1, config={"retention.ms": "8000", "message.timestamp.type": "LogAppendTime"})
    producer = Producer(cluster.client())
    producer.produce("posts", b"{}")
    producer.flush(10)
    sampler = Sampler(KafkaDescriber(cluster.client()), clock.seconds, Wanted(expected={"vigil": ("posts",)}))
    set_offset(AdminClient(cluster.client()), "vigil", "posts", 0)
    rules = []
    end = time.monotonic() + 60
    while "lost" not in rules and time.monotonic() < end:
        row = poll_once(sampler, 0.2, time.sleep).rows[0]
        rules.append(row.rule)
    assert list(dict.fromkeys(rules)) == ["unread", "nearly_lost", "lost"]
    assert (row.lost, row.status) == (1, "LOSING")


def test_brokers_that_do_not_answer_are_an_error() -> None:
    """Where no broker answers there is a sentence that says so, and no rows."""
    with pytest.raises(BrokerError, match=r"could not list the topics: .*look at `VIGIL_KAFKA`"):
        Sampler(KafkaDescriber({"bootstrap.servers": "127.0.0.1:1"}, seconds=2), clock.seconds).sample()


def test_describing_is_all_the_right_it_needs(start_cluster: Callable[..., Cluster]) -> None:
    """Over TLS with SCRAM, a principal that may only describe sees everything; a wrong password is named as such."""
    operator = ("operator", "operator-secret")
    cluster = start_cluster(1, security=Security("SASL_SSL", (operator,)))
    cluster.create("posts", partitions=1)
    admin = AdminClient(cluster.client())
    set_offset(admin, "vigil", "posts", 0)
    blind = Sampler(KafkaDescriber(cluster.client(operator)), clock.seconds, Wanted(expected={"vigil": ("posts",)}))
    assert {row.status.value for row in poll_once(blind, 0.1, time.sleep).rows} == {"UNKNOWN"}
    for made in admin.create_acls(_describe_only(operator[0])).values():
        made.result(10)
    row = poll_once(blind, 0.1, time.sleep).rows[0]
    assert (row.status, row.committed, row.end, row.members) == ("STOPPED", 0, 0, 0)
    with pytest.raises(BrokerError, match="_AUTHENTICATION"):
        Sampler(KafkaDescriber(cluster.client(("operator", "wrong")), seconds=4), clock.seconds).sample()


def _describe_only(name: str) -> list[Any]:
    rights = [
        (ResourceType.GROUP, AclOperation.DESCRIBE),
        (ResourceType.TOPIC, AclOperation.DESCRIBE),
        (ResourceType.TOPIC, AclOperation.DESCRIBE_CONFIGS),
    ]
    allow, literal = AclPermissionType.ALLOW, ResourcePatternType.LITERAL
    return [AclBinding(kind, "*", literal, f"User:{name}", "*", operation, allow) for kind, operation in rights]


def test_a_group_of_the_new_protocol_is_seen(line: Line) -> None:
    """A group whose partitions the brokers assign (KIP-848) is described as well as one that assigns them itself."""
    with line.worker(protocol="consumer"):
        line.until(["OK", "OK"])
        assert [row.members for row in line.rows()] == [1, 1]
    line.until(["STOPPED", "STOPPED"], seconds=60)


@pytest.mark.chaos
def test_a_partition_without_leader_is_unknown_and_the_others_are_not(start_cluster: Callable[..., Cluster]) -> None:
    """A broker that dies takes its unreplicated partitions' numbers with it, and no others."""
    cluster = start_cluster(3)
    admin = AdminClient({**cluster.client(), "log_level": 0})
    admin.create_topics([NewTopic("posts", 3, 1)])["posts"].result(20)
    wanted = Wanted(frozenset({"vigil"}), frozenset(), {"vigil": ("posts",)})
    sampler = Sampler(KafkaDescriber(cluster.client(), seconds=4), clock.seconds, wanted)
    assert [row.status.value for row in poll_once(sampler, 0.2, time.sleep).rows] == ["STOPPED"] * 3
    leader = admin.list_topics("posts", timeout=10).topics["posts"].partitions[1].leader
    next(node for node in cluster.nodes if node.number == leader).kill()
    end, found = time.monotonic() + 60, [""]
    while found != ["STOPPED", "UNKNOWN", "STOPPED"] and time.monotonic() < end:
        found = [row.status.value for row in poll_once(sampler, 0.2, time.sleep).rows]
    assert found == ["STOPPED", "UNKNOWN", "STOPPED"]
