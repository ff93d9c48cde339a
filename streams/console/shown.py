"""How times and words are shown."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86_400


def duration(seconds: float) -> str:
    """Seconds as a person says them: `45 s`, `3 min`, `2 h 5 min`, `4 d`."""
    whole = int(abs(seconds))
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


def word(text: str) -> str:
    """A word of the contract for eyes: `non_emergency` is `non-emergency`."""
    return text.replace("non_emergency", "non-emergency").replace("_", " ")
