"""Quix Streams, stateful: its own environment, `.venv-bench`."""

import json
import logging
import sys
from typing import Any

from quixstreams import Application, message_context  # type: ignore[import-not-found]  # in `.venv-bench` alone
from quixstreams.models import Serializer  # type: ignore[import-not-found]  # in `.venv-bench` alone

from streams.heart.ports import OutputRecord, SourceRecord
from tests.bench.judges import make
from tests.bench.task import Task


class Whole(Serializer):  # type: ignore[misc]  # this environment alone has it
    """An output's value as it is."""

    def __call__(self, value: OutputRecord, ctx: Any) -> bytes:  # noqa: ARG002 -- the library's signature
        """The bytes."""
        return value.value or b""


class QuixState:
    """Implements `State` on the state of the message's key."""

    def __init__(self, state: Any) -> None:
        self._state = state

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        found: bytes | None = self._state.get_bytes(key.hex())
        return found


def run(task: Task) -> None:
    """Run until killed."""
    app = Application(
        broker_address=task.servers,
        consumer_group=task.group,
        auto_offset_reset="earliest",
        state_dir=task.folder,
        auto_create_topics=True,
        loglevel="ERROR",
        commit_interval=5.0,
        producer_extra_config={"acks": "all", "enable.idempotence": True, "linger.ms": 5},
    )
    judge = make(task.judge, task.partitions)

    inputs = {name: app.topic(task.prefix + name, key_deserializer="bytes", value_deserializer="bytes") for name in task.sources}
    outputs = {name: app.topic(task.prefix + name, key_serializer="bytes", value_serializer=Whole()) for name in task.outputs}

    def judged(value: Any, key: bytes, timestamp: int, headers: Any, state: Any) -> list[OutputRecord]:
        at = message_context()
        record = SourceRecord(at.topic.removeprefix(task.prefix), at.partition, at.offset, timestamp, key, value, tuple(headers or ()))
        verdict = judge.judge(record.partition, [record], QuixState(state), timestamp)
        for group in verdict.changes:
            for change in group:
                if change.value is None:
                    state.delete(change.key.hex())
                else:
                    state.set_bytes(change.key.hex(), change.value)
        return list(verdict.outputs)

    for topic in inputs.values():
        frame = app.dataframe(topic).apply(judged, stateful=True, metadata=True, expand=True)
        frame.to_topic(lambda out, *_: outputs[out.topic], key=lambda out: out.key)
    app.run()


if __name__ == "__main__":
    logging.disable(logging.INFO)
    run(Task(**json.loads(sys.argv[1])))
