"""Emergencies, at any age: E0 to E5. They go to the emergency services."""

from policy.rulebook.questions import CRITERIA
from policy.rulebook.rule import Recipient, Rule

_999: tuple[Recipient, ...] = ("999",)

RULES = (
    Rule(
        clause="E0",
        says="at immediate risk of harm in a way that no list names, as a trained person found",
        kind="other",
        facts=("other.immediate_risk", "other.immediate_risk_found"),
        outcome="emergency",
        recipients=_999,
    ),
    Rule(
        clause="E0",
        says="said to be at immediate risk of harm in a way that no list names, which a person must judge",
        kind="other",
        facts=("other.immediate_risk", "other.immediate_risk_told"),
        outcome="review",
        recipients=("supervisor",),
    ),
    Rule(
        clause="E1",
        says="a plan to end their life in the immediate future: thoughts, plan, means and timeframe",
        kind="suicide",
        facts=CRITERIA,
        outcome="emergency",
        recipients=_999,
        asked_when="thoughts_and_another_or_two_others",
        assurance="incomplete",
    ),
    Rule(
        clause="E1",
        form="weaker",
        says="thoughts of ending their life, a plan, and a timeframe within 30 days",
        kind="suicide",
        facts=("suicide.thoughts", "suicide.plan", "suicide.timeframe<=30d"),
        outcome="emergency",
        recipients=_999,
        asked_when="thoughts_and_another_or_two_others_30d",
        assurance="incomplete",
    ),
    Rule(
        clause="E2",
        says="they have just hurt themselves in a way that puts their life at risk",
        kind="self_injury",
        facts=("self_injury.recent", "self_injury.life_threatening"),
        outcome="emergency",
        recipients=_999,
        asked_when="either_fact_of_injury",
    ),
    Rule(
        clause="E3",
        says="abused or seriously hurt by somebody in a position of trust who could also hurt other young people",
        kind="abuse",
        facts=("abuse.position_of_trust", "abuse.danger_stands"),
        outcome="emergency",
        recipients=_999,
        asked_when="position_of_trust",
    ),
    Rule(
        clause="E4",
        says="they have taken more of a medication than prescribed or advised",
        kind="overdose",
        facts=("overdose.taken",),
        outcome="emergency",
        recipients=_999,
        asked_when="raised",
    ),
    Rule(
        clause="E5",
        says="they might harm somebody else",
        kind="harm_to_others",
        facts=("harm_to_others.might_harm",),
        outcome="emergency",
        recipients=_999,
        asked_when="raised",
        looks_at="author",
    ),
)
