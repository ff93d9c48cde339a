import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.embedded import EmbeddedKafka
from tests.heart.toy import SOURCES, TOPICS
from tests.heart.world import World

PARTITIONS = 4
PRODUCE, REFUSED = 0, 29  # Kafka's numbers for the request and for TOPIC_AUTHORIZATION_FAILED


@pytest.fixture
def world(kafka: Any, tmp_path: Path) -> Iterator[World]:
    """Topics on the real Kafka."""
    kafka.create(*TOPICS, partitions=PARTITIONS)
    made = World(kafka.bootstrap, kafka.prefix, tmp_path, PARTITIONS)
    yield made
    made.close()


@pytest.fixture
def small(embedded: EmbeddedKafka, tmp_path: Path) -> Iterator[World]:
    """Topics on the embedded broker."""
    embedded.create({f"t.{topic}": 2 for topic in TOPICS})
    made = World(embedded.bootstrap, "t.", tmp_path, 2)
    yield made
    made.close()


def nothing_is_missing(world: World) -> None:
    """Every record is told of, and counted once."""
    inputs = world.inputs()
    told = set(world.told())
    assert inputs
    assert told == inputs, f"missing: {sorted(inputs - told)[:9]}"
    assert world.state() == world.expected_state()


def eventually(found: Callable[[], object], seconds: float = 20) -> object:
    """Wait for something true."""
    until = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < until:
        time.sleep(0.1)
    return value


def test_a_worker_tells_of_everything_and_stops_in_good_order(small: World) -> None:
    """On SIGTERM what was in flight is done and committed, and the status is 0."""
    worker = small.worker("one").start()
    for _ in range(3):
        for topic in SOURCES:
            small.publish(topic, 200)
    assert small.caught_up(30), worker.said()
    nothing_is_missing(small)
    assert worker.stop() == 0


def test_keys_come_due_without_any_record(small: World) -> None:
    """The judge looks again at each of them, once."""
    worker = small.worker("one", due_in=1).start()
    small.publish("posts", 50, keys=50)
    assert eventually(lambda: sum(1 for _ in small.read("lapsed")) >= 50), worker.said()
    time.sleep(2)
    assert sum(1 for _ in small.read("lapsed")) == 50


def test_a_judge_that_raises_ends_the_worker_and_its_words_stay_inside(small: World) -> None:
    """Status 1, the kind and place of the error, no word of the record, and no commit past it."""
    worker = small.worker("one").start()
    small.publish("posts", 40)
    assert small.caught_up(30), worker.said()
    before = small.positions("posts")[0]
    small.publish("posts", 1, value=b"raise")
    assert worker.wait(30) == 1
    assert "the judge failed in partition" in worker.said()
    assert "`ValueError` at" in worker.said()
    assert "secret" not in worker.said()
    assert small.positions("posts")[0] == before


def test_a_judge_that_hangs_does_not_hold_up_a_stop(small: World) -> None:
    """The loop can't run, and still SIGTERM ends the process within the drain's bound; the records come again."""
    worker = small.worker("one", limits={"revoke_seconds": 1, "drain_seconds": 3}).start()
    small.publish("posts", 20)
    assert small.caught_up(30), worker.said()
    small.publish("posts", 1, value=b"hang")
    time.sleep(2)
    started = time.monotonic()
    assert worker.stop(10) == 1
    assert time.monotonic() - started < 5
    assert "stopping took longer than `3.0` s" in worker.said() or "stopping took longer than `3` s" in worker.said()
    committed, ends = small.positions("posts")
    assert sum(ends) - sum(committed) == 1


def test_a_judge_that_hangs_is_ended_at_its_deadline(small: World) -> None:
    """Nobody sends a signal: the watchdog's own deadline ends the process, and says so."""
    worker = small.worker("one", limits={"judge_seconds": 2}).start()
    small.publish("posts", 1, value=b"hang")
    assert worker.wait(30) == 1
    assert "judging a chunk took longer than" in worker.said()


def test_outputs_that_brokers_refuse_for_good_end_the_worker_before_any_commit(small: World, embedded: EmbeddedKafka) -> None:
    """Status 1, the reason and the next step; the records are committed by nobody."""
    worker = small.worker("one").start()
    small.publish("posts", 20)
    assert small.caught_up(30), worker.said()
    before = small.positions("posts")[0]
    worker.send(signal.SIGSTOP)
    small.publish("posts", 10)
    embedded.fail_next(PRODUCE, *[REFUSED] * 50)
    worker.send(signal.SIGCONT)
    assert worker.wait(60) == 1, worker.said()
    assert "brokers refused state" in worker.said()  # the order of what is told is kept before anything is told
    assert small.positions("posts")[0] == before


