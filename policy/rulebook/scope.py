"""Scope: an event from the future also goes to review (S4), and what S3 holds back leads to review at most."""

from policy.rulebook.rule import Rule

HELD_BACK = "earlier text not known (S3)"

RULES = (
    Rule(
        clause="S4",
        says="the event is from the future; somebody must check its clock",
        kind="none",
        facts=("event.ahead",),
        outcome="review",
        recipients=("supervisor",),
    ),
)
