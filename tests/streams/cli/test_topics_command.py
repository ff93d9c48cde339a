import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from streams.broker import Broker, Found
from streams.cli.main import main
from streams.settings import Settings
from tests.support.kafka import Cluster
from tests.support.plugin import SharedKafka


def vigil(kafka: SharedKafka, *arguments: str, **more: str) -> Result:
    """Run a command with the settings of the test's Kafka."""
    return CliRunner(env={**kafka.environment(), **more}).invoke(main, arguments)


def test_plan_apply_plan_leaves_nothing_to_do(kafka: SharedKafka) -> None:
    """On an empty cluster the plan creates all, `apply` does so, and a second plan finds nothing."""
    first = vigil(kafka, "topics", "plan", "--json")
    assert first.exit_code == 3
    assert {step["action"] for step in json.loads(first.stdout)} == {"create"}

    applied = vigil(kafka, "topics", "apply")
    assert applied.exit_code == 0, applied.output
    assert "one copy" in applied.stderr

    second = vigil(kafka, "topics", "plan")
    assert (second.exit_code, second.stdout) == (0, "")


def test_apply_puts_an_altered_topic_right(kafka: SharedKafka) -> None:
    """A topic that somebody made by hand gets the table's configuration."""
    kafka.create("posts", partitions=8)

    assert "max.message.bytes 1048588 -> 16777216" in vigil(kafka, "topics", "plan").stdout
    assert vigil(kafka, "topics", "apply").exit_code == 0
    assert vigil(kafka, "topics", "plan").exit_code == 0


def test_another_number_of_partitions_is_refused_and_nothing_is_changed(kafka: SharedKafka) -> None:
    """`apply` changes nothing at all where a topic has another number of partitions."""
    kafka.create("posts", partitions=3)

    applied = vigil(kafka, "topics", "apply")

    assert applied.exit_code == 1
    assert "has 3 partitions and not 8" in applied.stderr
    assert len(json.loads(vigil(kafka, "topics", "plan", "--json").stdout)) > 10


def test_three_brokers_keep_three_copies(start_cluster: Callable[..., Cluster]) -> None:
    """With nothing set but the address: three copies of everything, of which two must have a record; and the doctor is content."""
    cluster = start_cluster(3)
    runner = CliRunner(env={**cluster.environment(), "VIGIL_MERGER_AT": "2026-03-01T00:00:00Z"})

    assert runner.invoke(main, ["topics", "apply"]).exit_code == 0
    assert runner.invoke(main, ["topics", "plan"]).exit_code == 0
    assert runner.invoke(main, ["doctor"]).exit_code == 0
    found = Broker(Settings(kafka=cluster.bootstrap)).topics(["vigil.emergency-alerts"])["vigil.emergency-alerts"]
    assert isinstance(found, Found)
    assert (found.copies, found.config["min.insync.replicas"]) == (3, "2")


@pytest.mark.parametrize("action", ["plan", "apply"])
def test_no_kafka_is_one_line(action: str) -> None:
    """Nobody at the address: exit status 1, and one line with the remedy."""
    result = CliRunner(env={"VIGIL_KAFKA": "127.0.0.1:9"}).invoke(main, ["topics", action])

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("vigil: kafka at `127.0.0.1:9` can't be reached: no connection")
    assert result.stderr.count("\n") == 1


def test_no_address_is_wrong_usage() -> None:
    """Without `VIGIL_KAFKA`: exit status 2 and the setting's name."""
    result = CliRunner(env={"VIGIL_KAFKA": None}).invoke(main, ["topics", "plan"])

    assert result.exit_code == 2
    assert "`VIGIL_KAFKA` is not set" in result.stderr
