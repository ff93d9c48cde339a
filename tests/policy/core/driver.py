"""Running records through the core, as the shell does, with the state in a dict that goes through its encoding each time."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.core import Moment, Output, Part, Rules, Step, decode_part, encode_part, lapse, step
from schemas.wire import Refusal, parse_with_digest

MERGER = datetime(2024, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULES = Rules(merger_at=MERGER)


class State:
    """Everybody's parts, as bytes."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, bytes]] = {}

    def view(self, person: str) -> "View":
        """One person's parts."""
        return View(self.parts.setdefault(person, {}))

    def keep(self, person: str, changes: Mapping[str, Part | None]) -> None:
        """Take over what changed."""
        parts = self.parts.setdefault(person, {})
        for name, part in changes.items():
            if part is None:
                parts.pop(name, None)
            else:
                parts[name] = encode_part(part)


class View:
    """A person's parts, decoded when asked for."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts

    def get(self, part: str) -> Part | None:
        """The part of a name."""
        data = self._parts.get(part)
        return None if data is None else decode_part(part, data)


class Core:
    """A run: records in, outputs kept in order. `whole`: what a step leaves to the next is done at once, as in `assess`."""

    def __init__(self, rules: Rules = RULES, now: datetime = NOW, *, whole: bool = True) -> None:
        self.whole = whole
        self.state, self.rules, self.now = State(), rules, now
        self.outputs: list[Output] = []
        self.refusals: list[Refusal] = []

    def feed(self, topic: str, value: Mapping[str, Any] | None, person: str = "u1") -> list[Output]:
        """One record; what it led to."""
        raw = None if value is None else json.dumps(value).encode()
        record, digest = parse_with_digest(topic, person.encode(), raw)  # type: ignore[arg-type]  # tests name topics as they are
        assert not isinstance(record, Refusal), record
        done = step(self.state.view(person), record, digest, Moment(self.now, self.now, None, (topic, 0, 0)), self.rules)
        if isinstance(done, Refusal):
            self.refusals.append(done)
            return []
        return self._take(person, done)

    def tick(self, seconds: float, person: str = "u1") -> list[Output]:
        """Let time pass, and look at what has come due."""
        self.now += timedelta(seconds=seconds)
        view, moment = self.state.view(person), int(self.now.timestamp())
        parts = {name: view.get(name) for name in list(self.state.parts.get(person, {}))}
        due = [name for name, part in parts.items() if part is not None and part.due is not None and part.due <= moment]
        return self._take(person, lapse(view, person, due, self.now, self.rules))

    def last(self) -> dict[str, Any]:
        """The last decision about each event."""
        return {output.value.event_id: output.value for output in self.outputs if output.topic == "decisions"}

    def on(self, topic: str) -> list[Any]:
        """Everything that was told on a topic."""
        return [output.value for output in self.outputs if output.topic == topic]

    def _take(self, person: str, done: Step) -> list[Output]:
        self.state.keep(person, done.changes)
        self.outputs += done.outputs
        if not self.whole or done.changes.get("anew") is None:
            return list(done.outputs)
        return [*done.outputs, *self._take(person, lapse(self.state.view(person), person, ["anew"], self.now, self.rules))]


def profile(person: str = "u1", born: str | None = "2011-05-05", at: str = "2025-01-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    """A profile of a minor, unless told otherwise."""
    shared = {"schema": "profile/1", "person_id": person, "date_of_birth": born, "updated_at": at}
    return {**shared, "adult_at_risk": "no", "social_worker": False, "reachable": True, **more}


def message(event: str, at: datetime, concerns: Iterable[Mapping[str, Any]] = (), person: str = "u1", **more: Any) -> dict[str, Any]:
    """A texter's turn."""
    shared = {"schema": "message/1", "event_id": event, "person_id": person, "conversation_id": "c1", "sender": "texter", "text": "."}
    return {**shared, "occurred_at": at.isoformat(), "concerns": list(concerns), **more}


def post(event: str, at: datetime, concerns: Iterable[Mapping[str, Any]] = (), person: str = "u1", **more: Any) -> dict[str, Any]:
    """A post as it was created."""
    shared = {"schema": "post/1", "event_id": event, "person_id": person, "kind": "created", "post_id": f"p-{event}", "text": "."}
    return {**shared, "occurred_at": at.isoformat(), "concerns": list(concerns), **more}


def response(event: str, alert_id: str, state: str, at: datetime, person: str = "u1", **more: Any) -> dict[str, Any]:
    """A responder's answer."""
    shared = {"schema": "response/1", "event_id": event, "person_id": person, "alert_id": alert_id, "responder_id": "r1"}
    return {**shared, "state": state, "occurred_at": at.isoformat(), **more}


def assessment(event: str, at: datetime, concerns: Iterable[Mapping[str, Any]], about: str | None, **more: Any) -> dict[str, Any]:
    """A trained person's finding."""
    shared = {"schema": "assessment/1", "event_id": event, "person_id": "u1", "assessor_id": "s1", "about_event_id": about}
    return {**shared, "occurred_at": at.isoformat(), "concerns": list(concerns), **more}
