import json
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.vigil import MERGER, OUTPUTS, VIGIL, Vigil, stop
from tests.support.plugin import SharedKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
CLOCK = {"decided_at", "raised_at", "respond_by", "sent_at", "late_by_seconds"}


def without_clock(value: Any) -> Any:
    """A value without the fields that tell the clock."""
    if isinstance(value, dict):
        return {name: without_clock(inner) for name, inner in value.items() if name not in CLOCK}
    return [without_clock(inner) for inner in value] if isinstance(value, list) else value


def by_topic(records: list[tuple[str, str | None, Any]]) -> dict[str, list[str]]:
    """What came out on each topic, in order, clock aside; a dead letter as the text it is."""
    found = defaultdict(list)
    for topic, key, value in records:
        told = value if topic == "dead-letters" else json.dumps(without_clock(json.loads(value)), sort_keys=True)
        found[topic].append(f"{key} {told}")
    return dict(found)


def sample(folder: Path) -> list[dict[str, Any]]:
    """Made-up records, profiles first."""
    made = subprocess.run([VIGIL, "sample", "--people", "40", "--seed", "11"], capture_output=True, check=True, timeout=60).stdout
    lines = [json.loads(line) for line in made.splitlines()]
    lines.sort(key=lambda line: line["topic"] != "profiles")
    (folder / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lines


def raw(line: dict[str, Any]) -> bytes | None:
    """A line's value as bytes."""
    value = line["value"]
    return None if value is None else value.encode() if isinstance(value, str) else json.dumps(value).encode()


def assessed(path: Path) -> list[tuple[str, str | None, Any]]:
    """What `vigil assess` writes."""
    done = subprocess.run([VIGIL, "assess", "--merger-at", MERGER, path], capture_output=True, check=True, timeout=120).stdout
    records = [json.loads(line) for line in done.splitlines()]
    text = {True: lambda value: value, False: json.dumps}
    return [(r["topic"], r["key"], text[isinstance(r["value"], str)](r["value"])) for r in records]


def test_the_worker_and_assess_write_the_same(kafka: SharedKafka, tmp_path: Path) -> None:
    """The same records, one by one, give the same outputs in the same order on every topic, through Kafka and without it."""
    lines = sample(tmp_path)
    vigil = Vigil(kafka, tmp_path, partitions=1)
    worker = vigil.worker()
    # one topic after the other keeps the order in which they were told; within a run of one topic the partition does
    for start, end in runs([line["topic"] for line in lines]):
        vigil.publish((line["topic"], line["key"], raw(line)) for line in lines[start:end])
        vigil.wait([worker])
    assert stop(worker) == 0, vigil.logs()
    got = by_topic([(topic, key, value.decode()) for topic, key, value in vigil.read(*OUTPUTS)])
    expected = by_topic(assessed(tmp_path / "in.jsonl"))
    assert {topic: len(found) for topic, found in got.items()} == {topic: len(found) for topic, found in expected.items()}
    for topic in set(expected) - {"dead-letters"}:
        for one, other in zip(got[topic], expected[topic], strict=True):
            assert one == other
    assert sorted(expected) == sorted(set(OUTPUTS) & set(expected))
    assert {"emergency-alerts", "non-emergency-referrals", "reviews", "notices", "support", "dead-letters"} <= set(expected)


def runs(topics: list[str]) -> list[tuple[int, int]]:
    """Stretches of one topic: `[start, end)`."""
    edges = [place for place in range(1, len(topics)) if topics[place] != topics[place - 1]]
    return list(zip([0, *edges], [*edges, len(topics)], strict=True))
