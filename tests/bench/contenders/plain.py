"""A loop written by hand on aiokafka, its pictures in memory and nowhere else: read, judge, send, wait for all, commit."""

import asyncio
import json
import sys
from collections import defaultdict

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from streams.heart.ports import SourceRecord
from tests.bench.contenders.memory import Memory
from tests.bench.judges import make
from tests.bench.task import Task

RECORDS = 2000


async def run(task: Task) -> None:
    """Run until killed."""
    judge = make(task.judge, task.partitions)
    consumer = AIOKafkaConsumer(
        *(task.prefix + source for source in task.sources),
        bootstrap_servers=task.servers,
        group_id=task.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(bootstrap_servers=task.servers, acks="all", enable_idempotence=True, linger_ms=5, max_batch_size=256 << 10)
    await consumer.start()
    await producer.start()
    states: dict[int, Memory] = defaultdict(Memory)
    while True:
        futures = []
        for target, records in (await consumer.getmany(timeout_ms=200, max_records=RECORDS)).items():
            topic = target.topic.removeprefix(task.prefix)
            given = [SourceRecord(topic, r.partition, r.offset, r.timestamp, r.key, r.value, r.headers) for r in records]
            state = states[target.partition]
            verdict = judge.judge(target.partition, given, state, records[-1].timestamp)
            state.apply(verdict)
            for out in verdict.outputs:
                sent = producer.send(task.prefix + out.topic, out.value, key=out.key, partition=out.partition, headers=list(out.headers))
                futures.append(await sent)
        if futures:
            await asyncio.gather(*futures)
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(run(Task(**json.loads(sys.argv[1]))))
