"""The scenarios in `tests/scenarios/*.yaml`: read, told to the core, and compared with what must come of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from policy.core import Rules
from tests.policy.core.driver import MERGER, RULES, Core

FOLDER = Path(__file__).parents[2] / "scenarios"
BEGINS = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
TOPICS = {"alert": "emergency-alerts", "referral": "non-emergency-referrals", "review": "reviews", "notice": "notices"}
KINDS = {"message": "messages", "post": "posts", "edit": "posts", "remove": "posts", "assessment": "assessments", "response": "responses"}
SPOKEN = ("told", "assurance", "support_needs", "stated_age")
WANTED = ("gives", "tells", "missing", "outcome", "about", "change", "urgency", "same_case_as", "new_case_since")
KNOWN = {
    "story": {"title", "who", "policy", "now", "events", "then", "twin", *SPOKEN, *WANTED},
    "who": {"nobody", "age", "born", "at_risk", "social_worker", "reachable"},
    "event": {
        *KINDS,
        *SPOKEN,
        "profile",
        "erased",
        "after",
        "about",
        "to",
        "on",
        "state",
        "saying",
        "made",
        "sender",
        "post_id",
        "adult_at_risk",
    },
    "then": set(WANTED),
}
BESIDE = ("assurance", "support_needs", "stated_age", "sender", "post_id", "first_posted_at", "adult_at_risk")


@dataclass(frozen=True)
class Story:
    """One scenario as it is written, by its file and title."""

    file: str
    title: str
    body: Mapping[str, Any]

    def __str__(self) -> str:
        """As a failing test names it."""
        return f"{self.file}: {self.title}"


def stories() -> list[Story]:
    """All scenarios, twins beside their first."""
    return [story for path in sorted(FOLDER.glob("*.yaml")) for story in _of(path)]


def _of(path: Path) -> Iterator[Story]:
    for body in yaml.safe_load(path.read_text(encoding="utf-8")):
        refuse_unknown(path.stem, body)
        first = {key: value for key, value in body.items() if key != "twin"}
        yield Story(path.stem, first["title"], first)
        twin = body.get("twin")
        if twin:
            shared = {key: value for key, value in first.items() if key in ("who", "policy", "events", "told", "now")}
            if "told" in twin or "events" in twin:
                shared = {key: value for key, value in shared.items() if key in ("who", "policy", "now")}
            yield Story(path.stem, twin["title"], {**shared, **twin})


def refuse_unknown(file: str, body: Mapping[str, Any]) -> None:
    """Raise `ValueError` for a word that no scenario knows: misspelt, it would be read as if it had not been written."""
    for one in (body, *filter(None, [body.get("twin")])):
        parts = [("story", one), ("who", one.get("who") or {}), *(("event", event) for event in one.get("events") or ())]
        parts += [("then", want) for want in (one.get("then") or {}).values()]
        for place, part in parts:
            for key in sorted(map(str, set(part) - KNOWN[place])):
                known = ", ".join(sorted(KNOWN[place]))
                raise ValueError(f"`{file}`: `{one.get('title')}`: `{key}` is unknown in a {place}; choose among {known}")


def differences(story: Story, rules: Rules = RULES) -> list[str]:
    """What came of a story that should not have, in words; nothing where all is as it must be."""
    core = Core(replace(rules, merger_at=MERGER, forced=story.body.get("policy")), now=_now(story))
    _profile(core, story.body.get("who") or {})
    events = story.body.get("events") or [{"message": "e1", "told": story.body.get("told"), **_beside(story.body)}]
    for event in events:
        _feed(core, event)
    expected = story.body.get("then") or {"e1": story.body}
    return [text for name, want in expected.items() for text in _compare(core, name, want)]


def _now(story: Story) -> datetime:
    return _at(story.body["now"]) if "now" in story.body else datetime(2026, 11, 20, 12, tzinfo=UTC)


def _at(after: str | None) -> datetime:
    text = str(after or "0s")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    if "T" in text:
        return datetime.fromisoformat(text)
    number = digits.rstrip("abcdefghijklmnopqrstuvwxyz")
    return BEGINS + sign * timedelta(seconds=float(number) * UNITS[digits[len(number) :]])


def _word(value: Any) -> Any:
    """YAML reads yes and no as booleans."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _words(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _words(value) if isinstance(value, Mapping) else _word(value) for key, value in values.items()}


def _concerns(told: Any) -> list[dict[str, Any]]:
    listed = [{"kind": kind, **(facts or {})} for kind, facts in told.items()] if isinstance(told, Mapping) else list(told or ())
    made = [_words(concern) for concern in listed]
    return [{("person_at_risk" if key == "about" else key): value for key, value in concern.items()} for concern in made]


def _beside(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _word(body[key]) for key in BESIDE if key in body}


