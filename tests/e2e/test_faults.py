import shutil
import time
from pathlib import Path

import pytest

from tests.chaos.broker_faults import set_topic
from tests.chaos.conservation import figures
from tests.chaos.publishing import Published
from tests.chaos.stage import PARTITIONS, Stage, stage
from tests.chaos.traffic import Traffic
from tests.support.plugin import SharedKafka
from tests.support.running import Running

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
SEED = 11
REFUSED = ("max.message.bytes", "1")
"""No record is small enough: what a broker says to that can't be mended by trying again."""


def publish(made: Stage, traffic: Traffic, count: int) -> None:
    """So many records, and an emergency of somebody new every hundred."""
    for number in range(count):
        made.publisher.send(traffic.next() if number % 100 else traffic.emergency(f"n{number}-{len(made.publisher.published)}"))
    made.publisher.flush()


def one_ended(workers: list[Running], seconds: float = 60) -> bool:
    """Wait for a worker's own end."""
    until = time.monotonic() + seconds
    while all(worker.running for worker in workers) and time.monotonic() < until:
        time.sleep(0.1)
    return not all(worker.running for worker in workers)


def committed(made: Stage, emergencies: list[Published]) -> list[Published]:
    """Which of these records a commit has passed."""
    positions = made.ledger.committed()
    return [one for one in emergencies if one.offset < positions[one.record.topic, one.partition]]


def refused_alone(made: Stage, traffic: Traffic, kafka: SharedKafka) -> None:
    """`emergency-alerts` alone is refused: workers end and say so, are killed, and no commit passes an emergency; then it is mended."""
    set_topic(kafka.client(), kafka.topic("emergency-alerts"), *REFUSED)
    before = len(made.publisher.published)
    for number in range(8):
        made.publisher.send(traffic.emergency(f"refused-{number}"))
    made.publisher.flush()
    emergencies = made.publisher.published[before:]
    assert one_ended(made.workers), made.vigil.logs()
    assert any("brokers refused outputs" in worker.said() for worker in made.workers)
    for worker in made.workers:
        worker.kill()
    made.workers[0].start()
    time.sleep(1)  # while it starts again
    made.workers[0].kill()
    assert committed(made, emergencies) == []
    made.ledger.catch_up()
    assert made.ledger.alerted.isdisjoint(one.record.event for one in emergencies)
    set_topic(kafka.client(), kafka.topic("emergency-alerts"), REFUSED[0], None)
    for worker in made.workers:
        worker.start()


def test_faults_of_several_kinds_lose_nothing(kafka: SharedKafka, tmp_path: Path) -> None:
    """Killed, refused, moved to an empty disk, stopped: all is decided or set aside once, as `assess` says."""
    made = stage(kafka, tmp_path, workers=2)
    traffic = Traffic(SEED, PARTITIONS)
    one, other = made.workers
    try:
        one.start()
        publish(made, traffic, 1500)
        other.start()
        time.sleep(2)
        one.kill()
        one.start()
        publish(made, traffic, 500)
        refused_alone(made, traffic, kafka)
        other.kill()
        shutil.rmtree(other.state)
        other.start()
        publish(made, traffic, 500)
        assert made.ledger.passed_over(made.publisher.published) == []
        made.settle()
        assert one.stop() == 0, one.said()[-2000:]
        wrong = made.verdict()
        assert not wrong, f"{wrong}; {figures(made.publisher.published, made.ledger)}"
    except BaseException as error:
        error.add_note(made.vigil.logs())
        raise
    finally:
        made.close()
