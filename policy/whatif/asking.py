"""Asking a rule what would have changed what it found: the smallest changes, certain ones apart from those that hang on what is unknown."""

from collections.abc import Iterator, Sequence

import msgspec

from policy.judging import judge
from policy.rulebook.rule import Rule
from policy.rulebook.then import RANK
from policy.situation import Situation
from policy.versions.version import Version
from policy.whatif.changes import Change, changed, smallest_first

Result = tuple[str, str]
"""What a rule comes to: status and outcome."""
NOTHING: Result = ("does not apply", "none")


class Would(msgspec.Struct, frozen=True):
    """Changes, each of which alone would have led a rule to one of some results: which, hangs on what is not recorded.

    `certain`: to no other, whatever that is.
    """

    results: tuple[Result, ...]
    ways: tuple[Change, ...]
    certain: bool = True


class Asked(msgspec.Struct, frozen=True):
    """One rule on one concern: what it came to, and what would have changed that, upwards and downwards."""

    rule: Rule
    now: Result
    up: tuple[Would, ...]
    down: tuple[Would, ...]


def ask(rule: Rule, situations: Sequence[Situation], version: Version) -> Asked:
    """What would have changed a rule's result, of situations which all led to the same one."""
    alone = msgspec.structs.replace(version, rules=(rule,))
    alike = list({_seen_by(rule, one): one for one in situations}.values())
    now, full = result(rule, alike[0], alone), ("applies", rule.outcome)
    up = () if now == full else tuple(_smallest(rule, alike, alone, full))
    return Asked(rule, now, up, () if now == NOTHING else (*_lower(rule, alike, alone, now), *_smallest(rule, alike, alone, NOTHING)))


def result(rule: Rule, situation: Situation, version: Version) -> Result:
    """What a rule comes to in a situation of one concern."""
    found = [one for one in judge(situation, version) if one.rule == rule]
    return (found[0].status, found[0].outcome) if found else NOTHING


def _seen_by(rule: Rule, who: Situation) -> tuple[object, ...]:
    """What of a situation a rule can see: situations that only differ elsewhere are one to it."""
    concern = who.concerns[0]
    person = (who.age, who.stage, who.stated, who.at_risk, who.support_needs) if rule.person != "anyone" else ()
    return (*person, who.assured if rule.assurance != "none" else None, concern.found, concern.taken_back)


def _lower(rule: Rule, situations: Sequence[Situation], alone: Version, now: Result) -> Iterator[Would]:
    """Which single changes would surely have brought the rule lower, but not to nothing."""
    found: dict[tuple[Result, ...], list[Change]] = {}
    for change in next(smallest_first(rule, situations, alone.thresholds.ages), []):
        results = tuple(sorted(_results(rule, situations, alone, change), key=_height))
        if results[0] != NOTHING and _height(results[-1]) < _height(now):
            found.setdefault(results, []).append(change)
    return (Would(then, tuple(found[then])) for then in sorted(found, key=lambda results: _height(results[-1]), reverse=True))


def _height(reached: Result) -> tuple[int, int]:
    return RANK[reached[1]], ("does not apply", "withheld", "incomplete", "applies").index(reached[0])


def _smallest(rule: Rule, situations: Sequence[Situation], alone: Version, wanted: Result) -> Iterator[Would]:
    """The smallest changes that surely lead there; before them the smaller ones that perhaps do, where there are any."""
    perhaps: list[Change] = []
    for changes in smallest_first(rule, situations, alone.thresholds.ages):
        led = [(change, _results(rule, situations, alone, change)) for change in changes]
        sure = tuple(change for change, results in led if results == {wanted})
        if sure:
            yield from [Would((wanted,), tuple(perhaps), certain=False)] if perhaps else []
            yield Would((wanted,), sure)
            return
        perhaps = perhaps or [change for change, results in led if wanted in results]
    yield from [Would((wanted,), tuple(perhaps), certain=False)] if perhaps else []


def _results(rule: Rule, situations: Sequence[Situation], alone: Version, change: Change) -> frozenset[Result]:
    return frozenset(result(rule, changed(one, change, alone.thresholds.ages), alone) for one in situations)
