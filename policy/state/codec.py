"""Parts into bytes and back, by the kind that a part's name begins with."""

from functools import lru_cache

import msgspec

from policy.state import cases, parts, traces
from policy.state.parts import Part

KINDS: dict[str, type[Part]] = {
    "head": parts.Head,
    "picture": parts.Picture,
    "index": parts.Index,
    "page": parts.Page,
    "id": parts.EventPart,
    "post": traces.PostPart,
    "turn": traces.Turn,
    "case": cases.Case,
    "closed": cases.Case,
    "out": cases.Out,
    "answer": cases.Answered,
    "aside": cases.Aside,
    "cases": cases.Cases,
    "awaited": traces.Awaited,
    "gone": traces.Gone,
    "anew": traces.Anew,
}
_ENCODER = msgspec.msgpack.Encoder()


@lru_cache(maxsize=len(KINDS))
def _decoder(kind: str) -> msgspec.msgpack.Decoder[Part]:
    return msgspec.msgpack.Decoder(KINDS[kind])


def encode_part(part: Part) -> bytes:
    """A part as msgpack. A field that has its default is left out, so that a field added later reads as its default."""
    return _ENCODER.encode(part)


def decode_part(name: str, data: bytes) -> Part:
    """The part that `encode_part` wrote under that name. Raises `msgspec.ValidationError`, or `KeyError` for another name."""
    return _decoder(name.partition("/")[0]).decode(data)
