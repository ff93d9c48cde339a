"""`vigil replay topics`: the past of a Kafka under another version."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import Consumer, TopicPartition

from streams import clock
from streams.cli.main import main
from streams.cli.replay import OUTCOMES
from streams.past import INPUTS
from tests.e2e.vigil import OUTPUTS, VIGIL, Vigil
from tests.support.embedded import EmbeddedKafka
from tests.support.plugin import SharedKafka

MERGER = "2026-01-01T00:00:00Z"
SAMPLE = ["sample", "--people", "150", "--seed", "1"]
TRY = ["--policy", "merged", "--against", "pre-merger", "--merger-at", MERGER, "--json"]


def raw(line: dict[str, Any]) -> bytes | None:
    """A line's value as bytes."""
    value = line["value"]
    return None if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()


def counted(stdout: str) -> dict[str, tuple[int, int]]:
    """Counts before and after, by outcome or clause, and of reports."""
    found = [json.loads(line) for line in stdout.splitlines()]
    named = [(one.get("outcome") or one.get("clause") or "reports", one) for one in found if "before" in one]
    return {name: (one["before"], one["after"]) for name, one in named}


def on(embedded: EmbeddedKafka, *arguments: str) -> Result:
    """A command against the embedded broker."""
    return CliRunner(env={"VIGIL_KAFKA": embedded.bootstrap}).invoke(main, arguments)


def test_the_sample_on_topics_is_judged_as_the_sample_in_a_file(embedded: EmbeddedKafka, tmp_path: Path) -> None:
    """More reports and fewer emergencies under the merged policy; lost ones first, exit 3; as many as of the same records in a file."""
    embedded.create(dict.fromkeys((f"vigil.{name}" for name in INPUTS), 3))
    assert on(embedded, *SAMPLE, "--publish").exit_code == 0
    done = on(embedded, "replay", "topics", *TRY)
    assert done.exit_code == 3, done.output
    counts = counted(done.stdout)
    assert counts["emergency"][1] < counts["emergency"][0]
    assert counts["reports"][1] > counts["reports"][0]
    assert "lost_emergency" in json.loads(done.stdout.splitlines()[0])
    assert re.search(r"of at most [\d,]+ records, at 20", done.stderr)
    file = tmp_path / "sample.jsonl"
    file.write_text(CliRunner().invoke(main, SAMPLE).stdout)
    assert counts == counted(CliRunner().invoke(main, ["replay", str(file), *TRY]).stdout)


def test_what_is_for_files_and_what_is_for_topics_is_told_apart(embedded: EmbeddedKafka, tmp_path: Path) -> None:
    """An option that would be passed over is refused, exit 2, as is topics without a Kafka."""
    file = tmp_path / "one.jsonl"
    file.write_text("")
    assert on(embedded, "replay", "topics", *TRY, "--now", MERGER).exit_code == 2
    assert on(embedded, "replay", str(file), *TRY, "--since", MERGER).exit_code == 2
    assert on(embedded, "replay", str(tmp_path / "none.jsonl"), *TRY).exit_code == 2
    assert "`--until` is `soon`" in on(embedded, "replay", "topics", *TRY, "--until", "soon").stderr
    assert "`VIGIL_KAFKA` is not set" in CliRunner().invoke(main, ["replay", "topics", *TRY]).stderr


@pytest.mark.kafka
@pytest.mark.timeout(240)
def test_it_reads_a_span_and_writes_and_commits_nothing(kafka: SharedKafka, tmp_path: Path) -> None:
    """By the look-up of times: records before `--until` and from `--since` on make up the whole, and the topics are as they were."""
    vigil = Vigil(kafka, tmp_path, partitions=2)
    lines = [json.loads(line) for line in CliRunner().invoke(main, SAMPLE).stdout.splitlines()]
    records = [(line["topic"], line["key"], raw(line)) for line in lines]
    vigil.publish(records[: len(records) // 2])
    time.sleep(1)
    middle = clock.now().isoformat()
    time.sleep(1)
    vigil.publish(records[len(records) // 2 :])
    written = ends(vigil, INPUTS)
    done = run(vigil, "replay", "topics", *TRY)
    assert done.returncode == 3, done.stderr
    whole = counted(done.stdout)
    assert whole["reports"][1] > whole["reports"][0]
    assert whole["emergency"][1] < whole["emergency"][0]
    early, late = (run(vigil, "replay", "topics", *TRY, option, middle) for option in ("--until", "--since"))
    events = [sum(counted(one.stdout)[name][0] for name in OUTCOMES) for one in (early, late, done)]
    assert 0 < events[0] < events[2] > events[1] > 0
    assert events[0] + events[1] >= events[2]
    assert run(vigil, "replay", "topics", *TRY, "--since", "2099-01-01T00:00:00Z").returncode == 0
    assert (ends(vigil, INPUTS), sum(ends(vigil, OUTPUTS))) == (written, 0)
    assert vigil.behind() == sum(written)


def run(vigil: Vigil, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command, whatever its exit status."""
    return subprocess.run([VIGIL, *arguments], env=vigil._environment({}), capture_output=True, text=True, timeout=100, check=False)


def looked(vigil: Vigil, look: Callable[[Consumer], Any]) -> Any:
    """What a consumer sees that commits nothing."""
    consumer = Consumer(vigil.kafka.client() | {"group.id": f"{vigil.kafka.prefix}look", "enable.auto.commit": False})
    try:
        return look(consumer)
    finally:
        consumer.close()


def ends(vigil: Vigil, topics: tuple[str, ...]) -> list[int]:
    """How many records each partition ever had."""
    places = [TopicPartition(vigil.kafka.topic(topic), partition) for topic in topics for partition in range(vigil.partitions)]
    found: list[int] = looked(vigil, lambda consumer: [consumer.get_watermark_offsets(place, 20)[1] for place in places])
    return found
