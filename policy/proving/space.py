"""The whole space: every person, every concern, in order of size, so that the first counterexample is the smallest.

A version's findings on one concern don't depend on another (`policy.judging` looks at each by itself), so all persons times all concerns
is all there is. Ages stand for their bands: the thresholds, and one year to either side.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from policy.answers import NO, UNKNOWN, YES, Answer
from policy.rulebook.safe import TAKEN_BACK_KINDS
from policy.rulebook.who import Ages
from policy.situation import Concern, LifeStage, Situation

ELSEWHERE = "harm_to_others"
"""The kind that is looked at for what it says of the author, whomever it is about (E5)."""
ANSWERS: tuple[Answer, ...] = (UNKNOWN, YES, NO)
FACTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "suicide": {
        "thoughts": ANSWERS,
        "plan": ANSWERS,
        "means": ANSWERS,
        "timeframe": (UNKNOWN, "immediate", "within_30_days", "later", "none"),
    },
    "self_injury": {"recent": ANSWERS, "life_threatening": ANSWERS},
    "overdose": {"taken": ANSWERS},
    "harm_to_others": {"might_harm": ANSWERS},
    "abuse": dict.fromkeys(("ongoing", "contact_with_abuser", "position_of_trust", "danger_to_other_young_people"), ANSWERS),
    "sexual_coercion": {"with_or_between_minors": ANSWERS},
    "homelessness": {"homeless_or_at_risk": ANSWERS},
    "pregnancy": {"pregnant": ANSWERS, "professionals_told": ANSWERS},
    "caring": {"caring": ANSWERS, "disclosed": ANSWERS},
    "other": {"immediate_risk": ANSWERS, "others_need_to_know": ANSWERS},
}
"""Every kind of concern with every value of its facts; a test holds this against the schemas."""


@cache
def concerns() -> tuple[Concern, ...]:
    """Every concern there can be, those with the fewest facts known first."""
    made = [concern for kind, facts in FACTS.items() for concern in _of_kind(kind, facts)]
    return tuple(sorted(made, key=lambda concern: (len(concern.facts), len(concern.found), concern.taken_back)))


def persons(ages: Ages) -> Iterator[Situation]:
    """Everybody, the plainest first: the author at every age, basis and status, others at every age, and all said of them."""
    for (age, stage), at_risk, needs in product(_ages(ages), ANSWERS, ANSWERS):
        for stated in _stated(stage, ages):
            yield Situation(age=age, stage=stage, stated=stated, at_risk=at_risk, support_needs=needs)
    for age, stage in (*_ages(ages), (None, "minor"), (None, "adult")):
        said = _stated(stage, ages) if age is not None else (None,)
        for stated, needs in product((None, *said) if stage == "disputed" else said, (UNKNOWN, YES)):
            yield Situation(author=False, age=age, stage=stage, stated=stated, support_needs=needs)


def _ages(ages: Ages) -> list[tuple[int | None, LifeStage]]:
    edges = sorted({edge + step for edge in (ages.child, ages.pregnancy, ages.adult) for step in (-1, 0, 1)})
    known: list[tuple[int | None, LifeStage]] = [(age, "minor" if age < ages.adult else "adult") for age in edges]
    return [*known, (None, "unknown"), (ages.adult, "disputed"), (ages.adult + 1, "disputed")]


def _stated(stage: LifeStage, ages: Ages) -> tuple[int | None, ...]:
    """Ages under adulthood that the words may say: beside an adult's profile they make a dispute, without any profile the age itself."""
    said = (ages.child, ages.child + 1, ages.pregnancy - 1, ages.pregnancy, ages.adult - 1)
    return {"minor": (None, *said), "disputed": said}.get(stage, (None,))


def _of_kind(kind: str, facts: Mapping[str, tuple[str, ...]]) -> Iterator[Concern]:
    for values in product(*facts.values()):
        known = {fact: value for fact, value in zip(facts, values, strict=True) if value != UNKNOWN}
        for found in _found(kind, known):
            for taken_back in (False, True) if kind in TAKEN_BACK_KINDS else (False,):
                for elsewhere in (False, True) if kind == ELSEWHERE else (False,):
                    yield Concern(kind, known, found=found, taken_back=taken_back, elsewhere=elsewhere)


def _found(kind: str, known: Mapping[str, str]) -> list[frozenset[str]]:
    """Which facts a trained person found: it matters for E0 and N0 alone."""
    if kind != "other":
        return [frozenset()]
    return [frozenset(fact for fact, by in zip(known, chosen, strict=True) if by) for chosen in product((False, True), repeat=len(known))]
