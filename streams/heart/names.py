"""Headers whose names are no UTF-8. Kafka's protocol forbids them and no broker checks; the client raises on them, each time anew.

One such record would end worker after worker and keep its partition standing. From the first on, what the client can't read is read here:
slower by far, so that it is not done before it is needed, and only batches that hold one pay for it.
"""

from collections.abc import Iterator
from typing import Any, SupportsIndex, cast, overload

import aiokafka.consumer.fetcher as client
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy


def read_any_name() -> None:
    """From now on this process reads names of headers in any encoding, with what is no UTF-8 written out as escapes."""
    client.MemoryRecords = Records  # aiokafka is pinned, and has no place to put another parser


class Records(_MemoryRecordsPy):  # type: ignore[misc]  # aiokafka has no types that mypy is shown
    """What a fetch gave for one partition."""

    def next_batch(self, *_: Any) -> Any:
        """The next batch, or None."""
        taken = self._next_slice
        batch = super().next_batch()
        return None if batch is None or taken is None else Batch(batch, bytes(taken))


class Batch:
    """The client's batch; where it fails on a name, the same once more with an eye on names."""

    def __init__(self, batch: Any, taken: bytes) -> None:
        self._batch = batch
        self._taken = taken

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except UnicodeDecodeError:
            return iter(list(_AnyName(self._taken)))


class _AnyName(_DefaultRecordBatchPy):  # type: ignore[misc]  # as above
    _buffer: bytearray

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Text(self._buffer)


class _Text(bytearray):
    """Bytes that decode whatever they are: in a record that is read, names are all that is decoded."""

    @overload
    def __getitem__(self, place: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> "_Text": ...
    def __getitem__(self, place: SupportsIndex | slice) -> "int | _Text":
        found = super().__getitem__(place)
        return _Text(found) if isinstance(place, slice) else cast("int", found)

    def decode(self, encoding: str = "utf-8", errors: str = "") -> str:
        del errors
        return super().decode(encoding, "backslashreplace")
