"""An event loop in virtual time: nothing waits, and the same seed gives the same order of everything."""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from typing import Any


class StuckError(Exception):
    """Nothing is left that could ever happen."""


class _Selector(selectors.BaseSelector):
    """Instead of waiting it lets the time pass."""

    def __init__(self) -> None:
        self.passed: Callable[[float], None] = lambda _: None
        self._map: dict[Any, Any] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, 0, events, data)
        self._map[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        found: selectors.SelectorKey = self._map.pop(fileobj)
        return found

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise StuckError
        self.passed(max(0.0, timeout))
        return []

    def get_map(self) -> Mapping[Any, Any]:
        return self._map


class Loop(asyncio.SelectorEventLoop):
    """`on_step` is called before every round of callbacks: that is where a crash can strike, at any await."""

    def __init__(self) -> None:
        self._virtual = 0.0
        selector = _Selector()
        selector.passed = self._pass
        super().__init__(selector)
        self.steps = 0
        self.on_step: Callable[[], None] = lambda: None

    def time(self) -> float:
        """Virtual seconds."""
        return self._virtual

    def _pass(self, seconds: float) -> None:
        self._virtual += seconds

    def _run_once(self) -> None:
        self.steps += 1
        self.on_step()
        super()._run_once()  # type: ignore[misc]  # asyncio's own, not in its types
