"""A point of the space in words, for people who don't program."""

from policy.answers import UNKNOWN
from policy.proving.space import FACTS
from policy.situation import Concern, Situation

_STAGES = {"minor": "a minor", "adult": "an adult", "unknown": "somebody of unknown age", "disputed": "somebody whose age is disputed"}


def describe(who: Situation, concern: Concern) -> str:
    """One person and one concern, in a sentence's first half."""
    return f"{_person(who)}, with {_concern(concern)}"


def _person(who: Situation) -> str:
    said = [_STAGES[who.stage] + (f" of {who.age}" if who.age is not None else "")]
    if not who.author:
        return f"{said[0]} (another than the author)"
    if who.stated is not None:
        said.append(f"whose words say {who.stated}")
    if who.at_risk != UNKNOWN:
        said.append("at risk" if who.at_risk == "yes" else "not at risk")
    if who.support_needs == "yes":
        said.append("whose words speak of support needs")
    return ", ".join(said)


def _concern(concern: Concern) -> str:
    facts = ", ".join(_fact(concern, fact) for fact in FACTS[concern.kind])
    return f"{concern.kind} ({facts}{', taken back' if concern.taken_back else ''}{', about another' if concern.elsewhere else ''})"


def _fact(concern: Concern, fact: str) -> str:
    by = " (a trained person's)" if fact in concern.found else ""
    return f"{fact}: {concern.facts.get(fact, UNKNOWN)}{by}"
