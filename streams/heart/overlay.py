"""State as judging sees it: what is stored, under what chunks in flight have changed."""

from collections.abc import Callable, Iterable

from streams.heart.ports import Change


class Overlay:
    """Implements `State` for one partition. Changes are laid over in the order of their serial and leave when they are stored."""

    def __init__(self, stored: Callable[[bytes], bytes | None]) -> None:
        self._stored = stored
        self._pending: dict[bytes, tuple[int, bytes | None]] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value under a key as the newest chunk left it, or None."""
        found = self._pending.get(key)
        return self._stored(key) if found is None else found[1]

    def lay(self, serial: int, changes: Iterable[Change]) -> None:
        """Show the changes of the chunk with this serial from now on."""
        for key, value, _ in changes:
            self._pending[key] = (serial, value)

    def lift(self, serial: int, keys: Iterable[bytes]) -> None:
        """The chunk's changes are stored: what no later chunk has changed since needs no laying over."""
        for key in keys:
            if self._pending.get(key, (None, None))[0] == serial:
                del self._pending[key]

    def __contains__(self, key: bytes) -> bool:
        return key in self._pending

    def __len__(self) -> int:
        return len(self._pending)
