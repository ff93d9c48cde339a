"""When: expressions of time in the words, resolved against the moment of the words in London."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from policy.reading.calendar import holiday
from policy.reading.catalogue import Catalogue
from policy.reading.lexicon import Tags
from policy.reading.lists import listed

_LONDON = ZoneInfo("Europe/London")
IMMEDIATE = timedelta(hours=48)
SOON = timedelta(days=30)
_DAYS = {name: day for day, name in enumerate(listed("mon tue wed thu fri sat sun"))}
_ODD_DAYS = {"wensday": 2, "wednsday": 2, "saterday": 5, "tuseday": 1}  # as they are often misspelt
_MONTHS = {name: month for month, name in enumerate(listed("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_UNITS = {
    "min": 1 / 1440,
    "hou": 1 / 24,
    "hr": 1 / 24,
    "hrs": 1 / 24,
    "day": 1.0,
    "wee": 7.0,
    "wk": 7.0,
    "wks": 7.0,
    "for": 14.0,
    "mon": 30.4,
    "yea": 365.0,
    "sec": 0.0,
}
_NUMBERS = {name: number for number, name in enumerate(listed("zero one two three four five six seven eight nine ten eleven twelve"))} | {
    "a": 1, "an": 1, "couple": 2, "few": 3, "half": 0,
}  # fmt: skip
_FILLERS = 3  # words between a count and what is counted
_OCCASION = 7  # words in which an occasion is told
_LEADING = frozenset(listed("in within next another last under"))
_ROUGHLY = frozenset(listed("about around like roughly maybe"))
_WEEK = 7
_MONTH_DAYS = 31


@dataclass(frozen=True, slots=True)
class When:
    """An expression of time: words `[start, end)` and what it comes to. `exact` if it names a day rather than an occasion."""

    start: int
    end: int
    value: str
    exact: bool


def value_of(moment: datetime, then: datetime) -> str:
    """The timeframe of a moment to come: within 48 h, within 30 days, or later (E1, N1)."""
    ahead = then - moment
    if ahead <= IMMEDIATE:
        return "immediate"
    return "within_30_days" if ahead <= SOON else "later"


class TimeReader:
    """Finds expressions of time among words."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._classes = {
            catalogue.number("when_now"): ("immediate", True),
            catalogue.number("when_occasion"): ("immediate", False),
            catalogue.number("when_soon"): ("within_30_days", False),
            catalogue.number("when_later"): ("later", False),
            catalogue.number("when_never"): ("none", False),
        }
        self._holiday = catalogue.number("when_holiday")
        self._weekday = catalogue.number("when_weekday")
        self._month = catalogue.number("when_month")
        self._days = _days(catalogue.lexicon.members[self._weekday])
        self._occasion, self._alone = catalogue.number("when_occasion_begins"), catalogue.number("when_left_alone")

    def find(self, texts: list[str], heads: list[Tags], low: int, high: int, moment: datetime) -> list[When]:
        """All expressions of time among words `[low, high)`, as of `moment` (aware)."""
        return list(self._find(texts, heads, low, high, moment.astimezone(_LONDON)))

    def _find(self, texts: list[str], heads: list[Tags], low: int, high: int, local: datetime) -> Iterator[When]:
        for index in range(low, high):
            tags = heads[index]
            for number, (value, exact) in self._classes.items():
                if number in tags:
                    yield When(index, index + max(tags[number]), value, exact)
            if self._occasion in tags and (end := self._occasion_end(heads, index, high)):
                yield When(index, end, "immediate", exact=False)
            if self._weekday in tags:
                yield self._weekday_at(texts, index, low, local)
            elif self._holiday in tags:
                yield self._holiday_at(texts, tags, index, low, local)
            elif texts[index][0].isdigit() or texts[index] in _NUMBERS:
                yield from self._counted(texts, heads, index, high, local)
            elif self._month in tags and index > low and texts[index - 1] in {"in", "until", "til", "till", "by"}:
                yield self._day(index, index + 1, _first_of(_MONTHS[texts[index][:3]], local), local)

    def _occasion_end(self, heads: list[Tags], index: int, high: int) -> int | None:
        """Where `when mum has gone to bed` ends: an occasion that comes every day."""
        for end in range(index + 2, min(index + _OCCASION, high)):
            if self._alone in heads[end]:
                return end + max(heads[end][self._alone])
        return None

    def _weekday_at(self, texts: list[str], index: int, low: int, local: datetime) -> When:
        ahead = (self._days[texts[index]] - local.weekday()) % _WEEK
        before = texts[index - 1] if index > low else ""
        if before == "next" and ahead <= IMMEDIATE.days:
            ahead += _WEEK
        if "week" in texts[max(low, index - 3) : index]:  # "a week on sunday"
            ahead += _WEEK
        return self._day(index, index + 1, local.date() + timedelta(days=ahead), local)

    def _holiday_at(self, texts: list[str], tags: Tags, index: int, low: int, local: datetime) -> When:
        end = index + max(tags[self._holiday])
        day = holiday(" ".join(texts[index:end]), local.date())
        after = index > low and texts[index - 1] in {"after", "past"}
        return self._day(index, end, day + timedelta(days=1) if after else day, local)

    def _counted(self, texts: list[str], heads: list[Tags], index: int, high: int, local: datetime) -> Iterator[When]:
        """`in 3 weeks`, `23rd of october`, `the 31st`."""
        word = texts[index]
        number = _number(word)
        if number is None:
            return
        following = index + 1
        while (
            following < high
            and texts[following] in {"of", "more", "or", "so", "couple", "few", "an", "a", "hour"}
            and following - index < _FILLERS
        ):
            if texts[following] == "hour":
                break
            following += 1
        unit = _UNITS.get(texts[following][:3]) if following < high else None
        if following < high and self._month in heads[following] and number <= _MONTH_DAYS:
            yield self._day(index, following + 1, _next_date(number, _MONTHS[texts[following][:3]], local.date()), local)
        elif unit is not None and index and _leads(texts, index) and not _is_past(texts, following + 1, high):
            if texts[index - 1] != "last":
                yield When(index - 1, following + 1, value_of(local, local + timedelta(days=unit * number)), exact=True)
        elif word.endswith(("st", "nd", "rd", "th")) and 0 < number <= _MONTH_DAYS:
            yield self._day(index, index + 1, _next_date(number, None, local.date()), local)

    @staticmethod
    def _day(start: int, end: int, day: date, local: datetime) -> When:
        begins = datetime(day.year, day.month, day.day, tzinfo=_LONDON)
        return When(start, end, value_of(local, begins), exact=True)


