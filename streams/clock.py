"""The only place that asks the machine for the time. Everything else takes a moment, or one of these, as an argument."""

import time
from datetime import UTC, datetime


def seconds() -> float:
    """Seconds since the epoch."""
    return time.time()  # noqa: TID251 - this is the one place


def milliseconds() -> int:
    """Whole milliseconds since the epoch, as Kafka counts."""
    return time.time_ns() // 1_000_000


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place
