"""The outcome that a line's words lead to, by the same judgement as `vigil assess`."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from policy.reading.turns import Spoken
from streams.assessing.assess import Assessor
from streams.judging.build import build_judge
from streams.judging.judge import PolicyJudge
from streams.judging.outputs import EPOCH
from streams.settings import load

_RANK = ("out_of_scope", "none", "review", "non_emergency", "emergency")
_MERGER = "2000-01-01T00:00:00Z"  # before any text, so that all are judged
_MINOR_YEARS = 15
_PROFILE = {"adult_at_risk": "no", "social_worker": False, "reachable": True}


@cache
def _judge() -> PolicyJudge:
    return build_judge(load({"merger_at": _MERGER}, None, need=["merger_at"]), partitions=1)


def outcome_of(line: Mapping[str, Any], earlier: list[Spoken], last: Spoken) -> str:
    """The highest outcome of a person who says these words.

    `profile` on the line says who they are; where it is left out, a person of 15 who is not at risk.
    """
    spoken = [*earlier, last]
    arrival = max(turn.at for turn in spoken)
    assessor = Assessor(_judge(), int((arrival - EPOCH).total_seconds() * 1000))
    decided = (json.loads(out) for out in assessor.lines(_records(line, spoken)))
    outcomes = [out["value"]["outcome"] for out in decided if out["topic"].endswith("decisions")]
    return max(outcomes, key=_RANK.index, default="none")


def _records(line: Mapping[str, Any], spoken: list[Spoken]) -> Iterator[bytes]:
    person = f"person-{line['id']}"
    first = min(turn.at for turn in spoken)
    yield _record("profiles", person, _profile(line, person, first))
    for number, turn in enumerate(spoken):
        yield _record("posts" if turn.sender == "author" else "messages", person, _event(person, number, turn))


def _profile(line: Mapping[str, Any], person: str, first: datetime) -> dict[str, Any]:
    born = (first - timedelta(days=_MINOR_YEARS * 366)).date().isoformat()
    given = line.get("profile") or {"date_of_birth": born}
    return {"schema": "profile/1", "person_id": person, "updated_at": (first - timedelta(days=1)).isoformat(), **_PROFILE, **given}


def _event(person: str, number: int, turn: Spoken) -> dict[str, Any]:
    common = {"event_id": f"{person}-{number}", "person_id": person, "occurred_at": turn.at.isoformat(), "text": turn.text}
    if turn.sender == "author":
        return {"schema": "post/1", "kind": "created", "post_id": f"{person}-post-{number}", **common}
    return {"schema": "message/1", "conversation_id": f"{person}-conversation", "sender": turn.sender, **common}


def _record(topic: str, person: str, value: Mapping[str, Any]) -> bytes:
    return json.dumps({"topic": topic, "key": person, "value": value}).encode() + b"\n"