def _days(members: Iterable[str]) -> dict[str, int]:
    """The day of each word for one; slips follow the word that they are slips of."""
    days: dict[str, int] = {}
    day = 0
    for member in members:
        first = member.split()[0]
        day = _DAYS.get(first[:3], _ODD_DAYS.get(first, day))
        days.setdefault(first, day)
    return days


def _leads(texts: list[str], index: int) -> bool:
    """Whether a word before a count makes it a time to come: `in 3 weeks`, `in about an hour`."""
    before = texts[index - 2] if index > 1 and texts[index - 1] in _ROUGHLY else texts[index - 1]
    return before in _LEADING


def _is_past(texts: list[str], index: int, high: int) -> bool:
    return index < high and texts[index] in {"ago", "back", "earlier", "clean", "since"}


def _number(word: str) -> int | None:
    digits = word.rstrip("stndrh")
    if digits.isdigit() and len(digits) <= 3:  # noqa: PLR2004 a day or a short count
        return int(digits)
    return _NUMBERS.get(word)


def _first_of(month: int, local: datetime) -> date:
    return date(local.year + (month < local.month), month, 1)


def _next_date(day: int, month: int | None, today: date) -> date:
    """The next such date from today on; a day that its month lacks is the month's last."""
    for ahead in range(367):
        candidate = today + timedelta(days=ahead)
        if candidate.day == day and month in {None, candidate.month}:
            return candidate
    return today + timedelta(days=366)
