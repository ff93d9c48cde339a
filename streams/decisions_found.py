"""A decision looked up, in a file or on its topic, and the words behind it, where whoever asks has the source and asks for them."""

import json
from collections.abc import Iterable, Iterator

import msgspec
from pydantic import ValidationError

from schemas.decision import Decision
from streams.errors import VigilError
from streams.settings import Settings
from streams.topic_reading import TopicReader

TOPIC = "decisions"


class NoDecisionError(VigilError):
    """An event is not among the decisions given."""


class SourceError(VigilError):
    """A file of decisions or of events that was given can't be used."""


def find(event_id: str, lines: Iterable[bytes]) -> Decision:
    """The last decision of an event, of records as `vigil assess` writes them or plain ones. Raises `NoDecisionError`, `SourceError`."""
    found = None
    for line in lines:
        value = _value(line)
        if value.get("schema") == "decision/1" and value.get("event_id") == event_id:
            found = value
    if found is None:
        raise NoDecisionError(f"there is no decision about `{event_id}`: give the file that holds its decisions")
    try:
        return Decision.model_validate_json(msgspec.json.encode(found))
    except ValidationError:
        raise SourceError(f"the decision about `{event_id}` is not as `vigil assess` writes it: give the file unchanged") from None


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
    """A line's record. A record's own text may be as broken as records come: it is then none that is looked for."""
    try:
        record = msgspec.json.decode(line) if line.strip() else {}
    except msgspec.DecodeError:
        raise SourceError("a line of the file is no JSON: give decisions or events as `vigil assess` writes and reads them") from None
    value = record.get("value", record) if isinstance(record, dict) else {}
    value = _inner(value) if isinstance(value, str) else value
    return value if isinstance(value, dict) else {}


def _inner(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None


def _decision(value: bytes | None) -> Decision | None:
    try:
        return Decision.model_validate_json(value or b"")
    except ValidationError:
        return None
