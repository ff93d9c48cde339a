"""`vigil explain`: why an event was decided as it was."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from streams.cli.main import main

TEXT = "secret words of somebody"


def _explained(folder: Path, event: str, concern: dict[str, str]) -> Result:
    value = {"schema": "message/1", "event_id": "e1", "conversation_id": "c1", "person_id": "u1", "sender": "texter"}
    value |= {"occurred_at": "2026-11-03T21:14:05Z", "text": TEXT}
    record = {"topic": "messages", "key": "u1", "value": {**value, "concerns": [concern]}}
    given, decided = folder / "in.jsonl", folder / "out.jsonl"
    given.write_text(json.dumps(record) + "\n")
    options = ["--merger-at", "2026-01-01T00:00:00Z", "--now", "2026-11-03T21:15:00Z"]
    decided.write_text(CliRunner().invoke(main, ["assess", str(given), *options]).stdout)
    return CliRunner().invoke(main, ["explain", event, "--file", str(decided)])


def test_it_names_what_would_have_changed_it(tmp_path: Path) -> None:
    """Three criteria are known: the fourth would have made it an emergency, and no word of the text is told."""
    says = _explained(tmp_path, "e1", {"kind": "suicide", "thoughts": "yes", "plan": "yes", "timeframe": "immediate"}).stdout
    assert "E1 did not apply on suicide of author; it would, with means yes." in says
    assert "unknown means" in says
    assert TEXT not in says


def test_an_event_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """No decision is not the decision none: exit 1 with the remedy."""
    result = _explained(tmp_path, "e2", {"kind": "overdose", "taken": "yes"})
    assert result.exit_code == 1
    assert "there is no decision about `e2`" in result.stderr
