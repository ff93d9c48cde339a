"""What judging remembers: parts of people's state, decoded once, read through to the heart's store."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

import msgspec

from policy.core import LEFT, Part, decode_part, encode_part
from streams.heart.ports import Change, State, StopTheWorkerError
from streams.judging.bursts import NAME as BURST
from streams.judging.bursts import Burst

_SEPARATOR = "\x00"
_ONCE = "id/"  # an id is looked up once, when its event comes; keeping it decoded would only crowd others out


class StateUnavailableError(StopTheWorkerError):
    """The store did not answer, or what it holds can't be read: nothing may be judged, the worker stops."""


def key_of(owner: str, part: str) -> bytes:
    """The store's key of one part of an owner's state. Owners hold no NUL: ids are visible characters."""
    return f"{owner}{_SEPARATOR}{part}".encode()


def owner_and_part(key: bytes) -> tuple[str, str]:
    """The inverse of `key_of`."""
    owner, _, part = key.decode().partition(_SEPARATOR)
    return owner, part


def by_owner(keys: Iterable[bytes]) -> dict[str, list[str]]:
    """Parts by owner; of what steps left for later only the first one's, so that looking again takes no longer than one such part."""
    owners: dict[str, list[str]] = {}
    goes_on = False
    for owner, part in map(owner_and_part, keys):
        if part != LEFT or not goes_on:
            owners.setdefault(owner, []).append(part)
        goes_on = goes_on or part == LEFT
    return owners


class Recent:
    """Decoded parts used lately, at most `capacity` of them over all partitions."""

    def __init__(self, capacity: int = 50_000) -> None:
        self._parts: OrderedDict[tuple[int, str, str], Part] = OrderedDict()
        self._capacity = capacity

    def get(self, partition: int, owner: str, name: str) -> Part | None:
        """A part, or None where it is not at hand (which says nothing about the store)."""
        key = (partition, owner, name)
        part = self._parts.get(key)
        if part is not None:
            self._parts.move_to_end(key)
        return part

    def put(self, partition: int, owner: str, name: str, part: Part | None) -> None:
        """Keep a part, or drop it (None)."""
        if part is None:
            self._parts.pop((partition, owner, name), None)
            return
        self._parts[partition, owner, name] = part
        if len(self._parts) > self._capacity:
            self._parts.popitem(last=False)

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop all of some partitions: another worker may change them from now on."""
        gone = frozenset(partitions)
        self._parts = OrderedDict(item for item in self._parts.items() if item[0][0] not in gone)


class Chunk:
    """One chunk's working memory: reads through to the store, collects changes, hands them over at the end."""

    def __init__(self, partition: int, state: State, recent: Recent) -> None:
        self._partition = partition
        self._state = state
        self._recent = recent
        self._changed: dict[str, dict[str, Part | None]] = {}
        self._changes: dict[str, dict[str, Change]] = {}

    def view(self, owner: str) -> "OwnerView":
        """An owner's state as of now in this chunk."""
        return OwnerView(self, owner)

    def get(self, owner: str, name: str) -> Part | None:
        """A part; raises `StateUnavailableError` where the store can't say."""
        changed = self._changed.get(owner)
        if changed is not None and name in changed:
            return changed[name]
        part = self._recent.get(self._partition, owner, name)
        return part if part is not None else self._load(owner, name)

    def remember(self, owner: str, changes: Mapping[str, Part | None]) -> None:
        """Take over what one record changed. Encoded at once, so that a part that can't be encoded fails its own record alone."""
        if not changes:
            return
        encoded = {name: _change(key_of(owner, name), part) for name, part in changes.items()}
        self._changes.setdefault(owner, {}).update(encoded)
        self._changed.setdefault(owner, {}).update(changes)

    def finish(self) -> list[list[Change]]:
        """All changes, grouped by owner; from here on later chunks see them."""
        for owner, parts in self._changed.items():
            for name, part in parts.items():
                if not name.startswith(_ONCE):
                    self._recent.put(self._partition, owner, name, part)
        return [list(parts.values()) for parts in self._changes.values()]

    def _load(self, owner: str, name: str) -> Part | None:
        try:
            value = self._state.get(key_of(owner, name))
            part = None if value is None else _decode(name, value)
        except Exception as error:
            raise StateUnavailableError(
                "the state store did not answer or holds what can't be read; see to the disk, and remove the state's folder "
                "where it is broken: the changelog has it all"
            ) from error
        if part is not None and not name.startswith(_ONCE):
            self._recent.put(self._partition, owner, name, part)
        return part


class OwnerView:
    """The policy's view of one owner."""

    __slots__ = ("_chunk", "_owner")

    def __init__(self, chunk: Chunk, owner: str) -> None:
        self._chunk = chunk
        self._owner = owner

    def get(self, part: str) -> Part | None:
        """The part of a name, or None where the owner has none."""
        return self._chunk.get(self._owner, part)


def _change(key: bytes, part: Part | None) -> Change:
    return Change(key, None) if part is None else Change(key, encode_part(part), part.due)


def _decode(name: str, value: bytes) -> Part:
    return msgspec.msgpack.decode(value, type=Burst) if name.startswith(BURST) else decode_part(name, value)
