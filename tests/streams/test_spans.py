import sys
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from schemas.wire import Refusal
from streams.heart.ports import OutputRecord, SourceRecord
from streams.spans import ENDPOINTS, NoSpans, Spans, spans

MARKER = "MARKER-of-a-person-7c1f"
SAMPLED = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OUTPUTS = [OutputRecord("emergency-alerts", 2, MARKER.encode(), MARKER.encode()), OutputRecord("decisions", 2, None, MARKER.encode())]


@pytest.fixture
def made() -> tuple[Spans, InMemorySpanExporter]:
    """Spans, and where they end up."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Spans(provider.get_tracer("vigil"), trace), exporter


def record(traceparent: bytes | None) -> SourceRecord:
    """A record with a marker wherever it can hold one."""
    headers = ((MARKER, MARKER.encode()), *((("traceparent", traceparent),) if traceparent is not None else ()))
    return SourceRecord("posts", 2, 7, 1_700_000_000_000, MARKER.encode(), MARKER.encode(), headers)


def test_a_sampled_event_has_a_span(made: tuple[Spans, InMemorySpanExporter]) -> None:
    """Child of the publisher's, from the event's arrival, with where it lay and what it led to."""
    made[0].judged(record(SAMPLED), OUTPUTS, None)
    (span,) = made[1].get_finished_spans()
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (SAMPLED[3:35].decode(), SAMPLED[36:52].decode())
    attributes: Any = span.attributes
    assert (span.name, span.start_time) == ("vigil judge", 1_700_000_000_000 * 1_000_000)
    assert attributes["messaging.destination.name"] == "posts"
    assert attributes["messaging.kafka.offset"] == 7
    assert attributes["vigil.outputs"] == ("decisions", "emergency-alerts")


def test_a_refusal_is_named(made: tuple[Spans, InMemorySpanExporter]) -> None:
    """By its reason alone."""
    made[0].judged(record(SAMPLED), [], Refusal("not_json", MARKER))
    attributes: Any = made[1].get_finished_spans()[0].attributes
    assert attributes["vigil.refused"] == "not_json"


@pytest.mark.parametrize("traceparent", [None, SAMPLED[:-1] + b"0", MARKER.encode()])
def test_what_nobody_samples_has_none(made: tuple[Spans, InMemorySpanExporter], traceparent: bytes | None) -> None:
    """Vigil begins no traces of its own."""
    made[0].judged(record(traceparent), OUTPUTS, None)
    assert made[1].get_finished_spans() == ()


def test_nothing_of_a_person_is_in_a_span(made: tuple[Spans, InMemorySpanExporter]) -> None:
    """A marker in key, value, headers, outputs and the refusal's field is in none."""
    made[0].judged(record(SAMPLED), OUTPUTS, Refusal("invalid", MARKER))
    assert MARKER not in made[1].get_finished_spans()[0].to_json()


def test_without_an_address_there_are_no_spans() -> None:
    """OpenTelemetry's own settings say where to send; without one nothing is made."""
    assert isinstance(spans({}), NoSpans)


def test_without_the_extra_there_are_no_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker whose installation lacks OpenTelemetry works all the same."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    found = spans({ENDPOINTS[0]: "http://127.0.0.1:1"})
    found.judged(record(SAMPLED), OUTPUTS, None)
    assert isinstance(found, NoSpans)


def test_with_both_there_are() -> None:
    """The extra and an address give spans."""
    assert isinstance(spans({ENDPOINTS[0]: "http://127.0.0.1:1"}), Spans)