def _profile(core: Core, who: Mapping[str, Any], at: datetime = BEGINS - timedelta(days=400)) -> None:
    if "nobody" in who:
        return
    born = str(who["born"]) if "born" in who else None
    if "age" in who:
        born = (BEGINS - timedelta(days=100)).date().replace(year=BEGINS.year - 1 - who["age"]).isoformat()
    core.feed(
        "profiles",
        {
            "schema": "profile/1",
            "person_id": "u1",
            "date_of_birth": born,
            "adult_at_risk": _word(who.get("at_risk", "no")),
            "social_worker": who.get("social_worker", False),
            "reachable": who.get("reachable", True),
            "updated_at": at.isoformat(),
        },
    )


def _feed(core: Core, event: Mapping[str, Any]) -> None:
    at = _at(event.get("after"))
    if "profile" in event:
        _profile(core, event["profile"], at)
        return
    if "erased" in event:
        core.feed("profiles", None)
        return
    kind = next(kind for kind in KINDS if kind in event)
    shared = {"event_id": event[kind], "person_id": "u1", "occurred_at": at.isoformat(), **_beside(event)}
    if kind != "response":
        shared["concerns"] = _concerns(event.get("told"))
    core.feed(KINDS[kind], {"schema": f"{KINDS[kind][:-1]}/1", **shared, **_own(core, kind, event)})


def _own(core: Core, kind: str, event: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "message":
        return {"conversation_id": "c1", "sender": event.get("sender", "texter"), "text": "."}
    if kind == "assessment":
        return {"assessor_id": "s1", "about_event_id": event.get("about")}
    if kind == "response":
        answered = _answered(core, event["to"], event.get("on", "alert"))
        return {"alert_id": answered, "responder_id": "r1", "state": event["state"], **event.get("saying", {})}
    written = {"post": "created", "edit": "edited", "remove": "removed"}[kind]
    first = {"first_posted_at": _at(event["made"]).isoformat()} if "made" in event else {}
    return {"kind": written, "post_id": event.get("post_id", f"p-{event[kind]}"), "text": ".", **first}


def _answered(core: Core, event: str, word: str) -> str:
    value = next(value for value in core.on(TOPICS[word]) if value.event_id == event)
    return str(_id(value))


def _id(value: Any) -> str:
    return next(str(getattr(value, name)) for name in ("alert_id", "referral_id", "review_id") if hasattr(value, name))


def _compare(core: Core, name: str, want: Mapping[str, Any]) -> Iterator[str]:
    decision = core.last().get(name)
    if decision is None:
        yield f"{name} has no decision"
        return
    if "gives" in want:
        gives = {f.clause: f.status if f.status != "applies" else f.outcome for f in sorted(decision.findings, key=_rank, reverse=True)}
        if gives != (want["gives"] or {}):
            yield f"{name} gives {gives}"
    about = {finding.clause: finding.person_at_risk for finding in decision.findings}
    wrong = {clause: about.get(clause) for clause, who in want.get("about", {}).items() if about.get(clause) != who}
    if wrong:
        yield f"{name} is about {wrong}"
    if "outcome" in want and decision.outcome != want["outcome"]:
        yield f"{name} comes to {decision.outcome}"
    missing = {fact for finding in decision.findings if finding.status == "incomplete" for fact in finding.missing}
    if "missing" in want and missing != set(want["missing"]):
        yield f"{name} asks for {sorted(missing)}"
    yield from _compare_told(core, name, want)


def _rank(finding: Any) -> tuple[int, str]:
    """The strongest of several findings of one clause is the one that a scenario names."""
    return ({"emergency": 0, "non_emergency": 1, "review": 2}[finding.outcome], finding.status)


def _compare_told(core: Core, name: str, want: Mapping[str, Any]) -> Iterator[str]:
    values = {word: [value for value in core.on(topic) if _event_of(core, value) == name] for word, topic in TOPICS.items()}
    if "tells" in want:
        yield from _compare_recipients(name, values, want["tells"] or {})
    reports = [*values["alert"], *values["referral"]]
    for key, made in (("change", [value.change for value in reports]), ("urgency", [value.urgency for value in values["review"]])):
        if key in want and made[-1:] != [want[key]]:
            yield f"{name} has {key} {made}"
    for key, same in (("same_case_as", True), ("new_case_since", False)):
        if key in want:
            other = {value.case_id for word in ("alert", "referral") for value in core.on(TOPICS[word]) if value.event_id == want[key]}
            if ({value.case_id for value in reports} <= other) is not same:
                yield f"{name} is {'not ' if same else ''}in the case of {want[key]}"


def _compare_recipients(name: str, values: Mapping[str, list[Any]], asked: Mapping[str, Any]) -> Iterator[str]:
    told = {word for word, found in values.items() if found}
    if told != set(asked):
        yield f"{name} tells {sorted(told)}"
    for word, names in asked.items():
        got = {recipient for value in values[word] for recipient in getattr(value, "recipients", ())}
        if names and word != "notice" and got != {str(one) for one in names}:
            yield f"{name} tells {word} to {sorted(got)}"
        if names and word == "notice" and [value.status for value in values[word]] != list(names):
            yield f"{name} has notices {[value.status for value in values[word]]}"


def _event_of(core: Core, value: Any) -> str | None:
    if hasattr(value, "about"):
        return next((one.event_id for word in ("alert", "referral") for one in core.on(TOPICS[word]) if _id(one) == value.about), None)
    return str(value.event_id)
