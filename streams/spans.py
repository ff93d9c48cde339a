"""Spans for OpenTelemetry, where its SDK is installed (`pip install vigil-safeguarding[otel]`) and told where to send; else nothing.

One span for each sampled event that was judged: from its arrival until its outputs are known, child of the event's `traceparent`. It
names topic, partition, offset, what was decided and why it was set aside; no id, key or text.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from schemas.wire import Refusal
from streams import clock
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging.outputs import arrival
from streams.tracing import Parent, parent

NANOSECONDS = 1_000_000
"""In a millisecond."""
ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""OpenTelemetry's own settings; without one of them there are no spans."""


class Judged(Protocol):
    """Told of each record once its outputs are known."""

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """One record was judged, or refused."""
        ...


class NoSpans:
    """Where there is no OpenTelemetry, or nobody to send spans to."""

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """Nothing."""


class Spans:
    """Makes spans with an OpenTelemetry tracer."""

    def __init__(self, tracer: Any, api: Any) -> None:
        self._tracer = tracer
        self._api = api

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """A span for an event whose trace is sampled."""
        found = parent(record.headers)
        if found is None or not found.sampled:
            return
        span = self._tracer.start_span(
            "vigil judge",
            context=self._context(found),
            kind=self._api.SpanKind.CONSUMER,
            attributes=_attributes(record, outputs, refusal),
            start_time=arrival(record) * NANOSECONDS,
        )
        span.end(max(clock.milliseconds(), arrival(record)) * NANOSECONDS)

    def _context(self, found: Parent) -> Any:
        flags = self._api.TraceFlags(self._api.TraceFlags.SAMPLED)
        context = self._api.SpanContext(found.trace_id, found.span_id, is_remote=True, trace_flags=flags)
        return self._api.set_span_in_context(self._api.NonRecordingSpan(context))


def spans(environment: Mapping[str, str] = os.environ) -> Judged:
    """Spans sent as OpenTelemetry's own settings say (`OTEL_...`); none where it is not installed or not told where to send."""
    if not any(environment.get(name) for name in ENDPOINTS):
        return NoSpans()
    try:
        from opentelemetry import trace  # noqa: PLC0415 - an extra: a worker without it doesn't need it
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
    except ImportError:
        return NoSpans()
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Spans(provider.get_tracer("vigil"), trace)


def _attributes(record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> dict[str, Any]:
    told = {
        "messaging.system": "kafka",
        "messaging.operation.type": "process",
        "messaging.destination.name": record.topic,
        "messaging.destination.partition.id": str(record.partition),
        "messaging.kafka.offset": record.offset,
        "vigil.outputs": sorted({output.topic for output in outputs}),
    }
    return told if refusal is None else {**told, "vigil.refused": refusal.reason}
