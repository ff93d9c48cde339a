"""What happens then: outcomes in order, who comes first, how urgent a review is (O1, O2)."""

from collections.abc import Iterable, Sequence
from typing import Literal

Urgency = Literal["now", "today", "routine"]
RANK = {"out_of_scope": -1, "none": 0, "review": 1, "non_emergency": 2, "emergency": 3}
TOPIC_OF = {"emergency": "emergency-alerts", "non_emergency": "non-emergency-referrals", "review": "reviews"}
SUPERVISOR = ("supervisor",)
AT_ONCE = frozenset({"U3"})


def highest(outcomes: Iterable[str]) -> str:
    """The highest outcome of all, `none` of none."""
    return max(outcomes, key=RANK.__getitem__, default="none")


def urgency(clauses: Iterable[str]) -> Urgency:
    """How soon a supervisor must look: `now` for E0 to E5 and three of four, `today` for N0 to N7, else `routine`."""
    given = set(clauses)
    if any(clause.startswith("E") for clause in given) or given & AT_ONCE:
        return "now"
    return "today" if any(clause.startswith("N") for clause in given) else "routine"


def routing(recipients: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """All recipients once, in the rules' order, the social worker first: also where no profile names one, since one may be found."""
    given = dict.fromkeys(name for names in recipients for name in names)
    first = ("social_worker",) if "social_worker" in given else ()
    return (*first, *(name for name in given if name not in first))
