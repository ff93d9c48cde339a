"""The laws that every policy version must keep, each with what it says and how one person and one concern can break it."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache

import msgspec

from policy.answers import NO, UNKNOWN, YES
from policy.proving.outcomes import Row
from policy.proving.space import FACTS, concerns
from policy.rulebook.questions import criteria
from policy.rulebook.then import RANK
from policy.situation import Concern

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
    """One law. `broken` is asked of one person and the place of one concern; it gives a sentence where the law is broken."""

    name: str
    says: str
    broken: Callable[[Row, int], Break | None]


def _adult_not_at_risk(row: Row, place: int) -> Break | None:
    if row.who.stage != "adult" or row.who.at_risk == YES:
        return None
    given = next((finding.clause for finding in row.found[place] if finding.outcome == "non_emergency"), None)
    return f"{given} gives a non-emergency" if given else None


def _assurance(row: Row, place: int) -> Break | None:
    plain, assured, concern = row.outcomes[place], row.assured[place], concerns()[place]
    if concern.kind != "suicide" or all(answer == YES for answer in criteria(concern)) or not row.who.author:
        return None if plain == assured else f"an assurance turns {plain} into {assured}"
    lost = RANK[plain] > RANK["none"] and RANK[assured] < RANK["review"]
    return f"an assurance turns {plain} into {assured}, and nobody sees it" if lost else None


def _monotonic(row: Row, place: int) -> Break | None:
    for outcomes, also in ((row.outcomes, ""), (row.assured, " while they say they are safe")):
        for fact, value, raised in _steps()[place]:
            if RANK[outcomes[raised]] < RANK[outcomes[place]]:
                return f"{fact} becoming {value} turns {outcomes[place]} into {outcomes[raised]}{also}"
    return None


@cache
def _steps() -> tuple[tuple[tuple[str, str, int], ...], ...]:
    """For each concern, where it lies once a fact of it has turned: the fact, what it turned to, and the place of the other concern."""
    places = {_key(concern): place for place, concern in enumerate(concerns())}
    return tuple(tuple((fact, value, places[_key(raised)]) for fact, value, raised in _raised(concern)) for concern in concerns())


def _key(concern: Concern) -> tuple[object, ...]:
    return concern.kind, frozenset(concern.facts.items()), concern.found, concern.taken_back, concern.elsewhere


def _raised(concern: Concern) -> Iterator[tuple[str, str, Concern]]:
    for fact in FACTS[concern.kind]:
        now = concern.facts.get(fact, UNKNOWN)
        for before, after in () if (concern.kind, fact) in SAFER_WHEN_YES else STEPS.get(fact, PLAIN_STEPS):
            if now == before:
                others = {name: value for name, value in concern.facts.items() if name != fact}
                facts = others if after == UNKNOWN else {**others, fact: after}
                found = frozenset(concern.found & facts.keys())
                yield fact, after, msgspec.structs.replace(concern, facts=facts, found=found)


def _unknown_age(row: Row, place: int) -> Break | None:
    known, unknown = row.outcomes[place], row.ageless[place]
    if row.who.stage != "minor" or RANK[known] < RANK["review"] or RANK[unknown] >= RANK["review"]:
        return None
    if {finding.clause for finding in row.found[place]} <= {"N7"}:
        return None
    return f"is {known} at a known age, and {unknown} when the age is not known"


def _one_outcome(row: Row, place: int) -> Break | None:
    strange = {finding.outcome for finding in row.found[place]} - {"emergency", "non_emergency", "review"}
    if strange:
        return f"has the outcome {', '.join(sorted(strange))}, which is none"
    one, other = row.outcomes[place], row.reversed[place]
    return None if one == other else f"is {one} or {other}, as the rules are ordered"


def _held_back(row: Row, place: int) -> Break | None:
    plain, held = row.outcomes[place], row.held[place]
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
