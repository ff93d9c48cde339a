"""What is taken back (A1), and what the words "I'm safe" hold back (A2)."""

from policy.answers import YES
from policy.rulebook.questions import criteria
from policy.rulebook.rule import Rule
from policy.situation import Concern, Situation

# The facts of which a yes in the person's own words can't be taken back by their own no (A1): the disclosure itself.
PROTECTED = {("abuse", "ongoing"), ("abuse", "contact_with_abuser"), ("harm_to_others", "might_harm")}
TAKEN_BACK_KINDS = frozenset(kind for kind, _ in PROTECTED)

RULES = (
    Rule(
        clause="A1",
        says="a disclosure of abuse was taken back; what was raised stays, and a person looks at it",
        kind="abuse",
        facts=("any.taken_back",),
        outcome="review",
        recipients=("supervisor",),
    ),
    Rule(
        clause="A1",
        says="a disclosure of harm to others was taken back; what was raised stays, and a person looks at it",
        kind="harm_to_others",
        facts=("any.taken_back",),
        outcome="review",
        recipients=("supervisor",),
        looks_at="author",
    ),
)


def holds_back(rule: Rule, status: str, concern: Concern, situation: Situation) -> bool:
    """Whether the author's assurance holds this finding back: only their own suicidal thoughts, never all four criteria (A1, A2)."""
    if not (situation.assured and situation.author) or rule.assurance == "none":
        return False
    if rule.assurance == "incomplete" and status != "incomplete":
        return False
    return any(answer != YES for answer in criteria(concern))
