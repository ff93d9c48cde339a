"""How one entry of the state is written: in the changelog, and in the local store under the same bytes."""

import struct

EPOCH_HEADER = "e"  # short: it is on every changelog record
OWNER_KEY = b"\x00owner"  # of the record by which a worker claims a partition; no judge's key begins with NUL

_DUE = struct.Struct(">Bq")
_EPOCH = struct.Struct(">Q")
_VERSION = 1
_NEVER = -1


def pack(value: bytes, due: int | None) -> bytes:
    """A value and the second at which its key is due."""
    return _DUE.pack(_VERSION, _NEVER if due is None else due) + value


def value_of(frame: bytes) -> bytes:
    """The value in a frame.

    Raises:
        ValueError: the frame was written by a version that is not known here.
    """
    if frame[0] != _VERSION:
        raise ValueError(f"state was written in form `{frame[0]}`, and this program knows `{_VERSION}`; use the program that wrote it")
    return frame[_DUE.size :]


def due_of(frame: bytes) -> int | None:
    """The second at which the frame's key is due, or None."""
    due: int = _DUE.unpack_from(frame)[1]
    return None if due == _NEVER else due


def pack_epoch(epoch: int) -> bytes:
    """An epoch as a header's value."""
    return _EPOCH.pack(epoch)


def epoch_of(headers: object) -> int:
    """The epoch in a record's headers; 0 where there is none."""
    for name, value in headers if isinstance(headers, (tuple, list)) else ():
        if name == EPOCH_HEADER:
            return int(_EPOCH.unpack(value)[0])
    return 0
