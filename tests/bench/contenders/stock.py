"""Stock Faust as its manual shows it: an agent, `await topic.send`, a table on rocksdb."""

import json
import logging
import sys
from typing import Any

import faust

from streams.heart.ports import SourceRecord
from tests.bench.judges import make
from tests.bench.task import Task


class TableState:
    """Implements `State` on a Faust table."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        found: bytes | None = self._table.get(key)
        return found


def build(task: Task) -> faust.App:
    """The app."""
    app = faust.App(
        task.group,
        broker=f"kafka://{task.servers}",
        store="rocksdb://",
        datadir=task.folder,
        web_enabled=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        consumer_auto_offset_reset="earliest",
        autodiscover=False,
    )
    judge = make(task.judge, task.partitions)
    topic = app.topic(*(task.prefix + source for source in task.sources), key_type=bytes, value_type=bytes, value_serializer="raw")
    outputs = {name: app.topic(task.prefix + name, key_type=bytes, value_type=bytes, value_serializer="raw") for name in task.outputs}
    changelog = app.topic(f"{task.prefix}state", key_type=bytes, value_type=bytes, value_serializer="raw", acks=False, internal=True)
    table = app.Table("state", key_type=bytes, value_type=bytes, changelog_topic=changelog)
    state = TableState(table)

    @app.agent(topic)  # type: ignore[untyped-decorator]  # faust's
    async def judge_each(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            record = SourceRecord(
                message.topic.removeprefix(task.prefix),
                message.partition,
                message.offset,
                int(message.timestamp * 1000),
                message.key,
                event.value,
                tuple(message.headers or ()),
            )
            verdict = judge.judge(message.partition, [record], state, record.timestamp)
            for out in verdict.outputs:
                await outputs[out.topic].send(key=out.key, value=out.value, partition=out.partition, headers=list(out.headers))
            for group in verdict.changes:
                for change in group:
                    if change.value is None:
                        table.pop(change.key, None)
                    else:
                        table[change.key] = change.value

    return app


if __name__ == "__main__":
    logging.disable(logging.INFO)
    faust.Worker(build(Task(**json.loads(sys.argv[1]))), loglevel="ERROR", quiet=True).execute_from_commandline()