def test_a_full_disk_ends_the_worker_before_any_commit(small: World) -> None:
    """The state is in the changelog and not in the store: status 1, and what to see to; on a larger disk it goes on."""
    worker = small.worker("one", file_bytes=300_000).start()
    small.publish("posts", 20_000, keys=20_000)
    assert worker.wait(60) == 1, worker.said()[-2000:]
    assert "could not be stored" in worker.said()
    committed, ends = small.positions("posts")
    assert sum(committed) < sum(ends)
    larger = small.worker("two").start()
    assert small.caught_up(30), larger.said()[-2000:]
    nothing_is_missing(small)


def test_a_record_does_not_wait_behind_another_topics_backlog(world: World) -> None:
    """With half a minute of posts waiting, a message is told of within 2 s."""
    world.publish("posts", 40_000)
    worker = world.worker("one", slow=0.0005).start()
    assert eventually(lambda: sum(world.positions("posts")[0]) > 0), worker.said()
    started = time.monotonic()
    world.publish("messages", 1)
    assert eventually(lambda: sum(world.positions("messages")[0]) == 1, 5)
    assert time.monotonic() - started < 2.5  # half a second of it is the commit by which this test learns of it
    assert sum(world.positions("posts")[0]) < 30_000


def test_kill_and_restart_lose_nothing(world: World) -> None:
    """SIGKILL at any moment: every record is told of, the state counts each once, and everything is committed soon after."""
    worker = world.worker("one", slow=0.0005).start()
    for pause in (4.0, 5.5, 0.8):
        for topic in SOURCES:
            world.publish(topic, 1500)
        time.sleep(pause)
        worker.kill()
        worker.start()
    assert world.caught_up(40), worker.said()[-2000:]
    nothing_is_missing(world)


def test_workers_join_and_leave(world: World) -> None:
    """Partitions go from one to the other and back, in good order and by force."""
    first, second = world.worker("one", slow=0.0003).start(), world.worker("two", slow=0.0003)
    world.publish("posts", 2000)
    second.start()
    world.publish("messages", 2000)
    time.sleep(6)
    first.stop()
    world.publish("posts", 2000)
    first.start()
    time.sleep(4)
    second.kill()
    world.publish("messages", 2000)
    assert world.caught_up(40), first.said()[-2000:]
    nothing_is_missing(world)


def test_state_moves_to_another_machine(world: World) -> None:
    """A worker on an empty disk reads the changelog first, and counts on from there."""
    worker = world.worker("one").start()
    world.publish("posts", 1000)
    assert world.caught_up(30), worker.said()
    worker.kill()
    shutil.rmtree(world.folder / "one-state")
    worker.start()
    world.publish("posts", 1000)
    assert world.caught_up(30), worker.said()
    nothing_is_missing(world)


def test_a_standby_has_the_state_already(world: World) -> None:
    """The worker that takes over reads next to nothing before it goes on."""
    active, other = world.worker("one", standbys=1).start(), world.worker("two", standbys=1).start()
    time.sleep(7)
    world.publish("posts", 3000, keys=1500)
    assert world.caught_up(30), other.said()[-2000:]
    time.sleep(1)
    active.kill()
    world.publish("posts", 500)
    assert world.caught_up(30), other.said()[-2000:]
    nothing_is_missing(world)
    last = {line.split("partition=")[1].split(",")[0]: line for line in other.said().splitlines() if "Recovering(" in line}
    assert len(last) == PARTITIONS
    assert all(int(line.split("applied=")[1].split(",")[0]) < 30 for line in last.values()), last


def test_a_paused_worker_that_was_replaced_spoils_nothing(world: World) -> None:
    """It wakes up after its session, in the middle of its work; what it still writes to the changelog does not count."""
    paused, other = world.worker("one", slow=0.001).start(), world.worker("two", slow=0.001).start()
    time.sleep(6)
    for _ in range(2):
        world.publish("posts", 1500)
        paused.send(signal.SIGSTOP)
        world.publish("messages", 1500)
        time.sleep(9)
        paused.send(signal.SIGCONT)
    assert world.caught_up(40), other.said()[-2000:]
    nothing_is_missing(world)
