"""A consumer in a process of its own, for tests that hang, slow down or kill one: `python -m tests.support.consumer '<json settings>'`.

Settings: `client` (librdkafka's), `group`, `topic`, `delay` (seconds that a record takes), `pause_after` (records, then it pauses),
`protocol` (`consumer`: the brokers assign). Commits after each record. Prints a line once it has its partitions.
"""

import json
import signal
import sys
import time
from typing import Any

from confluent_kafka import Consumer, TopicPartition

SETTINGS: dict[str, Any] = {}
ENDING: list[bool] = []


def main(settings: dict[str, Any]) -> None:
    """Consume until killed; on SIGTERM leave the group in order."""
    signal.signal(signal.SIGTERM, lambda *_: ENDING.append(True))
    SETTINGS.update(settings)
    classic = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500}
    protocol = {"group.protocol": "consumer"} if settings.get("protocol") == "consumer" else classic
    offsets = {"auto.offset.reset": "earliest", "enable.auto.commit": False}
    consumer = Consumer({**settings["client"], "group.id": settings["group"], **protocol, **offsets, "log_level": 0})
    consumer.subscribe([settings["topic"]], on_assign=_say)
    read = 0
    while not ENDING:
        message = consumer.poll(0.2)
        if message is None or message.error():
            continue
        time.sleep(settings.get("delay", 0))
        consumer.commit(message, asynchronous=False)
        read += 1
        if read == settings.get("pause_after"):
            consumer.pause(consumer.assignment())
    consumer.close()


def _say(consumer: Consumer, partitions: list[TopicPartition]) -> None:
    if SETTINGS.get("protocol") != "consumer":
        consumer.assign(partitions)
    sys.stdout.write(f"holds {len(partitions)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
