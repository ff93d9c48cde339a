"""Findings in plain English, from facts alone: never a person's words."""

from collections.abc import Iterable

from policy.judging import Found
from policy.rulebook.questions import QUESTIONS

_WHY_REVIEW = {
    "adult_at_risk": "about an adult at risk",
    "support_needs": "an adult whose words speak of support needs",
    "age_unknown": "the age is not known",
    "age_disputed": "the age is disputed",
    "minor_of_unknown_age": "a minor, at no known age",
    "younger_age_in_the_words": "the words say a younger age",
}


def short(found: Found) -> str:
    """A finding that needs a person, in a decision's words: `E1 incomplete`."""
    return found.clause if found.status == "applies" else f"{found.clause} {found.status}"


def reason(found: Found, name: str) -> str:
    """One sentence about a finding: the clause, what it says, what is known and what is not."""
    about = "" if name == "author" else f", about another person ({name})"
    return f"{found.clause}{_status(found)}: {found.rule.says}{about}{_known(found)}{_unknown(found)}{_why(found)}"


def no_longer(facts: Iterable[str]) -> str:
    """One sentence about criteria that turned to no (O4)."""
    return f"no longer said to be so: {', '.join(facts)}"


def _status(found: Found) -> str:
    return {
        "withheld": " is held back, because they say that they are safe",
        "incomplete": " may apply",
    }.get(found.status, " needs a person's judgement" if found.outcome == "review" else " applies")


def _known(found: Found) -> str:
    said = [QUESTIONS[name].says for name in found.because if name in QUESTIONS]
    return f"; known: {', '.join(said)}" if said else ""


def _unknown(found: Found) -> str:
    return f"; not known: {', '.join(found.missing)}" if found.missing else ""


def _why(found: Found) -> str:
    why = [_WHY_REVIEW.get(word, word) for word in found.because if word not in QUESTIONS and (word in _WHY_REVIEW or " " in word)]
    return f" ({'; '.join(why)})" if why and found.outcome == "review" else ""
