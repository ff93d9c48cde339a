"""The laws that every policy version must keep, each with what it says and how one person and one concern can break it."""

from collections.abc import Callable, Iterator, Mapping

import msgspec
from msgspec.structs import replace

from policy.answers import NO, UNKNOWN, YES
from policy.proving.outcomes import Outcomes
from policy.proving.space import FACTS
from policy.rulebook.questions import criteria
from policy.rulebook.then import RANK
from policy.situation import Concern, Situation

Break = str
"""What is wrong with it, to follow the description of the person and the concern."""
SAFER_WHEN_YES = {("pregnancy", "professionals_told"), ("caring", "disclosed")}
"""Facts of which a yes means that somebody who can help knows: the only ones whose yes may lower an outcome."""
STEPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "timeframe": (
        ("none", UNKNOWN),
        ("later", UNKNOWN),
        ("none", "within_30_days"),
        ("later", "within_30_days"),
        (UNKNOWN, "immediate"),
        ("within_30_days", "immediate"),
    ),
}
"""A timeframe is a yes or a no by the clause that asks: within 30 days is a no to E1 and a yes to N1. So from unknown it goes both ways."""
PLAIN_STEPS = ((NO, UNKNOWN), (UNKNOWN, YES))


class Law(msgspec.Struct, frozen=True):
    """One law. `broken` gives a sentence where it is, None where it holds."""

    name: str
    says: str
    broken: Callable[[Outcomes, Situation, Concern], Break | None]


def _adult_not_at_risk(outcomes: Outcomes, who: Situation, concern: Concern) -> Break | None:
    if who.stage != "adult" or who.at_risk == YES:
        return None
    findings = outcomes.findings(who, concern)
    given = next((finding.clause for finding in findings if finding.outcome == "non_emergency"), None)
    return f"{given} gives a non-emergency" if given else None


def _assurance(outcomes: Outcomes, who: Situation, concern: Concern) -> Break | None:
    if not who.author:
        return None
    plain, assured = outcomes.of(who, concern), outcomes.of(replace(who, assured=True), concern)
    if concern.kind != "suicide" or all(answer == YES for answer in criteria(concern)):
        return None if plain == assured else f"an assurance turns {plain} into {assured}"
    lost = RANK[plain] > RANK["none"] and RANK[assured] < RANK["review"]
    return f"an assurance turns {plain} into {assured}, and nobody sees it" if lost else None


def _monotonic(outcomes: Outcomes, who: Situation, concern: Concern) -> Break | None:
    for assured in (False, True) if who.author else (False,):
        person = replace(who, assured=assured)
        before = outcomes.of(person, concern)
        for fact, value, raised in _raised(concern):
            after = outcomes.of(person, raised)
            if RANK[after] < RANK[before]:
                also = " while they say they are safe" if assured else ""
                return f"{fact} becoming {value} turns {before} into {after}{also}"
    return None


def _raised(concern: Concern) -> Iterator[tuple[str, str, Concern]]:
    for fact in FACTS[concern.kind]:
        if (concern.kind, fact) in SAFER_WHEN_YES:
            continue
        now = concern.facts.get(fact, UNKNOWN)
        for before, after in STEPS.get(fact, PLAIN_STEPS):
            if now == before:
                facts = {**concern.facts, fact: after} if after != UNKNOWN else {k: v for k, v in concern.facts.items() if k != fact}
                yield fact, after, replace(concern, facts=facts, found=frozenset(concern.found & facts.keys()))


def _unknown_age(outcomes: Outcomes, who: Situation, concern: Concern) -> Break | None:
    if who.stage != "minor":
        return None
    known = outcomes.of(who, concern)
    unknown = outcomes.of(replace(who, age=None, stage="unknown", stated=None), concern)
    if RANK[known] < RANK["review"] or _only_by_age(outcomes, who, concern) or RANK[unknown] >= RANK["review"]:
        return None
    return f"is {known} at a known age, and {unknown} when the age is not known"


def _only_by_age(outcomes: Outcomes, who: Situation, concern: Concern) -> bool:
    """N7 looks at children known to be that young (the policy says so); it can't be asked of an age that nobody knows."""
    return {finding.clause for finding in outcomes.findings(who, concern)} <= {"N7"}


def _one_outcome(outcomes: Outcomes, who: Situation, concern: Concern) -> Break | None:
    given = {finding.outcome for finding in outcomes.findings(who, concern)}
    strange = given - {"emergency", "non_emergency", "review"}
    if strange:
        return f"has the outcome {', '.join(sorted(strange))}, which is none"
    ways = {outcomes.of(who, concern), outcomes.in_reverse(who, concern)}
    return None if len(ways) == 1 else f"is {' or '.join(sorted(ways))}, as the rules are ordered"


def _held_back(outcomes: Outcomes, who: Situation, concern: Concern) -> Break | None:
    held, plain = outcomes.of(replace(who, held=True), concern), outcomes.of(who, concern)
    if RANK[held] > RANK["review"]:
        return f"is {held} though its earlier text is not known"
    return "vanishes when its earlier text is not known" if RANK[plain] >= RANK["review"] > RANK[held] else None


LAWS = (
    Law("adults", "No non-emergency is ever about an adult who is not at risk (P1).", _adult_not_at_risk),
    Law(
        "assurance",
        "An assurance lowers nothing but suicidal thoughts, never where all four criteria are yes, and never out of a supervisor's sight "
        "(A1, A2).",
        _assurance,
    ),
    Law(
        "monotonic",
        "Turning a fact from no to unknown, or from unknown to yes, never lowers the outcome (U1). Excepted are "
        "pregnancy.professionals_told (N5) and caring.disclosed (N6), whose yes says that somebody who can help knows, and a timeframe "
        "that turns from unknown to within 30 days, which is a no to E1.",
        _monotonic,
    ),
    Law(
        "unknown_age",
        "An age that is not known never makes a minor's case vanish (P4). Excepted is what N7 alone finds: it looks at children known to "
        "be of 12 or under.",
        _unknown_age,
    ),
    Law("one_outcome", "Every combination has exactly one outcome, however the rules are ordered (O1).", _one_outcome),
    Law("held_back", "An edit whose earlier text is not known leads to review at most, and never to nothing (S3).", _held_back),
)
