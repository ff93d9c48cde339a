"""The words that the printed rulebook is made of."""

from collections.abc import Iterable, Mapping

ABOUT: Mapping[str, str] = {
    "anyone": "a person of any age",
    "minor": "a minor",
    "under_16": "somebody under 16",
    "child_of_12_or_under": "a child known to be of 12 or under",
}
OUTCOMES: Mapping[str, str] = {
    "emergency": "an **emergency**",
    "non_emergency": "a **non-emergency**",
    "review": "a **review**",
}
RECIPIENTS: Mapping[str, str] = {
    "999": "the emergency services (999)",
    "101": "the non-emergency police line (101)",
    "social_worker": "the social worker (who comes first)",
    "care_professional": "a care professional",
    "supervisor": "a supervisor",
}
MEANWHILE: Mapping[str, str] = {
    "applies": "it applies as for a minor",
    "review": "a supervisor judges",
    "never": "it does not apply",
}


def listed(words: Iterable[str], last: str) -> str:
    """`a, b and c`."""
    *before, final = words
    return f"{', '.join(before)} {last} {final}" if before else final
