"""Who: whether a clause is about this person, and when that is for somebody else to judge (P1 to P5)."""

import msgspec

from policy.answers import UNKNOWN, YES
from policy.rulebook.rule import Protection, Rule
from policy.situation import Situation


class Ages(msgspec.Struct, frozen=True):
    """The thresholds of age, in whole years: adult from, pregnancy under, child up to and with."""

    adult: int = 18
    pregnancy: int = 16
    child: int = 12


class Standing(msgspec.Struct, frozen=True):
    """What a clause comes to for a person, before its facts are looked at, and why."""

    comes_to: Protection
    because: str | None = None


NEVER = Standing("never")
ANYONE = Standing("applies")


def standing(rule: Rule, who: Situation, ages: Ages) -> Standing:
    """How a rule stands to a person: as it is, to review, or never."""
    return {"anyone": _anyone, "minor": _minor, "under_16": _under_16, "child_of_12_or_under": _child}[rule.person](rule, who, ages)


def _anyone(rule: Rule, who: Situation, ages: Ages) -> Standing:
    del rule, who, ages
    return ANYONE


def _minor(rule: Rule, who: Situation, ages: Ages) -> Standing:
    del ages
    if who.stage == "minor":
        return Standing("applies", "minor")
    if who.at_risk == YES and rule.adult_at_risk == "applies":
        return Standing("applies", "adult_at_risk")
    if who.stage != "adult":
        return Standing("review", f"age_{who.stage}")
    return _adult(rule, who)


def _adult(rule: Rule, who: Situation) -> Standing:
    if who.at_risk == YES:
        return Standing(rule.adult_at_risk, "adult_at_risk")
    if who.at_risk == UNKNOWN and who.support_needs == YES:
        return Standing(rule.support_needs, "support_needs")
    return NEVER


def _under_16(rule: Rule, who: Situation, ages: Ages) -> Standing:
    if who.stage == "adult":
        return _adult(rule, who)
    if who.stage != "minor":
        return Standing("review", f"age_{who.stage}")
    if who.age is None:
        return Standing("review", "minor_of_unknown_age")
    if who.age < ages.pregnancy:
        return Standing("applies", f"under_{ages.pregnancy}")
    return Standing("review", "younger_age_in_the_words") if _says_less(who, ages.pregnancy) else NEVER


def _child(rule: Rule, who: Situation, ages: Ages) -> Standing:
    del rule
    if who.stage == "minor" and who.age is not None and who.age <= ages.child:
        return Standing("applies", f"child_of_{ages.child}_or_under")
    return Standing("review", "younger_age_in_the_words") if _says_less(who, ages.child + 1) else NEVER


def _says_less(who: Situation, age: int) -> bool:
    return who.stated is not None and who.stated < age
