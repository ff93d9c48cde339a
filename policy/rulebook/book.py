"""The whole rulebook in the order of the policy, checked when it is put together."""

from policy.rulebook import emergencies, missing, non_emergencies, safe, scope
from policy.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (*emergencies.RULES, *non_emergencies.RULES, *safe.RULES, *missing.RULES, *scope.RULES)
CLAUSES: tuple[str, ...] = tuple(dict.fromkeys(rule.clause for rule in RULES))


def rules_of(clause: str, form: str) -> tuple[Rule, ...]:
    """All rules of a clause in one form; none where there is no such form."""
    return tuple(rule for rule in RULES if rule.clause == clause and rule.form == form)
