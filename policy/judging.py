"""Judging: one situation and a version's rules in, findings out. Pure, small and enumerable: the proofs call exactly this."""

from collections.abc import Iterable

import msgspec

from policy.answers import NO, YES, Answer
from policy.rulebook import safe
from policy.rulebook.missing import ASKED_WHEN
from policy.rulebook.questions import QUESTIONS, Question
from policy.rulebook.rule import Outcome, Rule
from policy.rulebook.scope import HELD_BACK
from policy.rulebook.who import standing
from policy.situation import Concern, Situation
from policy.versions.version import Version


class Found(msgspec.Struct, frozen=True):
    """One finding: what a rule comes to on one concern. `facts`: the plain facts (undotted) that it looks at; `concern` None: on none."""

    rule: Rule
    outcome: Outcome
    status: str
    because: tuple[str, ...]
    missing: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    concern: Concern | None = None

    @property
    def clause(self) -> str:
        """The clause that was found."""
        return self.rule.clause


def judge(situation: Situation, version: Version) -> tuple[Found, ...]:
    """All that a version's rules find about one person at risk, in the rulebook's order. Order of rules means nothing (O1)."""
    found = [finding for concern in situation.concerns for finding in _on(concern, situation, version)]
    if situation.ahead:
        found.extend(_ahead(version))
    return tuple(found)


def _on(concern: Concern, situation: Situation, version: Version) -> Iterable[Found]:
    for rule in (*version.by_kind.get(concern.kind, ()), *version.by_kind.get("any", ())):
        if _is_about(rule, concern, situation):
            finding = _apply(rule, concern, situation, version)
            if finding:
                yield finding


def _is_about(rule: Rule, concern: Concern, situation: Situation) -> bool:
    return situation.author if rule.looks_at == "author" else not concern.elsewhere or rule.kind == "any"


def _ahead(version: Version) -> Iterable[Found]:
    for rule in version.by_kind.get("none", ()):
        yield Found(rule, rule.outcome, "applies", rule.facts)


def _apply(rule: Rule, concern: Concern, situation: Situation, version: Version) -> Found | None:
    stands = standing(rule, situation, version.thresholds.ages)
    if stands.comes_to == "never":
        return None
    questions = [QUESTIONS[name] for name in rule.facts]
    answers = [question.answer(concern) for question in questions]
    status = _status(rule, concern, answers)
    if status is None:
        return None
    withheld = safe.holds_back(rule, status, concern, situation)
    outcome: Outcome = rule.outcome if status == "applies" and stands.comes_to == "applies" and not withheld else "review"
    because = (*filter(None, (stands.because,)), *(q.name for q, answer in zip(questions, answers, strict=True) if answer == YES))
    if situation.held:
        outcome, because = "review", (*because, HELD_BACK)
    return Found(
        rule,
        outcome,
        "withheld" if withheld else status,
        because,
        _missing(questions, answers, concern),
        _facts(questions, concern),
        concern,
    )


def _status(rule: Rule, concern: Concern, answers: list[Answer]) -> str | None:
    if NO in answers:
        return None
    if all(answer == YES for answer in answers):
        return "applies"
    asked = rule.asked_when is not None and ASKED_WHEN[rule.asked_when].holds(concern)
    return "incomplete" if asked else None


def _missing(questions: list[Question], answers: list[Answer], concern: Concern) -> tuple[str, ...]:
    unknown = (q for q, answer in zip(questions, answers, strict=True) if answer not in (YES, NO))
    return tuple(dict.fromkeys(fact for question in unknown for fact in question.missing(concern)))


def _facts(questions: list[Question], concern: Concern) -> tuple[str, ...]:
    looked_at = dict.fromkeys(fact for question in questions for fact in question.looks_at)
    return tuple(fact for fact in looked_at if fact in concern.facts) if looked_at else tuple(concern.facts)
