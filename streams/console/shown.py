"""How times, numbers and words are shown."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86_400


def duration(seconds: float) -> str:
    """Seconds as a person says them: `0.4 s`, `45 s`, `3 min`, `2 h 5 min`, `4 d`."""
    whole = int(abs(seconds))
    if 0 < abs(seconds) < 1:
        return f"{abs(seconds):.1f} s"
    if whole < 2 * MINUTE:
        return f"{whole} s"
    if whole < 2 * HOUR:
        return f"{whole // MINUTE} min"
    if whole < 2 * DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
    return f"{whole // DAY} d"


def moment(at: datetime) -> str:
    """A moment in its own offset, to the second."""
    return at.strftime("%Y-%m-%d %H:%M:%S %Z")


def clock(at: datetime) -> str:
    """The time of day in its own offset, to the second."""
    return at.strftime("%H:%M:%S %Z")


def number(value: float | None) -> str:
    """A count, or a number to a tenth; a question mark where it is not known."""
    if value is None:
        return "?"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def word(text: str) -> str:
    """A word of the contract for eyes: `non_emergency` is `non-emergency`."""
    return text.replace("non_emergency", "non-emergency").replace("_", " ")
