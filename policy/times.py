"""Instants as whole microseconds since the epoch, and dates as they are in London."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
_MICROSECOND = timedelta(microseconds=1)
_LONDON = ZoneInfo("Europe/London")
_LONGEST_LIFE = 130


def micros(moment: datetime) -> int:
    """Whole microseconds since the epoch of an aware moment."""
    return (moment - EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """The aware moment (UTC) of microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=at)


def age_at(born: date, at: datetime) -> int | None:
    """Whole years at a moment, by the date in London; born on 29 February: 1 March in common years. None where no living person has it."""
    today = at.astimezone(_LONDON).date()
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years if 0 <= years <= _LONGEST_LIFE else None
