"""How far the brokers' clocks are from ours.

No request of Kafka's tells the time, but the answer to a written record does, where the topic takes the broker's: so one empty record is
written to a partition of each leader of the topic `probe`, which is there for that and which nobody reads.
"""

from collections.abc import Callable
from typing import Any

from confluent_kafka import TIMESTAMP_LOG_APPEND_TIME, KafkaException, Producer

from streams import clock
from streams.connection import librdkafka
from streams.doctor.finding import Finding
from streams.settings import Settings

TOPIC = "probe"
SECONDS = 8
TOLERATED = 10_000
"""Milliseconds. Deadlines are minutes; what is beyond this is a clock that nobody keeps."""


def skew(settings: Settings) -> list[Finding]:
    """One finding, or one for each partition that gave no time or a wrong one."""
    producer = Producer({**librdkafka(settings), "log_level": 0, "message.timeout.ms": SECONDS * 1000, "linger.ms": 0})
    try:
        partitions = _one_of_each_leader(producer, settings.topic(TOPIC))
    except KafkaException as error:
        return [_unknown(error.args[0].name())]
    if not partitions:
        return [Finding("clock", "problem", f"the brokers' clock is not known without the topic `{TOPIC}`: run `vigil topics apply`")]
    findings = [_ask(producer, settings.topic(TOPIC), partition) for partition in partitions]
    wrong = [finding for finding in findings if finding.level != "ok"]
    return wrong or findings[:1]


def _one_of_each_leader(producer: Any, topic: str) -> list[int]:
    """Asks for all topics: asking for one by name could make it."""
    found = producer.list_topics(timeout=SECONDS).topics.get(topic)
    leaders = {} if found is None else {partition.leader: number for number, partition in found.partitions.items()}
    return sorted(leaders.values())


def _ask(producer: Any, topic: str, partition: int) -> Finding:
    answers: list[Finding] = []
    before = clock.milliseconds()
    producer.produce(topic, partition=partition, on_delivery=_listen(answers, before))
    producer.flush(SECONDS + 1)
    return answers[0] if answers else _unknown("no answer")


def _listen(answers: list[Finding], before: int) -> Callable[[Any, Any], None]:
    def hear(error: Any, message: Any) -> None:
        after = clock.milliseconds()
        if error is not None:
            answers.append(_unknown(error.name()))
            return
        kind, at = message.timestamp()
        answers.append(judged(before, at, after) if kind == TIMESTAMP_LOG_APPEND_TIME else _unknown("CreateTime"))

    return hear


def judged(before: int, at: int, after: int) -> Finding:
    """Of a record written between `before` and `after` by our clock and `at` by the broker's (milliseconds since the epoch)."""
    behind = max(before - at, 0)
    ahead = max(at - after, 0)
    if max(behind, ahead) <= TOLERATED:
        return Finding("clock", "ok", f"within {(max(behind, ahead) + after - before + 999) // 1000} s of the brokers'")
    seconds, which = (behind // 1000, "behind") if behind else (ahead // 1000, "ahead of")
    return Finding("clock", "problem", f"a broker's clock is {seconds} s {which} this machine's: let both follow one time server")


def _unknown(why: str) -> Finding:
    return Finding(
        "clock", "problem", f"the brokers' clock is not known (`{why}`): it takes WRITE on the topic `{TOPIC}`, see deploy/acls.sh"
    )
