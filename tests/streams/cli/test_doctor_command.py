import json
import zlib

from click.testing import CliRunner, Result
from confluent_kafka import Producer

from streams.cli.main import main
from streams.heart.ports import SourceRecord
from streams.judging import detour
from streams.partitioner import home
from tests.support.plugin import SharedKafka


def vigil(kafka: SharedKafka, *arguments: str, **more: str) -> Result:
    """Run a command with the settings of the test's Kafka."""
    environment = {**kafka.environment(), "VIGIL_MERGER_AT": "2026-03-01T00:00:00Z", **more}
    return CliRunner(env=environment).invoke(main, arguments)


def findings(result: Result) -> dict[str, list[dict[str, str]]]:
    """What was found, by check."""
    found: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(result.stdout):
        found.setdefault(finding["check"], []).append(finding)
    return found


def test_a_deployment_in_order_is_well(kafka: SharedKafka) -> None:
    """After `topics apply` nothing is left to mend: exit status 0."""
    assert vigil(kafka, "topics", "apply").exit_code == 0

    result = vigil(kafka, "doctor", "--json")

    assert result.exit_code == 0, result.output
    found = findings(result)
    levels = {check: found[check][0]["level"] for check in ("broker", "topics", "rights", "clock", "publishers")}
    assert set(levels.values()) == {"ok"}


def test_what_is_missing_is_found(kafka: SharedKafka) -> None:
    """On an empty cluster the topics, the clock and the publishers are problems, not silence: exit status 3."""
    result = vigil(kafka, "doctor", "--json")

    assert result.exit_code == 3
    found = findings(result)
    assert {found[check][0]["level"] for check in ("topics", "clock", "publishers")} == {"problem"}


def test_a_publisher_on_librdkafkas_default_is_found(kafka: SharedKafka) -> None:
    """Records of two publishers, one with its client's default: only that one is told of, by what the detour says."""
    assert vigil(kafka, "topics", "apply").exit_code == 0
    producer = Producer(kafka.client())
    for key in (f"u{number}".encode() for number in range(50)):
        chosen = zlib.crc32(key) % 8
        if chosen != home(key, 8):
            taken = detour.send(SourceRecord("posts", chosen, 1, 1_800_000_000_000, key, b"{}"), home(key, 8))
            producer.produce(kafka.topic("detour"), taken.value, taken.key, taken.partition, headers=list(taken.headers))
    assert producer.flush(20) == 0

    result = vigil(kafka, "doctor", "--json")

    assert result.exit_code == 3
    (finding,) = findings(result)["publishers"]
    assert "on `posts`" in finding["detail"]
    assert "partitioner=murmur2_random" in finding["detail"]


def test_nobody_at_the_address_is_one_line() -> None:
    """No broker: exit status 1, nothing on stdout."""
    result = CliRunner(env={"VIGIL_KAFKA": "127.0.0.1:9"}).invoke(main, ["doctor"])

    assert (result.exit_code, result.stdout) == (1, "")
    assert "can't be reached" in result.stderr
