"""Headers of what is written: CloudEvents 1.0 in binary mode, and the trace of the input."""

from functools import lru_cache

from streams.heart.ports import Headers, SourceRecord

TRACE = "traceparent"
SWEEP = "vigil.sweep"
"""Marks a tombstone that only lets compaction take what a publisher put into a partition that is not its person's home."""
SOURCE = b"/vigil"
_CONTENT = ("content-type", b"application/json")
_VERSION = ("ce_specversion", b"1.0")


@lru_cache(maxsize=64)
def _type(schema: str) -> tuple[str, bytes]:
    return ("ce_type", f"vigil.{schema}".encode())


def cloud_event(schema: str, identity: str, time: bytes, trace: str | None) -> Headers:
    """Headers of one output: its schema (`decision/1`), its id, the moment of writing (RFC 3339), the input's `traceparent` or None."""
    event: Headers = (
        ("ce_id", identity.encode()),
        ("ce_source", SOURCE),
        _type(schema),
        ("ce_time", time),
        _VERSION,
        _CONTENT,
    )
    return event if trace is None else (*event, (TRACE, trace.encode()))


def header(headers: Headers, name: str) -> str | None:
    """The last header of a name as text; None where there is none or it is no ASCII."""
    found = None
    for candidate, value in headers:
        if candidate == name:
            found = value
    try:
        return None if found is None else found.decode("ascii")
    except UnicodeDecodeError:
        return None


def is_sweep(record: SourceRecord) -> bool:
    """Whether a record, in a partition that is not its key's home, is there for compaction alone: the erasure itself lies at home."""
    return record.value is None and header(record.headers, SWEEP) is not None
