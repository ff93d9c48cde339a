"""`vigil explain`: why an event was decided as it was."""

import json
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.audit import Audit
from streams.cli.main import main
from streams.embedded import EmbeddedKafka
from streams.publishing import Publisher
from streams.settings import Settings
from streams.topic_reading import TopicReader

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
    assert "E1 was incomplete (review) on suicide of author; it would have been an emergency with means yes;" in says
    assert "unknown means" in says
    assert TEXT not in says


def test_an_event_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """No decision is not the decision none: exit 1 with the remedy."""
    result = _explained(tmp_path, "e2", {"kind": "overdose", "taken": "yes"})
    assert result.exit_code == 1
    assert "there is no decision about `e2`" in result.stderr


def test_a_file_with_a_broken_line_or_record_is_told_apart(tmp_path: Path) -> None:
    """A record of no JSON among the decisions is passed over; a line that is none is one sentence with the remedy, exit 1."""
    _explained(tmp_path, "e1", {"kind": "overdose", "taken": "yes"})
    decided = tmp_path / "out.jsonl"
    whole = decided.read_text()
    decided.write_text('{"topic":"dead-letters","key":"u1","value":"{ no json"}\n' + whole)
    assert CliRunner().invoke(main, ["explain", "e1", "--file", str(decided)]).exit_code == 0
    decided.write_text(whole + "{torn\n")
    torn = CliRunner().invoke(main, ["explain", "e1", "--file", str(decided)])
    assert (torn.exit_code, torn.stdout) == (1, "")
    assert "a line of the file is no JSON: give decisions or events" in torn.stderr


def test_words_are_quoted_only_when_asked_for_with_their_source(tmp_path: Path) -> None:
    """By place, from the event itself; one of the two options alone is wrong usage."""
    text = "i took too many pills"
    value = {"schema": "message/1", "event_id": "e1", "conversation_id": "c1", "person_id": "u1", "sender": "texter"}
    given, decided = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    given.write_text(
        json.dumps({"topic": "messages", "key": "u1", "value": {**value, "occurred_at": "2026-11-03T21:14:05Z", "text": text}})
    )
    options = ["--merger-at", "2026-01-01T00:00:00Z", "--now", "2026-11-03T21:15:00Z"]
    decided.write_text(CliRunner().invoke(main, ["assess", str(given), *options]).stdout)
    asked = ["explain", "e1", "--file", str(decided)]
    assert "pills" not in CliRunner().invoke(main, asked).stdout
    quoted = CliRunner().invoke(main, [*asked, "--with-text", "--source", str(given)])
    assert quoted.exit_code == 0, quoted.output
    assert "overdose.taken: 'took too many pills'" in quoted.stdout
    assert CliRunner().invoke(main, [*asked, "--with-text"]).exit_code == 2


def test_the_topic_is_read_only_by_somebody_for_a_reason() -> None:
    """Without `--file`, `--as` and `--why` are needed."""
    result = CliRunner(env={"VIGIL_KAFKA": "127.0.0.1:9"}).invoke(main, ["explain", "e1", "--as", "op-1"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "give `--as` and `--why`" in result.stderr


def test_a_decision_is_found_on_its_topic_and_audited(embedded: EmbeddedKafka, tmp_path: Path) -> None:
    """The last one about the event counts, whoever it is about; who asked, about whom, which event and why are kept."""
    embedded.create({"vigil.decisions": 4, "vigil.audit": 4})
    _explained(tmp_path, "e1", {"kind": "overdose", "taken": "yes"})
    decided = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    (decision,) = [record["value"] for record in decided if record["topic"] == "decisions"]
    publisher = Publisher(Settings(kafka=embedded.bootstrap))
    for outcome, event in (("none", "e1"), ("emergency", "e1"), ("none", "e10")):
        publisher.publish("decisions", "u1", json.dumps(decision | {"outcome": outcome, "event_id": event}).encode())
    environment, asking = {"VIGIL_KAFKA": embedded.bootstrap}, ["explain", "e1", "--as", "op-1", "--why", "they asked"]
    for person in ([], ["--person", "u1"]):
        says = CliRunner(env=environment).invoke(main, [*asking, *person])
        assert says.exit_code == 0, says.output
        assert "Event e1 of u1" in says.stdout
        assert ": emergency." in says.stdout
    assert CliRunner(env=environment).invoke(main, [*asking, "--person", "u2"]).exit_code == 1
    with TopicReader(Settings(kafka=embedded.bootstrap), ("audit",)) as reader:
        audits = [Audit.model_validate_json(found.value or b"") for found in reader.more()]
    assert [(one.action, one.who, one.person_id, one.event_id) for one in audits] == [("explain", "op-1", "u1", "e1")] * 2


def test_a_version_of_ones_own_explains_what_it_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named in `VIGIL_POLICY`, its clauses are asked; without it the explanation says what it lacks, and does not ask another version."""
    own = tmp_path / "own.yaml"
    own.write_text(resources.files("policy.versions").joinpath("merged.yaml").read_text().replace("  - N7\n", ""))
    monkeypatch.setenv("VIGIL_POLICY", str(own))
    explained = _explained(tmp_path, "e1", {"kind": "overdose", "taken": "yes"})
    assert "E4 applied (emergency) on overdose of author; it would have been incomplete (review) with taken unknown;" in explained.stdout
    assert "N7" not in explained.stdout
    monkeypatch.delenv("VIGIL_POLICY")
    other = CliRunner().invoke(main, ["explain", "e1", "--file", str(tmp_path / "out.jsonl")])
    assert "not said: the policy version that judged it is not at hand; name its file in `VIGIL_POLICY`" in other.stdout
    assert "E4 applied (emergency) on" not in other.stdout
