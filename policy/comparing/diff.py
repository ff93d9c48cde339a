"""The difference of two versions: thresholds, dates, and every situation that they judge differently, lost emergencies first."""

import msgspec

from policy.comparing.boxes import Box, cover
from policy.comparing.points import Change, Field, fields
from policy.comparing.sentences import sentence
from policy.printing.rulebook import dates
from policy.versions.version import Version


class Difference(msgspec.Struct, frozen=True):
    """One sentence about situations that are judged differently. `lost_emergency`: what was one is less."""

    kind: str
    before: str
    after: str
    lost_emergency: bool
    says: str


class Diff(msgspec.Struct, frozen=True):
    """All differences. `settings`: thresholds and dates, a sentence each; `situations`: complete over the space of facts."""

    settings: tuple[str, ...]
    situations: tuple[Difference, ...]


def diff(one: Version, other: Version) -> Diff:
    """What the second version judges differently from the first. Takes some ten seconds."""
    found = [(change, field, box) for field in fields(one, other) for change, box in cover(field)]
    found.sort(key=lambda item: (item[0].weight, item[1].kind))
    return Diff(tuple(_settings(one, other)), tuple(_difference(change, field, box) for change, field, box in found))


def _difference(change: Change, field: Field, box: Box) -> Difference:
    lost = change.before == "emergency" != change.after
    return Difference(field.kind, change.before, change.after, lost, sentence(change, field, box))


def _settings(one: Version, other: Version) -> list[str]:
    before, after = (msgspec.structs.asdict(version.thresholds) for version in (one, other))
    changed = [
        f"`{name}` is {before[name]} in `{one.name}` and {after[name]} in `{other.name}`." for name in before if before[name] != after[name]
    ]
    if one.in_force != other.in_force:
        changed.append(f"`{one.name}`: {dates(one.in_force)} `{other.name}`: {dates(other.in_force)}")
    return changed
