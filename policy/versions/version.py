"""A policy version as a value: its rules, thresholds and dates in force, read from a small validated file."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

import msgspec
import yaml

from policy.errors import VersionError
from policy.rulebook import book
from policy.rulebook.rule import Rule
from policy.rulebook.who import Ages

MERGER = "merger"


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of a version. All are required, so that none is a silent default."""

    adult_from_age: int
    pregnancy_under_age: int
    child_up_to_age: int
    window_days: int
    immediate_hours: int
    case_closes_after_days: int
    skew_minutes: int

    @property
    def ages(self) -> Ages:
        """The ages that the rules about persons ask for."""
        return Ages(self.adult_from_age, self.pregnancy_under_age, self.child_up_to_age)


class InForce(msgspec.Struct, frozen=True, rename={"since": "from"}, forbid_unknown_fields=True):
    """From (inclusive) and until (exclusive) when, by the event's time: `merger` or an instant with an offset."""

    since: str | None = None
    until: str | None = None

    def bounds(self, merger: datetime) -> tuple[datetime | None, datetime | None]:
        """The two instants; None where it has no such bound."""
        return _instant(self.since, merger), _instant(self.until, merger)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version's file as it is written."""

    version: str
    in_force: InForce
    clauses: tuple[str | dict[str, str], ...]
    thresholds: Thresholds


class Version(msgspec.Struct, frozen=True, dict=True):
    """One policy version. `sha256` covers the file and the rules it chooses."""

    name: str
    sha256: str
    rules: tuple[Rule, ...]
    thresholds: Thresholds
    in_force: InForce

    @cached_property
    def by_kind(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that look at each kind of concern."""
        kinds = {rule.kind for rule in self.rules}
        return {kind: tuple(rule for rule in self.rules if rule.kind == kind) for kind in kinds}


def read_version(text: str, place: str = "policy version") -> Version:
    """Read and check a version's file. Raises `VersionError`; `place` names the file in it."""
    try:
        file = msgspec.convert(_yaml(text, place), File, strict=False)
    except msgspec.ValidationError as error:
        raise VersionError(f"`{place}`: {error}; write the version as policy/versions/merged.yaml shows") from error
    rules = tuple(rule for entry in file.clauses for rule in _rules(entry, place))
    _check(file, rules, place)
    digest = sha256(text.encode() + msgspec.json.encode(rules)).hexdigest()
    return Version(file.version, digest, rules, file.thresholds, file.in_force)


def _yaml(text: str, place: str) -> Any:
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  texts only, safer still: an instant stays as it was written
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise VersionError(f"`{place}`{where} is no YAML; write it as policy/versions/merged.yaml shows") from error


def _rules(entry: str | dict[str, str], place: str) -> tuple[Rule, ...]:
    clause, form = (entry, "full") if isinstance(entry, str) else next(iter(entry.items()), ("", ""))
    rules = book.rules_of(clause, form)
    if not rules or (isinstance(entry, dict) and len(entry) != 1):
        known = ", ".join(book.CLAUSES)
        raise VersionError(f"`{place}`: clause `{clause}` has no form `{form}` in the rulebook; choose among {known}")
    return rules


def _check(file: File, rules: tuple[Rule, ...], place: str) -> None:
    clauses = [entry if isinstance(entry, str) else next(iter(entry)) for entry in file.clauses]
    twice = next((clause for clause in clauses if clauses.count(clause) > 1), None)
    if twice:
        raise VersionError(f"`{place}`: clause `{twice}` stands there twice; keep one")
    if not rules:
        raise VersionError(f"`{place}`: no clauses; name at least one")
    for name, value in msgspec.structs.asdict(file.thresholds).items():
        if value < 1:
            raise VersionError(f"`{place}`: threshold `{name}` is `{value}`; give a whole number above 0")
    for bound in (file.in_force.since, file.in_force.until):
        _instant(bound, None, place)


def _instant(text: str | None, merger: datetime | None, place: str = "policy version") -> datetime | None:
    if text is None or text == MERGER:
        return merger if text else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise VersionError(f"`{place}`: `{text}` is no date in force; write `merger` or an instant with an offset") from error
    if moment.tzinfo is None:
        raise VersionError(f"`{place}`: `{text}` has no offset; write it as 2026-01-01T00:00:00+00:00")
    return moment
