"""W3C trace context: the one header that ties what is written to what it came from, carried as it is and only where it is one.

A `traceparent` is a publisher's to set, and goes into alerts: one that is not of the W3C's form could hold anything, and is dropped.
"""

import re
from dataclasses import dataclass

from streams.heart.ports import Headers

HEADER = "traceparent"
_FORM = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_SAMPLED = 1


@dataclass(frozen=True, slots=True)
class Parent:
    """A valid traceparent, taken apart. `text` is the header as it came."""

    text: str
    trace_id: int
    span_id: int
    sampled: bool


def parent(headers: Headers) -> Parent | None:
    """The last `traceparent` among a record's headers; None where there is none or it is not of the W3C's form."""
    found = next((value for name, value in reversed(headers) if name == HEADER), None)
    return None if found is None else parse(found)


def parse(value: bytes) -> Parent | None:
    """A header's value taken apart; None for what the W3C calls invalid: version `ff`, zero ids, upper case, another length.

    A version later than `00` may be longer; what is beyond the four known fields is not carried, since nobody knows what it holds.
    """
    match = _FORM.fullmatch(value) or (_FORM.match(value) if value[55:56] == b"-" and value[:2] != b"00" else None)
    if match is None or match[1] == b"ff" or not int(match[2], 16) or not int(match[3], 16):
        return None
    text = match[0].decode()
    return Parent(text, int(match[2], 16), int(match[3], 16), bool(int(match[4], 16) & _SAMPLED))


def carried(headers: Headers) -> str | None:
    """What to write on as `traceparent` and to name in an alert: the valid header of the input, or None."""
    found = parent(headers)
    return None if found is None else found.text
