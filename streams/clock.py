"""The only place that reads a clock. Everything else is handed the moment, so that tests and `assess` can choose it."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 the one place where the ban does not hold


def milliseconds() -> int:
    """This moment, in milliseconds since the epoch, as Kafka counts."""
    return time.time_ns() // 1_000_000


def seconds() -> float:
    """This moment, in seconds since the epoch."""
    return milliseconds() / 1000
