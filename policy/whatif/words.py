"""Changes in words, after `with`: ways that differ in one thing are one phrase."""

from collections.abc import Iterable, Mapping, Sequence

from policy.answers import UNKNOWN, YES
from policy.printing.words import listed
from policy.rulebook.rule import Rule
from policy.situation import Situation
from policy.whatif.changes import AGE, ASSURED, AT_RISK, BACK, NEEDS, OLDEST, SAID, Change, Step

_SAID: Mapping[tuple[str, str], str] = {
    (SAID, "no"): "no younger age in their words",
    (NEEDS, YES): "words of support needs",
    (NEEDS, UNKNOWN): "no words of support needs",
    (AT_RISK, YES): "it known that they are at risk as an adult",
    (AT_RISK, "no"): "it known that they are not at risk as an adult",
    (ASSURED, YES): "their word, then or later, that they are safe",
    (ASSURED, "no"): "no such word that they are safe",
    (BACK, YES): "the disclosure taken back",
    (BACK, "no"): "the disclosure not taken back",
}


def ways(changes: Iterable[Change], *, author: bool) -> str:
    """Ways to one result, any of which is enough: `means yes, or an age under 18 and timeframe immediate or within 30 days`."""
    merged: dict[tuple[tuple[Step, ...], str], list[Step]] = {}
    for change in changes:
        *others, last = sorted(change, key=lambda step: (step.what == AGE, len(step.value)))
        merged.setdefault((tuple(others), last.what), []).append(last)
    phrases = []
    for (before, _), lasts in merged.items():
        phrases.append(listed([*(_step([other], author=author) for other in before), _step(lasts, author=author)], "and"))
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])}, or {phrases[-1]}"


def unrecorded(rule: Rule, situations: Sequence[Situation]) -> list[str]:
    """What a rule asks for, the decision does not tell, and differs between situations that fit it."""
    person = rule.person != "anyone"
    found = {
        "what age their words say": {one.stated for one in situations} if person else (),
        "their age": {(one.age, one.stage) for one in situations} if person else (),
        "whether their words speak of support needs": {one.support_needs for one in situations} if person else (),
        "whether they had said that they are safe": {one.assured for one in situations} if rule.assurance != "none" else (),
        "what a trained person found": {one.concerns[0].found for one in situations},
    }
    return [what for what, values in found.items() if len(values) > 1]


def _step(steps: Sequence[Step], *, author: bool) -> str:
    what = steps[0].what
    if what == AGE:
        return _age([step.ages or (0, 0) for step in steps], author=author)
    if (what, steps[0].value) in _SAID:
        return listed(dict.fromkeys(_SAID[what, step.value] for step in steps), "or")
    values = listed(dict.fromkeys(_value(step) for step in steps), "or")
    return f"{what} {values}"


def _value(step: Step) -> str:
    by = " (found by a trained person)" if step.by_person else ""
    return f"{step.value}{by}"


def _age(bands: Sequence[tuple[int, int]], *, author: bool) -> str:
    """Bands that touch are one."""
    runs: list[tuple[int, int]] = []
    for low, high in sorted(bands):
        runs = [*runs[:-1], (runs[-1][0], high)] if runs and runs[-1][1] + 1 == low else [*runs, (low, high)]
    said = listed((_run(low, high) for low, high in runs), "or")
    return f"a date of birth that makes them {said}" if author else f"an age {said}"


def _run(low: int, high: int) -> str:
    if low == 0:
        return f"under {high + 1}"
    return f"of {low} or over" if high >= OLDEST else f"of {low} to {high}"
