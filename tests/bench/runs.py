"""Running one contender to the end of its input and measuring it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.bench.task import Task
from tests.bench.traffic import Line

ROOT = Path(__file__).parents[2]
QUIX_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
DECISIONS = "decisions"
GIVE_UP_SECONDS = 600
FIRST_EVENTS = 500  # until they are decided on, a contender starts and joins its group
WARM_SECONDS = 2.0
TICK_SECONDS = 0.002
JOIN_SECONDS = 3.0  # for state to be recovered, of which there is none
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """Events a second between the first decision's and the last one's append time; CPU in that time; peak memory in bytes."""

    rate: float
    cpu: float
    memory: int

    def as_json(self) -> dict[str, float]:
        """For a machine to read."""
        return asdict(self)


def publish(servers: str, prefix: str, lines: Iterable[Line]) -> None:
    """Publish in order, partitioned as Kafka's own clients do."""
    producer = Producer(
        {"bootstrap.servers": servers, "partitioner": "murmur2", "linger.ms": 20, "acks": "all", "queue.buffering.max.messages": 1_000_000}
    )
    for topic, key, value in lines:
        producer.produce(prefix + topic, key=key.encode(), value=value)
        producer.poll(0)
    producer.flush()


def measure(name: str, task: Task, lines: Sequence[Line], workers: int, folder: Path) -> Run:
    """Start a contender, wait until it has decided on all events, and end it."""
    log = folder / "log"
    processes = [_start(name, replace(task, folder=str(folder / str(number))), log) for number in range(workers)]
    try:
        _all_joined(task, workers)
        publish(task.servers, task.prefix, lines)
        first, cpu_before = _wait(task, processes, log, 1), _cpu(processes)
        last, cpu_after = _wait(task, processes, log, len(lines)), _cpu(processes)
        memory = sum(_peak(process) for process in processes)
    finally:
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
    began, ended = _append_times(task)
    return Run((last - first) / max(0.001, ended - began) if first < last else 0.0, cpu_after - cpu_before, memory)


def delays(name: str, task: Task, lines: Iterable[Line], rate: float, folder: Path) -> list[float]:
    """Seconds between an event's append time and its decision's, of events published at a steady rate, sorted."""
    log = folder / "log"
    process = _start(name, replace(task, folder=str(folder / "0")), log)
    try:
        given = iter(lines)
        publish(task.servers, task.prefix, islice(given, FIRST_EVENTS))
        _wait(task, [process], log, FIRST_EVENTS)
        count = _steadily(task, given, rate)
        _wait(task, [process], log, FIRST_EVENTS + count)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    asked = {event: at for topic in ("posts", "messages") for event, at in _events(task, topic)}
    warm = sorted(asked.values())[FIRST_EVENTS] + WARM_SECONDS
    return sorted(at - asked[event] for event, at in _events(task, DECISIONS) if asked[event] > warm)


def _steadily(task: Task, lines: Iterable[Line], rate: float) -> int:
    """Publish so many a second. Gives how many there were."""
    producer = Producer({"bootstrap.servers": task.servers, "partitioner": "murmur2", "linger.ms": 5, "acks": "all"})
    began, count = time.monotonic(), 0
    for count, (topic, key, value) in enumerate(lines, 1):
        producer.produce(task.prefix + topic, key=key.encode(), value=value)
        ahead = began + count / rate - time.monotonic()
        producer.poll(max(0.0, ahead) if ahead > TICK_SECONDS else 0)
    producer.flush()
    return count


def _events(task: Task, topic: str) -> Iterator[tuple[str, float]]:
    """Each record's event id and append time."""
    consumer = Consumer({"bootstrap.servers": task.servers, "group.id": "bench", "enable.partition.eof": True})
    consumer.assign([TopicPartition(task.prefix + topic, partition, 0) for partition in range(task.partitions)])
    ended = 0
    try:
        while ended < task.partitions:
            message = consumer.poll(10)
            if message.error() is None:
                yield json.loads(message.value())["event_id"], message.timestamp()[1] / 1000
            else:
                ended += 1
    finally:
        consumer.close()


def _all_joined(task: Task, workers: int) -> None:
    """Wait until the group has all its members and each has its partitions."""
    admin = AdminClient({"bootstrap.servers": task.servers})
    until = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < until:
        group = admin.describe_consumer_groups([task.group])[task.group].result(10)
        if group.state.name == "STABLE" and len(group.members) == workers:
            time.sleep(JOIN_SECONDS)
            return
        time.sleep(0.2)
    raise RuntimeError(f"only `{len(group.members)}` of `{workers}` contenders joined")


def _start(name: str, task: Task, log: Path) -> "subprocess.Popen[bytes]":
    Path(task.folder).mkdir(parents=True, exist_ok=True)
    python = str(QUIX_PYTHON) if name == "quix" else sys.executable
    command = [python, "-m", f"tests.bench.contenders.{name}", json.dumps(asdict(task))]
    with log.open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env={**os.environ, "PYTHONPATH": str(ROOT)})


def _wait(task: Task, processes: "list[subprocess.Popen[bytes]]", log: Path, count: int) -> int:
    """Wait until there are at least so many decisions. Gives how many there are."""
    consumer = Consumer({"bootstrap.servers": task.servers, "group.id": "bench"})
    until = time.monotonic() + GIVE_UP_SECONDS
    try:
        while time.monotonic() < until:
            there: int = sum(consumer.get_watermark_offsets(target, timeout=10)[1] for target in _targets(task))
            if there >= count:
                return there
            if any(process.poll() is not None for process in processes):
                raise RuntimeError(f"a contender ended: {log.read_text()[-2000:]}")
            time.sleep(0.02)
    finally:
        consumer.close()
    raise RuntimeError(f"only `{there}` of `{count}` decisions after `{GIVE_UP_SECONDS}` s: {log.read_text()[-2000:]}")


def _targets(task: Task) -> list[TopicPartition]:
    return [TopicPartition(task.prefix + DECISIONS, partition) for partition in range(task.partitions)]


def _append_times(task: Task) -> tuple[float, float]:
    """The broker's times of the first decision and the last, in seconds."""
    consumer = Consumer({"bootstrap.servers": task.servers, "group.id": "bench"})
    times = []
    try:
        for target in _targets(task):
            low, high = consumer.get_watermark_offsets(target, timeout=10)
            for offset in {low, high - 1} if high > low else ():
                consumer.assign([TopicPartition(target.topic, target.partition, offset)])
                message = consumer.poll(10)
                times.append(message.timestamp()[1] / 1000)
    finally:
        consumer.close()
    return min(times), max(times)


def _cpu(processes: "list[subprocess.Popen[bytes]]") -> float:
    """CPU seconds of the processes so far, user and system."""
    fields = [Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split() for process in processes]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def _peak(process: "subprocess.Popen[bytes]") -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    kibibytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return kibibytes * 1024
