"""What a rule is: a value that can be printed, checked, compared and mutated. No rule has code of its own."""

from typing import Literal

import msgspec

Outcome = Literal["emergency", "non_emergency", "review"]
Recipient = Literal["999", "101", "social_worker", "care_professional", "supervisor"]
Person = Literal["anyone", "minor", "under_16", "child_of_12_or_under"]
Protection = Literal["applies", "review", "never"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One clause: about whom, which facts must all be yes, and what then.

    `kind`: of concern it looks at ("any", or "none" where it looks at the event alone). `facts`: names of questions, a conjunction.
    `form` tells apart the shapes of one clause that a policy version chooses between. `person`: who it is about (P1); `adult_at_risk`,
    `support_needs`: what becomes of it for an adult at risk (P2), and for one whose status is unknown and whose words speak of support
    needs (P5). `asked_when`: the condition under which unknown facts are asked for (U1), None for never. `assurance`: which of its
    findings an assurance holds back (A2). `looks_at`: whose rule it is where a concern names another person.
    """

    clause: str
    says: str
    kind: str
    facts: tuple[str, ...]
    outcome: Outcome
    recipients: tuple[Recipient, ...]
    form: str = "full"
    person: Person = "anyone"
    adult_at_risk: Protection = "never"
    support_needs: Protection = "never"
    asked_when: str | None = None
    assurance: Literal["all", "incomplete", "none"] = "none"
    looks_at: Literal["person_at_risk", "author"] = "person_at_risk"
