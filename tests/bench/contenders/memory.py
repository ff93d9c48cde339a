"""State in a dictionary."""

from streams.heart.ports import Verdict


class Memory:
    """Implements `State`; gone with the process."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value under a key."""
        return self._values.get(key)

    def apply(self, verdict: Verdict) -> None:
        """Take over what a verdict changes."""
        for group in verdict.changes:
            for change in group:
                if change.value is None:
                    self._values.pop(change.key, None)
                else:
                    self._values[change.key] = change.value
