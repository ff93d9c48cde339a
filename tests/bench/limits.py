"""What one person, a backlog and a million people cost, on a real Kafka of one node: time, memory, sizes, and how soon an alert is out.

`python -m tests.bench.limits one-person|backlog|people|changed [N]`; `changed` needs no Kafka, its time is that of the processor.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from tests.bench.changes import changed
from tests.e2e.vigil import Secured, Vigil, stop
from tests.support.kafka import Cluster

Record = tuple[str, str, bytes]
EMERGENCY = {"kind": "overdose", "taken": "yes"}


def event(number: int, person: str, topic: str, concerns: list[Mapping[str, Any]]) -> Record:
    """One event of a person, a few seconds after the one before."""
    at = f"2026-11-{15 + number // 20_000 % 6:02d}T{number // 900 % 24:02d}:{number // 15 % 60:02d}:{number % 15 * 4:02d}Z"
    shared = {"event_id": f"e{number}", "person_id": person, "occurred_at": at, "concerns": concerns, "text": "we had pasta again"}
    if topic == "messages":
        return topic, person, json.dumps({"schema": "message/1", "conversation_id": "c", "sender": "texter", **shared}).encode()
    return topic, person, json.dumps({"schema": "post/1", "kind": "created", "post_id": f"p{number}", **shared}).encode()


def one_person(vigil: Vigil, count: int) -> None:
    """So many events of one person, every other one telling facts."""
    answers = ("yes", "no", "unknown")
    concerns = ([{"kind": "suicide", "thoughts": "yes", "plan": answers[n % 3]}] if n % 2 else [] for n in range(count))
    vigil.publish(event(n, "u1", "messages", told) for n, told in enumerate(concerns))
    began = time.monotonic()
    worker = vigil.worker()
    vigil.wait([worker], 900)
    print(f"{count:,} events of one person: {time.monotonic() - began:.0f} s, peak {memory(worker.pid):,} MiB")
    print("changelog: {:,} records, the largest {:,} bytes".format(*changelog(vigil)))
    stop(worker)


def backlog(vigil: Vigil, count: int) -> None:
    """An emergency on the text line while so many posts wait."""
    vigil.publish(event(n, f"u{n % 20_000}", "posts", []) for n in range(count))
    worker = vigil.worker()
    wait(lambda: vigil.behind() < count)
    before, began = vigil.behind(), time.monotonic()
    vigil.publish([event(count, "urgent", "messages", [EMERGENCY])])
    wait(lambda: bool(vigil.read("emergency-alerts")))
    print(f"behind {before:,} posts: alert out after {time.monotonic() - began:.2f} s, {vigil.behind():,} posts still waiting")
    stop(worker)


def people(vigil: Vigil, count: int) -> None:
    """So many profiles and pictures; then the worker and its disk are lost, and an emergency comes."""
    vigil.publish(known(count))
    worker, began = vigil.worker(), time.monotonic()
    vigil.wait([worker], 3000)
    print(f"{count:,} people taken in: {time.monotonic() - began:.0f} s, peak {memory(worker.pid):,} MiB")
    print(f"their state: {size(vigil.folder / 'one'):,} MiB on disk")
    for name, what in (("one", "on the same disk"), ("two", "on an empty disk")):
        worker.kill()
        worker.wait()
        vigil.publish([event(9 * 10**8 + len(name) + ord(name[0]), f"new-{name}", "messages", [EMERGENCY])])
        had, began, worker = len(vigil.read("emergency-alerts")), time.monotonic(), vigil.worker(name)
        wait(lambda had=had: len(vigil.read("emergency-alerts")) > had)  # type: ignore[misc]  # a default that binds
        print(f"from kill -9 to the first alert, {what}: {time.monotonic() - began:.1f} s, peak {memory(worker.pid):,} MiB")
    stop(worker)


def known(count: int) -> Iterator[Record]:
    """A profile and one event that tells something, for everybody."""
    for number in range(count):
        facts = {"date_of_birth": "2010-05-05", "reachable": True, "updated_at": "2026-11-01T00:00:00Z"}
        yield "profiles", f"u{number}", json.dumps({"schema": "profile/1", "person_id": f"u{number}", **facts}).encode()
        yield event(number, f"u{number}", "messages", [{"kind": "suicide", "thoughts": "yes"}])


def changelog(vigil: Vigil) -> tuple[int, int]:
    """How many records the state's changelog has, and how large the largest is."""
    consumer = Consumer(vigil.kafka.client() | {"group.id": "bench", "enable.auto.commit": False})
    places = [TopicPartition(f"{vigil.kafka.group}-state-changelog", partition, 0) for partition in range(vigil.partitions)]
    consumer.assign(places)
    left = end = sum(consumer.get_watermark_offsets(place)[1] for place in places)
    largest = 0
    while left > 0:
        records = consumer.consume(5000, 1)
        largest = max([largest, *(len(record.value() or b"") + len(record.key() or b"") for record in records)])
        left -= len(records)
    consumer.close()
    return end, largest


def memory(process: int) -> int:
    """A process's peak, in MiB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def size(folder: Path) -> int:
    """A folder's size, in MiB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 20


def wait(done: Callable[[], bool]) -> None:
    """Until it is so."""
    while not done():
        time.sleep(0.05)


RUNS: Mapping[str, tuple[Callable[[Vigil, int], None], int]] = {
    "one-person": (one_person, 100_000),
    "backlog": (backlog, 200_000),
    "people": (people, 1_000_000),
}


def main() -> None:
    """Run what is asked for."""
    if sys.argv[1] == "changed":
        changed(int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
        return
    run, count = RUNS[sys.argv[1]]
    with Cluster(1) as cluster, tempfile.TemporaryDirectory() as folder:
        run(Vigil(Secured(cluster), Path(folder), partitions=8), int(sys.argv[2]) if len(sys.argv) > 2 else count)


if __name__ == "__main__":
    main()
