"""The difference of two versions: thresholds, dates, clauses, and every situation whose outcome differs, lost emergencies first."""

import msgspec

from policy.comparing.gains import gains
from policy.comparing.losses import losses
from policy.comparing.settings import settings
from policy.comparing.table import table
from policy.comparing.told import Difference
from policy.judging import judge
from policy.rulebook import then
from policy.situation import Situation
from policy.versions.version import Version

_SAID = {"emergency": "an emergency", "non_emergency": "a non-emergency", "review": "a review", "none": "nothing"}


class Diff(msgspec.Struct, frozen=True):
    """All differences. `settings`: thresholds, dates and clauses, a sentence each; `situations`: complete over the space of facts."""

    settings: tuple[str, ...]
    situations: tuple[Difference, ...]


def diff(one: Version, other: Version) -> Diff:
    """What the second version judges differently from the first. Takes some seconds."""
    said = tuple(settings(one, other))
    if one.rules == other.rules and one.thresholds == other.thresholds:
        return Diff(said, ())
    space = table(one, other)
    found = sorted((*losses(space), *gains(space)), key=lambda item: item.weight)
    return Diff((*said, *_ahead(one, other)), tuple(found))


def _ahead(one: Version, other: Version) -> list[str]:
    """An event from the future is no concern of anybody's, and so in no table (S4)."""
    before, after = (then.highest(found.outcome for found in judge(Situation(ahead=True), version)) for version in (one, other))
    return [] if before == after else [f"An event from the future: {_SAID[before]} becomes {_SAID[after]} (S4)."]
