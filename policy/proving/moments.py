"""Laws about when something was said: before the merger or after it, before an assurance or after it. They drive the whole core."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from policy.core import Moment, Part, Rules, step
from policy.judging import judge
from policy.proving.space import FACTS, concerns
from policy.proving.words import describe
from policy.rulebook import then
from policy.situation import Concern, LifeStage, Situation
from policy.versions.library import shipped
from policy.versions.version import Version
from schemas.decision import Decision
from schemas.events import Message, Post
from schemas.profile import Profile
from schemas.wire import Refusal

MERGER = datetime(2025, 1, 1, tzinfo=UTC)
BEFORE, HOUR = MERGER - timedelta(seconds=1), timedelta(hours=1)
AGES: tuple[int | None, ...] = (None, 9, 15, 17, 40)
Break = tuple[int, str | None]
"""How many combinations were looked at, and the first that breaks the law, in words."""


class _Person:
    """One person's state in a dict, and what came of their records."""

    def __init__(self, rules: Rules, who: Situation) -> None:
        self._rules, self._parts = rules, dict[str, Part]()
        self.outputs: list[tuple[str, Any]] = []
        if who.age is not None:
            born = f"{MERGER.year - 1 - who.age}-06-01"
            profile = {"schema": "profile/1", "person_id": "p", "date_of_birth": born, "adult_at_risk": who.at_risk}
            self.take(Profile.model_validate({**profile, "updated_at": (MERGER - timedelta(days=9)).isoformat()}))

    def get(self, part: str) -> Part | None:
        """The part of that name, or None: this is the view that a step reads."""
        return self._parts.get(part)

    def take(self, record: Message | Post | Profile) -> None:
        """Judge one record."""
        moment = MERGER + timedelta(days=1)
        done = step(self, record, getattr(record, "event_id", "").encode(), Moment(moment, moment), self._rules)
        if isinstance(done, Refusal):
            raise TypeError("a proof's own record was refused")
        for name, part in done.changes.items():
            self._parts |= {} if part is None else {name: part}
        self.outputs += [(output.topic, output.value) for output in done.outputs]

    def last(self, event: str) -> Decision:
        """The last decision about an event."""
        found: Decision = [value for topic, value in self.outputs if topic == "decisions" and value.event_id == event][-1]
        return found


def pre_merger(version: Version) -> Break:
    """What was written a second before the merger is out of scope, without findings, told to nobody; at the merger it is judged (S1)."""
    rules = Rules(merger_at=MERGER, versions={**shipped(), version.name: version})
    count = 0
    for who in _authors():
        for concern in _told():
            for kind in (_message, _post):
                count += 1
                person = _Person(rules, who)
                person.take(kind("e1", BEFORE, concern))
                early = person.last("e1")
                person.take(kind("e2", MERGER, None))
                if early.outcome != "out_of_scope" or early.findings or any(topic != "decisions" for topic, _ in person.outputs):
                    return count, f"{describe(who, concern)}, before the merger: is {early.outcome}"
                if person.last("e2").outcome == "out_of_scope":
                    return count, f"{describe(who, concern)}: is out_of_scope at the merger"
    return count, None


def assurance_moments(version: Version) -> Break:
    """Said before the facts, an assurance covers none of them; said with them or after them, all (A3)."""
    rules = Rules(merger_at=MERGER, versions={version.name: version}, forced=version.name)
    count = 0
    for who in _authors():
        for concern in (concern for concern in _told() if concern.kind == "suicide" and concern.facts):
            for said, (facts_at, word_at) in {"before": (1, 0), "with": (0, 0), "after": (0, 1)}.items():
                count += 1
                person = _Person(rules, who)
                for at in (0, 1):
                    person.take(_message(f"e{at}", MERGER + at * HOUR, concern if facts_at == at else None, word_at == at))
                expected = _outcome(replace(who, concerns=(concern,), assured=said != "before"), version)
                found = person.last(f"e{max(facts_at, word_at)}").outcome
                if found != expected:
                    return count, f"{describe(who, concern)}, with an assurance {said} the facts: is {found}, not {expected}"
    return count, None


def _authors() -> Iterator[Situation]:
    for age in AGES:
        stage: LifeStage = "unknown" if age is None else "minor" if age < 18 else "adult"  # noqa: PLR2004  any adult age; AGES has no other near
        yield Situation(age=age, stage=stage)
    yield Situation(age=AGES[-1], stage="adult", at_risk="yes")


def _told() -> Iterator[Concern]:
    """Every concern that one event of the author's can tell by itself."""
    return (one for one in concerns() if not one.found and not one.taken_back and not one.elsewhere)


def _outcome(who: Situation, version: Version) -> str:
    return then.highest(found.outcome for found in judge(who, version))


def _message(event: str, at: datetime, concern: Concern | None, assured: bool = False) -> Message:  # noqa: FBT001, FBT002  as _post
    fixed = {"schema": "message/1", "conversation_id": "c", "sender": "texter", "assurance": "yes" if assured else "unknown"}
    return Message.model_validate({**fixed, **_event(event, at, concern)})


def _post(event: str, at: datetime, concern: Concern | None) -> Post:
    return Post.model_validate({"schema": "post/1", "kind": "created", "post_id": event, **_event(event, at, concern)})


def _event(event: str, at: datetime, concern: Concern | None) -> Mapping[str, Any]:
    told = [] if concern is None else [{"kind": concern.kind, **{fact: concern.facts.get(fact, "unknown") for fact in FACTS[concern.kind]}}]
    return {"event_id": event, "person_id": "p", "occurred_at": at.isoformat(), "text": "", "concerns": told}
