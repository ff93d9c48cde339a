import json
from collections.abc import Mapping

import pytest
from click.testing import CliRunner

from streams import topics
from streams.cli.main import main
from streams.embedded import EmbeddedKafka
from streams.settings import Settings


@pytest.fixture
def environment(embedded: EmbeddedKafka) -> Mapping[str, str]:
    """Settings for the embedded broker, which has no topics yet."""
    return {
        "VIGIL_KAFKA": embedded.bootstrap,
        "VIGIL_PARTITIONS": "2",
        "VIGIL_ALLOW_UNREPLICATED": "1",
        "VIGIL_CANARY_LOST_AFTER": "1",
    }


def test_without_topics_the_round_fails_and_says_what_to_run(environment: Mapping[str, str]) -> None:
    """That is no canary lost: exit status 1."""
    done = CliRunner().invoke(main, ["canary", "--once"], env=dict(environment))
    assert done.exit_code == 1
    assert "run `vigil topics apply`" in done.stderr


def test_without_a_worker_each_partition_is_lost(environment: Mapping[str, str], embedded: EmbeddedKafka) -> None:
    """For people and for programs; a check that found something ends with 3."""
    settings = Settings(partitions=2, replication=1, allow_unreplicated=True)
    embedded.create({settings.topic(name): topics.partitions(topics.table()[name], settings) for name in ("canary", "canary-decisions")})
    plain = CliRunner().invoke(main, ["canary", "--once"], env=dict(environment))
    assert (plain.exit_code, plain.stdout) == (
        3,
        "partition 0    lost   not back in 1 s\npartition 1    lost   not back in 1 s\n",
    )
    rows = CliRunner().invoke(main, ["canary", "--once", "--json"], env=dict(environment))
    assert rows.exit_code == 3
    assert [json.loads(line) for line in rows.stdout.splitlines()] == [
        {"partition": number, "outcome": "lost", "seconds": None, "wrong": None} for number in range(2)
    ]


def test_nobody_there_is_said_plainly() -> None:
    """Exit status 1, one line, no lost canary: nothing was sent."""
    nobody = {"VIGIL_KAFKA": "127.0.0.1:9", "VIGIL_ALLOW_UNREPLICATED": "1"}
    done = CliRunner().invoke(main, ["canary", "--once"], env=nobody)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("vigil: kafka at `127.0.0.1:9` can't be reached")
