"""How one entry of the state is written: in the changelog, and in the local store under the same bytes."""

import struct
from collections.abc import Sequence

from streams.heart.ports import Change

EPOCH_HEADER = "e"  # short: it is on every changelog record
OURS = b"\x00"  # keys of the heart's own begin so, and no judge's does
OWNER_KEY = OURS + b"owner"  # of the record by which a worker claims a partition
ORDER_KEY = OURS + b"order"  # of the order in which verdicts on their way were reached
HEAD = 9  # bytes before the value: the form, and when the key is due
NEVER = struct.pack(">q", -1)

Framed = tuple[bytes, bytes | None]  # a key, and its entry or None where it is deleted

_HEAD = struct.Struct(">Bq")
_EPOCH = struct.Struct(">Q")
_FORM = 1
_UNDATED = _HEAD.pack(_FORM, -1)


def pack(value: bytes, due: int | None) -> bytes:
    """A value and the second at which its key is due."""
    return (_UNDATED if due is None else _HEAD.pack(_FORM, due)) + value


def framed(group: Sequence[Change]) -> list[Framed]:
    """Changes as they are written."""
    return [(key, None if value is None else pack(value, due)) for key, value, due in group]


def value_of(frame: bytes) -> bytes:
    """The value in a frame.

    Raises:
        ValueError: the frame was written by a version that is not known here.
    """
    if frame[0] != _FORM:
        raise ValueError(f"state was written in form `{frame[0]}`, and this program knows `{_FORM}`; use the program that wrote it")
    return frame[HEAD:]


def due_of(frame: bytes) -> int | None:
    """The second at which the frame's key is due, or None."""
    due: int = _HEAD.unpack_from(frame)[1]
    return None if due < 0 else due


def pack_epoch(epoch: int) -> bytes:
    """An epoch as a header's value."""
    return _EPOCH.pack(epoch)


def epoch_of(headers: object) -> int:
    """The epoch in a record's headers; 0 where there is none."""
    for name, value in headers if isinstance(headers, (tuple, list)) else ():
        if name == EPOCH_HEADER:
            return int(_EPOCH.unpack(value)[0])
    return 0
