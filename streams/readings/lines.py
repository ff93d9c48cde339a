"""The lines that `vigil reader` reads and writes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from click import UsageError

from policy.reading.seam import Other, ReadConcern, Reading, Sender
from policy.reading.turns import Spoken

_SENDERS: dict[str, Sender] = {"author": "author", "texter": "texter", "volunteer": "volunteer", "system": "system"}


def objects(lines: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """JSON lines as objects; blank lines are passed over.

    Raises:
        UsageError: a line is no JSON object with an `id` and a `text`.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _object(number, line)


def _object(number: int, line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("id"), str | int) or not isinstance(found.get("text"), str):
        raise UsageError(f"line `{number}` is no object with `id` and `text`: write each as `vigil reader read --help` says")
    return found


def spoken(line: Mapping[str, Any], *, default_sender: str) -> Spoken:
    """One turn of a line.

    Raises:
        UsageError: its time is missing or has no offset.
    """
    sender = _SENDERS.get(line.get("sender") or default_sender)
    if sender is None:
        raise UsageError("a sender is none of author, texter, volunteer, system: correct it")
    return Spoken(str(line.get("text", "")), moment(line.get("at")), sender)


def moment(value: object) -> datetime:
    """An RFC 3339 time with an offset.

    Raises:
        UsageError: it is none.
    """
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UsageError("a time is missing or has no offset: write `at` as `2026-10-05T18:00:00Z`")
    return at


def turns(line: Mapping[str, Any]) -> tuple[list[Spoken], Spoken]:
    """The earlier turns of a line, and its own; a text without earlier turns is a post."""
    earlier = [spoken(turn, default_sender="texter") for turn in line.get("context") or ()]
    return earlier, spoken(line, default_sender="texter" if earlier else "author")


def reading_line(name: str | int, reading: Reading) -> dict[str, Any]:
    """A reading as `vigil reader read` writes it; its evidence in code points of the text."""
    places = [place for concern in reading.concerns for place in concern.places] + list(reading.places)
    return {
        "id": name,
        "concerns": [concern_object(concern) for concern in reading.concerns],
        "assurance": reading.assurance,
        "support_needs": reading.support_needs,
        "stated_age": reading.stated_age,
        "evidence": [{"event_id": str(name), "start": place.start, "end": place.end, "fact": place.fact, "by": "text"} for place in places],
    }


def concern_object(concern: ReadConcern) -> dict[str, Any]:
    """A concern in the contract's form."""
    found: dict[str, Any] = {"kind": concern.kind, **concern.facts}
    if concern.person_at_risk is not None:
        found["person_at_risk"] = _person(concern.person_at_risk)
    if concern.ref is not None:
        found["ref"] = concern.ref
    return found


def _person(other: Other) -> dict[str, Any]:
    known = {"relation": other.relation, "minor": other.minor, "age": other.age, "ref": other.ref}
    return {name: value for name, value in known.items() if value is not None}
