"""Non-emergencies, for minors: N0 to N7, with what becomes of each for adults at risk (P2, P5) and the chosen routing (O2)."""

from policy.rulebook.rule import Rule

RULES = (
    Rule(
        clause="N0", says="something else that other services need to know about a minor, as a trained person found",
        kind="other", facts=("other.others_need_to_know", "other.others_need_to_know_found"),
        outcome="non_emergency", recipients=("social_worker",), person="minor", adult_at_risk="review", support_needs="review",
    ),
    Rule(
        clause="N0", says="something else that other services may need to know about a minor, which a person must judge",
        kind="other", facts=("other.others_need_to_know", "other.others_need_to_know_told"),
        outcome="review", recipients=("supervisor",), person="minor", adult_at_risk="review", support_needs="review",
    ),
    Rule(
        clause="N1", says="a minor intends to end their life within the next 30 days",
        kind="suicide", facts=("suicide.thoughts", "suicide.timeframe<=30d"),
        outcome="non_emergency", recipients=("care_professional", "social_worker"), person="minor", adult_at_risk="review",
        support_needs="review", asked_when="thoughts_and_another_or_two_others_30d", assurance="all",
    ),
    Rule(
        clause="N2", says="ongoing abuse of a minor or of an adult at risk, or ongoing contact with an abuser",
        kind="abuse", facts=("abuse.ongoing_or_contact",),
        outcome="non_emergency", recipients=("101", "social_worker"), person="minor", adult_at_risk="applies", support_needs="review",
        asked_when="raised",
    ),
    Rule(
        clause="N3", says="coercive or abusive sexual contact with or between minors",
        kind="sexual_coercion", facts=("sexual_coercion.with_or_between_minors",),
        outcome="non_emergency", recipients=("101", "social_worker"), person="minor", adult_at_risk="review", support_needs="review",
    ),
    Rule(
        clause="N4", says="a minor is homeless or at risk of it",
        kind="homelessness", facts=("homelessness.homeless_or_at_risk",),
        outcome="non_emergency", recipients=("social_worker",), person="minor", adult_at_risk="review", support_needs="review",
    ),
    Rule(
        clause="N5", says="somebody under 16 is pregnant and medical professionals have not been told",
        kind="pregnancy", facts=("pregnancy.pregnant", "pregnancy.professionals_not_told"),
        outcome="non_emergency", recipients=("care_professional",), person="under_16", asked_when="raised",
    ),
    Rule(
        clause="N6", says="a minor has caring responsibilities that have not been disclosed",
        kind="caring", facts=("caring.caring", "caring.not_disclosed"),
        outcome="non_emergency", recipients=("social_worker",), person="minor", asked_when="caring",
    ),
    Rule(
        clause="N7", says="a concern about a child of 12 or under",
        kind="any", facts=("any.fact_is_yes",), outcome="review", recipients=("supervisor",), person="child_of_12_or_under",
    ),
)
