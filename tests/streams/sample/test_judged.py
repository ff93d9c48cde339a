import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from policy.core import Rules
from policy.reading.reader import text_reader
from streams.assessing.assess import Assessor
from streams.judging.judge import PolicyJudge
from streams.sample import stream
from streams.sample.cast import Person, cast
from streams.sample.line import Line
from streams.sample.tale import Span

SPAN = Span(stream.START, stream.DAY, stream.MERGER_AT)
RANK = ("out_of_scope", "none", "review", "non_emergency", "emergency")
PEOPLE, SEED = 400, 1
CLAUSES = {*(f"E{number}" for number in range(6)), *(f"N{number}" for number in range(8)), "U3", "A1"}


@dataclass(frozen=True)
class Judged:
    """The sample, and what came of it."""

    lines: Sequence[Line]
    outputs: Sequence[Mapping[str, Any]]

    def decisions(self, person_id: str | None = None) -> list[Mapping[str, Any]]:
        """All decisions, or one person's."""
        values = [output["value"] for output in self.outputs if output["topic"] == "decisions"]
        return [value for value in values if person_id in (None, value["person_id"])]


@pytest.fixture(scope="module")
def judged() -> Judged:
    """The default sample, judged as `vigil assess` judges it when the last record has arrived."""
    lines = stream.sample(PEOPLE, SEED, SPAN)
    judge = PolicyJudge(Rules(merger_at=SPAN.merger_at, reader=text_reader()), partitions=1)
    written = Assessor(judge, int(SPAN.at(1).timestamp() * 1000)).lines(line.json().encode() for line in lines)
    return Judged(lines, [json.loads(line) for line in written])


def _wrong(judged: Judged, person: Person) -> Iterator[str]:
    """How what came of a person's story differs from what it must lead to."""
    assert person.story is not None
    decisions = judged.decisions(person.person_id)
    highest = max((decision["outcome"] for decision in decisions), key=RANK.index)
    found = {(finding["clause"], finding["outcome"]) for decision in decisions for finding in decision["findings"]}
    if highest != person.story.expect["outcome"]:
        yield f"{person.story.name}: `{highest}`, by {sorted(found)}"
    for clause in person.story.expect["clauses"].items():
        if clause not in found:
            yield f"{person.story.name}: {clause} is not among {sorted(found)}"


def test_every_story_leads_where_it_should(judged: Judged) -> None:
    """Each story's highest outcome is the one it was written for, and the clauses that it shows are found."""
    people = [person for person in cast(PEOPLE, SEED, SPAN.start) if person.story is not None]
    assert [wrong for person in people for wrong in _wrong(judged, person)] == []


def test_every_clause_is_found(judged: Judged) -> None:
    """The sample shows each clause that a finding can name."""
    assert {finding["clause"] for decision in judged.decisions() for finding in decision["findings"]} == CLAUSES


def test_everyday_life_sets_nothing_off(judged: Judged) -> None:
    """Whoever has no story gets `none` and no support prompt, figurative deaths and murdered snacks included."""
    everyday = {person.person_id for person in cast(PEOPLE, SEED, SPAN.start) if person.story is None}
    set_off = [value for value in judged.decisions() if value["person_id"] in everyday and (value["outcome"] != "none" or value["support"])]
    assert [value["event_id"] for value in set_off] == []


def test_one_event_in_a_hundred_is_an_emergency(judged: Judged) -> None:
    """The base rate is a real line's: about 1 % of events end in an emergency."""
    last = {value["event_id"]: value["outcome"] for value in judged.decisions()}
    share = sum(outcome == "emergency" for outcome in last.values()) / len(last)
    assert 0.006 < share < 0.015


def test_every_event_is_accounted_for(judged: Judged) -> None:
    """Each event id ends in a decision or its record in a dead letter; four spoilt records and one id used twice are set aside."""
    decided = {value["event_id"] for value in judged.decisions()}
    events = [line.value for line in judged.lines if line.topic in ("posts", "messages", "assessments")]
    missing = [value for value in events if isinstance(value, dict) and value["event_id"] not in decided]
    reasons = sorted(output["headers"]["vigil.error.reason"] for output in judged.outputs if output["topic"] == "dead-letters")
    assert reasons == ["duplicate_id", "invalid", "key_mismatch", "not_json", "unknown_schema"]
    assert len(missing) == 3, "`not_json` has no id that could be read"


def test_the_same_record_again_changes_nothing(judged: Judged) -> None:
    """No two outputs have the same id: the redelivered post leads to nothing more."""
    identities = [output["headers"]["ce_id"] for output in judged.outputs if output["topic"] != "dead-letters"]
    assert len(set(identities)) == len(identities)
