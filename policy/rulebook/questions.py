"""Facts as named questions with three answers. An "or" lives inside a question that has a name of its own."""

from collections.abc import Callable, Mapping

import msgspec

from policy.answers import NO, UNKNOWN, YES, Answer, any_of, not_
from policy.situation import Concern

IMMEDIATE = frozenset({"immediate"})
WITHIN_30_DAYS = frozenset({"immediate", "within_30_days"})
CRITERIA = ("suicide.thoughts", "suicide.plan", "suicide.means", "suicide.timeframe<=48h")


class Question(msgspec.Struct, frozen=True):
    """One question about a concern. `looks_at`: the facts it is answered from; `asks`: those to ask for while it is unknown."""

    name: str
    says: str
    looks_at: tuple[str, ...]
    answer: Callable[[Concern], Answer]
    asks: Callable[[Concern], tuple[str, ...]] | None = None

    def missing(self, concern: Concern) -> tuple[str, ...]:
        """Dotted facts that would settle the answer (U1)."""
        asked = self.asks(concern) if self.asks else tuple(fact for fact in self.looks_at if fact not in concern.facts)
        return tuple(f"{concern.kind}.{fact}" for fact in asked)


def given(concern: Concern, fact: str) -> Answer:
    """A plain fact's answer: unknown where nothing was said."""
    value = concern.facts.get(fact)
    return YES if value == YES else NO if value == NO else UNKNOWN


def within(concern: Concern, moments: frozenset[str]) -> Answer:
    """Whether the timeframe is one of these. `later` and `none` are a no, silence is unknown."""
    value = concern.facts.get("timeframe", UNKNOWN)
    return UNKNOWN if value == UNKNOWN else YES if value in moments else NO


def positive(fact: str, value: str) -> bool:
    """Whether a fact's value is a yes, in a timeframe too: it says when, and soon."""
    return value in WITHIN_30_DAYS if fact == "timeframe" else value == YES


def _plain(kind: str, fact: str, says: str) -> Question:
    return Question(f"{kind}.{fact}", says, (fact,), lambda concern: given(concern, fact))


def _found(fact: str, *, by_person: bool) -> Callable[[Concern], Answer]:
    return lambda concern: YES if (fact in concern.found) is by_person else NO


def _danger_stands(concern: Concern) -> Answer:
    danger, ongoing = given(concern, "danger_to_other_young_people"), given(concern, "ongoing")
    return danger if danger != UNKNOWN else YES if ongoing == YES else UNKNOWN


def _ask_of_danger(concern: Concern) -> tuple[str, ...]:
    return ("danger_to_other_young_people",) if given(concern, "ongoing") == NO else ("ongoing",)


def criteria(concern: Concern) -> tuple[Answer, Answer, Answer, Answer]:
    """The four criteria of E1: thoughts, plan, means, an immediate timeframe."""
    return given(concern, "thoughts"), given(concern, "plan"), given(concern, "means"), within(concern, IMMEDIATE)


def _exactly_three(concern: Concern) -> Answer:
    return YES if criteria(concern).count(YES) == len(CRITERIA) - 1 else NO


def _any_yes(concern: Concern) -> Answer:
    return any_of(YES if positive(fact, value) else NO for fact, value in concern.facts.items())


_ALL = (
    _plain("suicide", "thoughts", "they have thoughts of ending their life"),
    _plain("suicide", "plan", "they have a plan"),
    _plain("suicide", "means", "they have the means"),
    Question("suicide.timeframe<=48h", "it would be within 48 hours of the words", ("timeframe",), lambda c: within(c, IMMEDIATE)),
    Question("suicide.timeframe<=30d", "it would be within 30 days of the words", ("timeframe",), lambda c: within(c, WITHIN_30_DAYS)),
    Question(
        "suicide.three_of_four", "exactly three of the four criteria are yes", ("thoughts", "plan", "means", "timeframe"), _exactly_three
    ),
    _plain("self_injury", "recent", "they have just hurt themselves"),
    _plain("self_injury", "life_threatening", "the injury puts their life at risk"),
    _plain("overdose", "taken", "they have taken more of a medication than prescribed or advised"),
    _plain("harm_to_others", "might_harm", "they might harm somebody else"),
    Question(
        "abuse.ongoing_or_contact",
        "the abuse goes on, or there is contact with the abuser",
        ("ongoing", "contact_with_abuser"),
        lambda c: any_of((given(c, "ongoing"), given(c, "contact_with_abuser"))),
    ),
    _plain("abuse", "position_of_trust", "the abuser is in a position of trust"),
    Question(
        "abuse.danger_stands",
        "the abuser could hurt other young people (implied while the abuse goes on, unless said not to)",
        ("danger_to_other_young_people", "ongoing"),
        _danger_stands,
        _ask_of_danger,
    ),
    Question(
        "sexual_coercion.with_or_between_minors",
        "sexual contact was coercive or abusive, with or between minors (not said counts as yes)",
        ("with_or_between_minors",),
        lambda c: NO if given(c, "with_or_between_minors") == NO else YES,
    ),
    _plain("homelessness", "homeless_or_at_risk", "they are homeless or at risk of it"),
    _plain("pregnancy", "pregnant", "they are pregnant"),
    Question(
        "pregnancy.professionals_not_told",
        "medical professionals have not been told",
        ("professionals_told",),
        lambda c: not_(given(c, "professionals_told")),
    ),
    _plain("caring", "caring", "they have caring responsibilities"),
    Question("caring.not_disclosed", "those have not been disclosed", ("disclosed",), lambda c: not_(given(c, "disclosed"))),
    _plain("other", "immediate_risk", "they are at immediate risk in a way that no list names"),
    Question("other.immediate_risk_found", "a trained person found that", ("immediate_risk",), _found("immediate_risk", by_person=True)),
    Question(
        "other.immediate_risk_told", "no trained person has judged that", ("immediate_risk",), _found("immediate_risk", by_person=False)
    ),
    _plain("other", "others_need_to_know", "other services may need to know something that no list names"),
    Question(
        "other.others_need_to_know_found",
        "a trained person found that",
        ("others_need_to_know",),
        _found("others_need_to_know", by_person=True),
    ),
    Question(
        "other.others_need_to_know_told",
        "no trained person has judged that",
        ("others_need_to_know",),
        _found("others_need_to_know", by_person=False),
    ),
    Question("event.ahead", "the event lies ahead of its arrival", (), lambda _: YES),
    Question("any.fact_is_yes", "a fact of any concern is yes", (), _any_yes),
    Question("any.taken_back", "the disclosure was taken back", (), lambda c: YES if c.taken_back else NO),
)
QUESTIONS: Mapping[str, Question] = {question.name: question for question in _ALL}
