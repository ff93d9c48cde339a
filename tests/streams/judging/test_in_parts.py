"""What a step leaves to the next, on its way through the judge."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from policy.core import Rules
from policy.history import log
from policy.steps import replaying
from streams.assessing.assess import Assessor, MemoryState
from streams.heart.ports import SourceRecord
from streams.judging.judge import PolicyJudge
from streams.judging.memory import owner_and_part

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MILLISECONDS = int(NOW.timestamp()) * 1000
PEOPLE = ("u1", "u2")


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a few events, one a step."""
    monkeypatch.setattr(log, "PAGE", 4)
    monkeypatch.setattr(log, "MOST_RECENT", 2)
    monkeypatch.setattr(replaying, "MOST_EVENTS", 1)


def judge() -> PolicyJudge:
    """A judge of one partition."""
    return PolicyJudge(Rules(datetime(2026, 1, 1, tzinfo=UTC)), partitions=1)


def told() -> list[tuple[str, str, dict[str, Any]]]:
    """Two people say the same for a while; then both turn out to be minors."""
    records: list[tuple[str, str, dict[str, Any]]] = []
    for number in range(20):
        at = (NOW - timedelta(days=1) + timedelta(minutes=number)).isoformat()
        concerns = [{"kind": "homelessness", "homeless_or_at_risk": "yes"}]
        for person in PEOPLE:
            shared = {"schema": "message/1", "conversation_id": "c", "sender": "texter", "text": ".", "person_id": person}
            records.append(("messages", person, {**shared, "event_id": f"{person}-{number}", "occurred_at": at, "concerns": concerns}))
    born = {"schema": "profile/1", "date_of_birth": "2011-05-05", "updated_at": "2026-01-01T00:00:00Z"}
    return [*records, *(("profiles", person, {**born, "person_id": person}) for person in PEOPLE)]


@pytest.mark.usefixtures("_small")
def test_one_look_goes_on_with_one_person_and_the_others_stay_due() -> None:
    """However many people wait to be judged again, a look at what is due takes as long as one part; in the end nobody waits."""
    state, judging = MemoryState(), judge()
    for number, (topic, key, value) in enumerate(told()):
        record = SourceRecord(topic, 0, number, MILLISECONDS, key.encode(), json.dumps(value).encode())
        state.apply(judging.judge(0, [record], state, MILLISECONDS))
    looks = 0
    while due := {key: 0 for key in state.values if owner_and_part(key)[1] == "anew"}:
        verdict = judging.lapse(0, due, state, MILLISECONDS)
        assert len({owner_and_part(change.key)[0] for group in verdict.changes for change in group}) == 1
        assert len([output for output in verdict.outputs if output.topic == "decisions"]) <= 2 * log.PAGE + log.MOST_RECENT
        state.apply(verdict)
        looks += 1
    assert looks > len(PEOPLE)


@pytest.mark.usefixtures("_small")
def test_assess_does_at_once_what_the_worker_does_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nobody waits: after each record all is judged again, and the lines are those of judging in one go."""
    lines = [json.dumps({"topic": topic, "key": key, "value": value}).encode() for topic, key, value in told()]
    in_parts = [json.loads(line) for line in Assessor(judge(), MILLISECONDS).lines(lines)]
    monkeypatch.setattr(replaying, "MOST_EVENTS", 10**9)
    at_once = [json.loads(line) for line in Assessor(judge(), MILLISECONDS).lines(lines)]
    last = {one["value"]["event_id"]: one["value"]["outcome"] for one in in_parts if one["topic"] == "decisions"}
    assert set(last.values()) == {"non_emergency"}
    by_topic = [[one for one in run if one["topic"] == topic] for run in (in_parts, at_once) for topic in ("decisions", "reviews")]
    assert by_topic[:2] == by_topic[2:]
