"""Numbers from two readings of one place. Each is None where it can't be known; none is ever NaN or infinite."""

from streams.lag.reading import Reading


def velocity(first: Reading, last: Reading) -> float | None:
    """Records committed a second between the readings; negative after a rewind."""
    return _slope(first.position, last.position, last.at - first.at)


def arrival(first: Reading, last: Reading) -> float | None:
    """Records appended a second between the readings."""
    return _slope(first.end, last.end, last.at - first.at)


def catch_up(first: Reading, last: Reading) -> float | None:
    """Seconds until nothing waits, if both speeds stay; 0 where nothing waits, None where it never would or can't be known."""
    if last.behind == 0:
        return 0.0
    read, came = velocity(first, last), arrival(first, last)
    if last.behind is None or read is None or came is None or read <= came:
        return None
    return last.behind / (read - came)


def lost(reading: Reading) -> int | None:
    """Records that the log dropped before the group had read them; None where it can't be known."""
    if reading.begin is None or reading.committed is None or reading.never:
        return None
    return max(0, reading.begin - reading.committed)


def retention_used(reading: Reading) -> float | None:
    """How near the oldest waiting record is to being deleted: 0 nothing waits, 1 it is the next to go; None where it can't be known.

    By time: its age in retentions. By size, once a log that is cut by size has been cut: the share of what is kept that waits.
    """
    if reading.behind == 0:
        return 0.0
    shares = [share for share in (_by_time(reading), _by_size(reading)) if share is not None]
    return max(shares) if shares else None


def _by_time(reading: Reading) -> float | None:
    if reading.waited is None or not reading.retention:
        return None
    return reading.waited / reading.retention


def _by_size(reading: Reading) -> float | None:
    if not reading.bounded or not reading.begin or reading.end is None or reading.behind is None:
        return None
    return min(1.0, reading.behind / max(1, reading.end - reading.begin))


def _slope(start: int | None, stop: int | None, seconds: float) -> float | None:
    if start is None or stop is None or seconds <= 0:
        return None
    return (stop - start) / seconds
