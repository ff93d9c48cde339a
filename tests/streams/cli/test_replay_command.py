"""`vigil replay`: the past under another version."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streams.cli.main import main

MERGER = "2026-01-01T00:00:00Z"
NOW = "2026-11-24T10:00:00Z"


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """The sample stream, as a file."""
    file = tmp_path / "sample.jsonl"
    file.write_text(CliRunner().invoke(main, ["sample", "--people", "400", "--seed", "1"]).stdout)
    return file


def _replay(file: Path, policy: str, against: str) -> Result:
    options = ["--policy", policy, "--against", against, "--merger-at", MERGER, "--now", NOW, "--json"]
    return CliRunner().invoke(main, ["replay", str(file), *options])


def _counts(result: Result, name: str) -> dict[str, object]:
    return next(found for found in map(json.loads, result.stdout.splitlines()) if name in (found.get("outcome"), *found))


def test_the_merged_policy_reports_more_and_has_fewer_emergencies(recorded: Path) -> None:
    """As the source foresaw: on the same events more reports in all and fewer emergencies; each lost one is named first, exit 3."""
    result = _replay(recorded, "merged", "pre-merger")
    emergencies, reports = _counts(result, "emergency"), _counts(result, "reports")
    assert emergencies["after"] < emergencies["before"]  # type: ignore[operator]  # both are numbers
    assert reports["after"] > reports["before"]  # type: ignore[operator]  # both are numbers
    assert result.exit_code == 3
    assert "lost_emergency" in json.loads(result.stdout.splitlines()[0])


def test_a_version_against_itself_loses_nothing(recorded: Path) -> None:
    """Nothing is lost and every count is the same: exit 0."""
    result = _replay(recorded, "merged", "merged")
    counted = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert all(one["before"] == one["after"] for one in counted)
    assert not any("lost_emergency" in one for one in counted)
