"""Dates that young people in the UK reckon by: holidays, and terms as most schools have them."""

from datetime import date, timedelta

_FIXED = {
    "christmas": (12, 25),
    "xmas": (12, 25),
    "crimbo": (12, 25),
    "boxing day": (12, 26),
    "new year": (1, 1),
    "new years": (1, 1),
    "nye": (12, 31),
    "halloween": (10, 31),
    "bonfire night": (11, 5),
    "valentines": (2, 14),
    "valentines day": (2, 14),
    "results day": (8, 20),
    "hogmanay": (12, 31),
}
_HALF_TERMS = ((2, 15), (5, 27), (10, 26))
_TERM_ENDS = ((3, 28), (7, 20), (12, 18))


def holiday(name: str, today: date) -> date:
    """The next day with this name, from today on. Terms differ by council: these are the usual weeks."""
    if name in _FIXED:
        return _next([_FIXED[name]], today)
    if "half" in name:
        return _next(list(_HALF_TERMS), today)
    if "easter" in name:
        return next(day for year in (today.year, today.year + 1) if (day := _easter(year)) >= today)
    return _next(list(_TERM_ENDS), today)


def _next(days: list[tuple[int, int]], today: date) -> date:
    return min(day for year in (today.year, today.year + 1) for month, number in days if (day := date(year, month, number)) >= today)


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian rule (Butcher's)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, 1) + timedelta(days=day)
