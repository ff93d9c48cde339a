"""What the sentences of a difference are made of: whom they speak of, where, and what becomes of it, each as words and as a condition."""

from collections.abc import Callable

import msgspec

from policy.comparing.people import Named
from policy.comparing.table import Both, Cell
from policy.rulebook.then import RANK


class Claim(msgspec.Struct, frozen=True):
    """What becomes of some persons' cases: `after`, or at least that. `befores`: of what it speaks, and is silent on anything else."""

    who: Named
    befores: frozenset[str]
    after: str
    at_least: bool
    where: Callable[[Cell], bool]
    only: frozenset[int] | None = None
    """Rules of the first version: it speaks of what they alone decided, and means `after`, or what other clauses find, if that is more."""

    def speaks_of(self, cell: Cell, both: Both) -> bool:
        """Whether a case is one that this is about, if it is about the person (`who.members`)."""
        deciding = self.only is None or both.before.top <= self.only
        return both.before.outcome in self.befores and deciding and self.where(cell)


class Difference(msgspec.Struct, frozen=True):
    """One sentence about situations whose outcome differs. `lost_emergency`: what was one is less."""

    says: str
    claims: tuple[Claim, ...]

    @property
    def lost_emergency(self) -> bool:
        """Whether an emergency is lost by it."""
        return any("emergency" in claim.befores and claim.after != "emergency" for claim in self.claims)

    @property
    def weight(self) -> tuple[int, int, int]:
        """For sorting: lost emergencies first, what is lost by how much, then what is gained, the highest first."""
        before = max(RANK[one] for claim in self.claims for one in claim.befores)
        after = min(RANK[claim.after] for claim in self.claims)
        best = max(RANK[claim.after] for claim in self.claims)
        return (0, -before, after) if after < before else (1, -best, 0)
