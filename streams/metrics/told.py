"""What records that were judged add to the counts: a cheap look at outputs, a few fields of a decision, never an id or a text."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from schemas.wire import Refusal
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging.outputs import arrival
from streams.metrics.catalogue import RESPONDERS, SOURCES, Catalogue

OTHER: Final = "other"
"""The label of a topic that is not ours."""


class _Finding(msgspec.Struct):
    clause: str
    outcome: str
    status: str


class _Decision(msgspec.Struct):
    outcome: str
    findings: list[_Finding]


class _Response(msgspec.Struct):
    state: str


_decision = msgspec.json.Decoder(_Decision)
_response = msgspec.json.Decoder(_Response)


class Told:
    """The judging's observer: counts in plain memory while a chunk is judged, and adds up when it ends."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._events: Counter[str] = Counter()
        self._decisions: Counter[str] = Counter()
        self._findings: Counter[tuple[str, str, str]] = Counter()
        self._letters: Counter[tuple[str, str]] = Counter()
        self._responses: Counter[str] = Counter()
        self._arrivals: list[tuple[str, int]] = []

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """One record was judged, or refused."""
        topic = record.topic if record.topic in SOURCES else OTHER
        self._events[topic] += 1
        if refusal is not None:
            self._letters[topic, refusal.reason] += 1
        elif topic == "responses" and record.value is not None:
            self._responses[_response.decode(record.value).state] += 1
        for output in outputs:
            if output.topic == "decisions":
                self._decided(output)
            elif output.topic in RESPONDERS:
                self._arrivals.append((output.topic, arrival(record)))

    def end(self) -> list[tuple[str, int]]:
        """A chunk ended: add its counts to the metrics. Gives what responders will get: topic, and the event's arrival in milliseconds."""
        told = self._catalogue
        for topic, count in self._events.items():
            told.events.labels(topic).inc(count)
        for outcome, count in self._decisions.items():
            told.decisions.labels(outcome).inc(count)
        for finding, count in self._findings.items():
            told.findings.labels(*finding).inc(count)
        for letter, count in self._letters.items():
            told.dead_letters.labels(*letter).inc(count)
        for state, count in self._responses.items():
            told.responses.labels(state).inc(count)
        for counts in (self._events, self._decisions, self._findings, self._letters, self._responses):
            counts.clear()
        arrivals, self._arrivals = self._arrivals, []
        return arrivals

    def _decided(self, output: OutputRecord) -> None:
        decision = _decision.decode(output.value or b"")
        self._decisions[decision.outcome] += 1
        for finding in decision.findings:
            self._findings[finding.clause, finding.outcome, finding.status] += 1
