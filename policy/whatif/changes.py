"""Changes of a situation, one thing at a time: a fact, or what is known of the person."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product

import msgspec
from msgspec.structs import replace

from policy.answers import NO, UNKNOWN, YES
from policy.people import aged
from policy.proving.space import FACTS
from policy.rulebook.questions import QUESTIONS
from policy.rulebook.rule import Rule
from policy.rulebook.safe import TAKEN_BACK_KINDS
from policy.rulebook.who import Ages
from policy.situation import Concern, Situation

AGE, SAID, AT_RISK, NEEDS, ASSURED, BACK = "age", "said", "at_risk", "support_needs", "assured", "taken_back"
OLDEST = 120


class Step(msgspec.Struct, frozen=True):
    """One thing changed. `what`: a fact of the concern, or one of this module's names; `by_person`: a trained person found it.

    `ages`: the first and the last whole year, where it is the age that changes: they are judged alike.
    """

    what: str
    value: str
    by_person: bool = False
    ages: tuple[int, int] | None = None


Change = tuple[Step, ...]
"""Several things changed together; nothing twice."""


def bands(ages: Ages) -> tuple[tuple[int, int], ...]:
    """Ages that the rules tell apart, each band with its first and last year."""
    edges = (0, ages.child + 1, ages.pregnancy, ages.adult, OLDEST + 1)
    return tuple((low, high - 1) for low, high in pairwise(edges) if low < high)


def changed(who: Situation, change: Change, ages: Ages) -> Situation:
    """The situation, which has one concern, with all steps of a change taken."""
    for step in change:
        who = _taken(who, step, ages)
    return who


def smallest_first(rule: Rule, situations: Sequence[Situation], ages: Ages) -> Iterator[list[Change]]:
    """All changes of what a rule looks at, by size: those of one step, of two, and so on. Each situation has the same one concern."""
    ways = [steps for steps in _steps(rule, situations, ages).values() if steps]
    for size in range(1, len(ways) + 1):
        yield [tuple(steps) for chosen in combinations(ways, size) for steps in product(*chosen)]


def facts_of(rule: Rule, kind: str) -> tuple[str, ...]:
    """The facts of a kind that a rule looks at."""
    looked_at = dict.fromkeys(fact for name in rule.facts for fact in QUESTIONS[name].looks_at)
    return tuple(looked_at) if looked_at or rule.kind != "any" else tuple(FACTS[kind])


def _steps(rule: Rule, situations: Sequence[Situation], ages: Ages) -> Mapping[str, Sequence[Step]]:
    """What can be changed, thing by thing, only where the rule asks for it. What is so in all situations is no change."""
    first = situations[0]
    concern = first.concerns[0]
    found: dict[str, Sequence[Step]] = {fact: list(_of_fact(situations, fact)) for fact in facts_of(rule, concern.kind)}
    if rule.person != "anyone":
        found |= _of_person(situations, ages)
    if rule.assurance != "none" and first.author:
        found[ASSURED] = [Step(ASSURED, value) for value in (YES, NO) if {one.assured for one in situations} != {value == YES}]
    if "any.taken_back" in rule.facts and concern.kind in TAKEN_BACK_KINDS:
        found[BACK] = [Step(BACK, NO if concern.taken_back else YES)]
    return found


def _of_person(situations: Sequence[Situation], ages: Ages) -> Mapping[str, Sequence[Step]]:
    known = {one.age for one in situations}
    needs, risks = {one.support_needs == YES for one in situations}, {one.at_risk for one in situations}
    author, younger = situations[0].author, all(_says_younger(one) for one in situations)
    return {
        AGE: [Step(AGE, "", ages=band) for band in bands(ages) if any(age is None or not band[0] <= age <= band[1] for age in known)],
        SAID: [Step(SAID, NO)] if author and younger else [],
        NEEDS: [Step(NEEDS, value) for value in (YES, UNKNOWN) if needs != {value == YES}],
        AT_RISK: [Step(AT_RISK, value) for value in (YES, NO) if author and risks != {value}],
    }


def _says_younger(who: Situation) -> bool:
    return who.stated is not None and who.age is not None and who.stated < who.age


def _of_fact(situations: Sequence[Situation], fact: str) -> Iterator[Step]:
    concern = situations[0].concerns[0]
    now, found = concern.facts.get(fact, UNKNOWN), {fact in one.concerns[0].found for one in situations}
    for value in FACTS[concern.kind][fact]:
        for by_person in (True, False) if concern.kind == "other" and value == YES else (False,):
            if value != now or (value == YES and found != {by_person}):
                yield Step(fact, value, by_person)


def _taken(who: Situation, step: Step, ages: Ages) -> Situation:
    if step.what == AGE:
        return _aged(who, (step.ages or (0, 0))[1], ages)
    if step.what == SAID:
        return replace(who, stated=None, stage=aged(who.age, None, ages).stage)
    if step.what == NEEDS:
        return replace(who, support_needs=step.value)
    if step.what == AT_RISK:
        return replace(who, at_risk=step.value)
    if step.what == ASSURED:
        return replace(who, assured=step.value == YES)
    return replace(who, concerns=(_told(who.concerns[0], step),))


def _aged(who: Situation, age: int, ages: Ages) -> Situation:
    """The author by a date of birth, which their words may still dispute; another by the age that is told of them."""
    if who.author:
        now = aged(age, who.stated, ages)
        return replace(who, age=now.age, stage=now.stage)
    return replace(who, age=age, stage="minor" if age < ages.adult else "adult")


def _told(concern: Concern, step: Step) -> Concern:
    if step.what == BACK:
        return replace(concern, taken_back=step.value == YES)
    facts = {fact: value for fact, value in concern.facts.items() if fact != step.what}
    known = facts if step.value == UNKNOWN else {**facts, step.what: step.value}
    found = concern.found | {step.what} if step.by_person else concern.found - {step.what}
    return replace(concern, facts=known, found=found)
