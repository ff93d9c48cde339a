"""What the policy tells, as records to write: keyed, placed in their partition, with their headers."""

from datetime import UTC, datetime, timedelta
from typing import Final

from policy.core import Moment, Output
from schemas.wire import write
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging.headers import cloud_event, header
from streams.tracing import carried

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
ARRIVED = "vigil.redrive.arrived"
"""Header of a redriven record: its first arrival, in milliseconds since the epoch."""
_IDENTITY = {
    "decisions": "decision_id",
    "emergency-alerts": "alert_id",
    "non-emergency-referrals": "referral_id",
    "reviews": "review_id",
    "notices": "notice_id",
    "support": "support_id",
}


def instant(milliseconds: int) -> datetime:
    """An aware moment from milliseconds since the epoch."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def stamp(milliseconds: int) -> bytes:
    """The same as RFC 3339 in UTC."""
    return instant(milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def moment(record: SourceRecord, now: int) -> Moment:
    """When a record came and where it lies. A redriven record keeps its first arrival."""
    return Moment(
        arrival=instant(arrival(record)),
        now=instant(now),
        trace=carried(record.headers),
        source=(record.topic, record.partition, record.offset),
    )


def render(output: Output, key: bytes | None, partition: int, time: bytes, trace: str | None) -> OutputRecord:
    """One output as a record. `time` is the moment of writing, as `stamp` gives it."""
    identity: str = getattr(output.value, _IDENTITY[output.topic])
    headers = cloud_event(output.value.schema_name, identity, time, trace)
    return OutputRecord(output.topic, partition, key, write(output.value), headers)


def arrival(record: SourceRecord) -> int:
    """When a record first came, in milliseconds since the epoch. Anybody may set the header, so that no later moment is believed."""
    first = header(record.headers, ARRIVED)
    known = first is not None and first.isdecimal() and len(first) <= len(str(record.timestamp))
    return min(int(first or 0), record.timestamp) if known else record.timestamp
