"""Where help is, and what somebody could ask: shown where nothing is reported (T4), and with a notice."""

from collections.abc import Iterable

from policy.picture.looking import BACK
from policy.rulebook.questions import positive
from policy.situation import Concern
from policy.telling.verdict import Verdict
from schemas.concerns import FACTS

DISTRESS = frozenset({"suicide", "self_injury", "abuse"})
OTHER_SUPPORT = ("text_line", "other")
LIFE_IN_DANGER = ("999", "a_and_e", *OTHER_SUPPORT)
_QUIET = frozenset({"none", "review"})


def shown(verdict: Verdict) -> tuple[str, ...]:
    """What to show: nothing unless the outcome is none or review and a fact of suicide, self-injury or abuse is yes (T4)."""
    if not verdict.about or verdict.outcome not in _QUIET or not any(True for _ in _distress(verdict)):
        return ()
    grave = any(found.clause in ("U3", "E0", "E1", "E2", "E4") for about in verdict.about for found in about.found)
    return LIFE_IN_DANGER if grave else OTHER_SUPPORT


def asked(verdict: Verdict) -> tuple[str, ...]:
    """The unknown facts of those concerns, dotted, for somebody to ask for."""
    return tuple(dict.fromkeys(f"{c.kind}.{fact}" for c in _distress(verdict) for fact in FACTS[c.kind] if fact not in c.facts))


def in_distress(concern: Concern) -> bool:
    """Whether a concern is a sign of suicide, self-injury or abuse."""
    return concern.kind in DISTRESS and any(positive(fact, value) for fact, value in concern.facts.items() if fact != BACK)


def _distress(verdict: Verdict) -> Iterable[Concern]:
    return (concern for about in verdict.about for concern in about.situation.concerns if in_distress(concern))
