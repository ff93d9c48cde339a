"""A decision looked up on its topic, and the words behind it, where whoever asks has the source and asks for them."""

import json
from collections.abc import Iterable, Iterator

import msgspec
from pydantic import ValidationError

from schemas.decision import Decision
from streams.errors import VigilError
from streams.explaining import NoDecisionError
from streams.settings import Settings
from streams.topic_reading import TopicReader

TOPIC = "decisions"


class SourceError(VigilError):
    """The source of words that was given can't be used."""


def find_on_topic(settings: Settings, event_id: str, person: str | None) -> Decision:
    """The last decision about an event. With a person, their partition alone is read. Raises `NoDecisionError`.

    An id is told apart from one that holds it by reading the record; the others are passed over by their bytes.
    """
    written, found = json.dumps(event_id, ensure_ascii=False).encode(), None
    with TopicReader(settings, (TOPIC,), person) as reader:
        for record in reader.more():
            if written in (record.value or b"") and person in (None, (record.key or b"").decode("utf-8", "replace")):
                decision = _decision(record.value)
                found = decision if decision is not None and decision.event_id == event_id else found
    if found is None:
        raise NoDecisionError(f"there is no decision about `{event_id}` that is still kept: check the id and `--person`")
    return found


def quotes(decision: Decision, lines: Iterable[bytes]) -> Iterator[str]:
    """The words at each place of the evidence, from the events themselves, as `vigil assess` reads them."""
    places = list(dict.fromkeys((p.event_id, p.start, p.end, p.fact) for f in decision.findings for p in f.evidence if p.by == "text"))
    texts = _texts(lines, {event for event, *_ in places})
    for event, start, end, fact in places:
        text = texts.get(event)
        yield f"{fact}: {text[start:end]!r}" if text is not None else f"{fact}: the source does not hold event {event}"


def _texts(lines: Iterable[bytes], wanted: set[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for line in lines:
        value = _value(line)
        event, text = value.get("event_id"), value.get("text")
        if isinstance(event, str) and event in wanted and isinstance(text, str):
            texts.setdefault(event, text)
    return texts


def _value(line: bytes) -> dict[str, object]:
    try:
        record = msgspec.json.decode(line) if line.strip() else {}
        value = record.get("value", record) if isinstance(record, dict) else {}
        value = msgspec.json.decode(value) if isinstance(value, str) else value
    except msgspec.DecodeError:
        raise SourceError("the source holds a line that is no JSON: give the events as `vigil assess` reads them") from None
    return value if isinstance(value, dict) else {}


def _decision(value: bytes | None) -> Decision | None:
    try:
        return Decision.model_validate_json(value or b"")
    except ValidationError:
        return None
