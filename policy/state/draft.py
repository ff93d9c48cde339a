"""A person's state while one record is judged: what it was, overlaid with what has changed so far."""

from typing import TypeVar

from policy.edge import View
from policy.state.parts import Head, Part

P = TypeVar("P", bound=Part)
NO_HEAD = Head()


class Draft:
    """Reads through a view, remembers changes, writes nothing."""

    def __init__(self, view: View) -> None:
        self._view = view
        self.changes: dict[str, Part | None] = {}
        self._known: dict[str, Part | None] = {}  # read or changed: a view may have to ask a store

    def get(self, name: str, kind: type[P]) -> P | None:
        """The part of that name, if it is there. Raises `TypeError` where it is of another kind: a fault, never silence."""
        if name in self._known:
            part = self._known[name]
        else:
            part = self._known[name] = self._view.get(name)
        if part is None or isinstance(part, kind):
            return part
        raise TypeError(f"part `{name.partition('/')[0]}` is a `{type(part).__name__}`, not a `{kind.__name__}`; the state is damaged")

    def put(self, name: str, part: Part | None) -> None:
        """Change a part; None removes it."""
        self.changes[name] = self._known[name] = part

    @property
    def head(self) -> Head:
        """The person's head, empty where there is none yet."""
        return self.get("head", Head) or NO_HEAD


def expiry(arrival: int, state_days: int) -> int:
    """When what arrived (µs) is forgotten, in seconds, rounded up to the hour so that a busy person's parts don't move in the due index."""
    hours = -(-arrival // 3_600_000_000) + state_days * 24
    return hours * 3600
