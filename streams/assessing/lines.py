"""JSON lines of records, in and out: `{"topic","key","value"}`, a value being JSON, text, or `value_base64`.

A line's frame must be JSON; what stands in `value` is a record like any other and may be as broken as records come.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from streams.errors import SettingsError
from streams.heart.ports import Headers, OutputRecord

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:]', re.DOTALL)
_OPEN, _CLOSE = (b"{", b"["), (b"}", b"]")


class LineError(SettingsError):
    """A line is no object with a topic, a key and a value: the caller's mistake, not a record's."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record as given. `as_json`: whether its value stood there as strict JSON rather than as text, base64, or worse."""

    topic: str
    key: bytes | None
    value: bytes | None
    as_json: bool
    headers: Headers = ()


class _Frame(msgspec.Struct):
    topic: str
    key: str | None
    value: msgspec.Raw = msgspec.Raw()
    value_base64: str | None = None
    headers: dict[str, str] = {}


def read(number: int, text: bytes) -> Line:
    """One line, counted from 1. Raises `LineError` where it is not such an object."""
    try:
        frame, strict = _frame(text)
        value, as_json = _value(frame)
        headers = tuple((name, content.encode()) for name, content in frame.headers.items())
        key = None if frame.key is None else frame.key.encode("utf-8", "surrogatepass")
        return Line(frame.topic, key, value, as_json and strict, headers)
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError):
        raise LineError(f'line {number} is no record: write {{"topic": "posts", "key": "...", "value": {{...}}}} on one line') from None


def write(record: OutputRecord, given: Line | None) -> bytes:
    """A record as a line. `given`: the line that it came of; a dead letter's value looks as it did there, every other is JSON."""
    as_json = given is None or given.as_json or record.topic != "dead-letters"
    fields: dict[str, object] = {"topic": record.topic, "key": None if record.key is None else record.key.decode(errors="replace")}
    fields |= _written(record, as_json=as_json)
    fields["headers"] = {name: content.decode(errors="replace") for name, content in record.headers}
    return msgspec.json.encode(fields) + b"\n"


def _written(record: OutputRecord, *, as_json: bool) -> Mapping[str, object]:
    if record.value is None:
        return {"value": None}
    if as_json:
        return {"value": msgspec.Raw(record.value)}
    try:
        return {"value": record.value.decode()}
    except UnicodeDecodeError:
        return {"value_base64": base64.b64encode(record.value).decode()}


def _value(frame: _Frame) -> tuple[bytes | None, bool]:
    raw = bytes(frame.value)
    if frame.value_base64 is not None:
        if raw:
            raise ValueError
        return base64.b64decode(frame.value_base64, validate=True), False
    if not raw:
        raise ValueError
    if raw.startswith(b'"'):
        return json.loads(raw).encode("utf-8", "surrogatepass"), False
    return (None, True) if raw == b"null" else (raw, True)


def _frame(text: bytes) -> tuple[_Frame, bool]:
    """The frame, and whether all of the line is JSON that any strict reader takes: else its value can only be passed on as text."""
    try:
        return msgspec.json.decode(text, type=_Frame), True
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        if isinstance(error, msgspec.ValidationError):
            raise
        return _patient_frame(text), False


def _patient_frame(text: bytes) -> _Frame:
    """For a value that no strict reader passes over (NaN, a lone surrogate, 100,000 brackets): cut the line at its outermost members."""
    members = {json.loads(name): content for name, content in _members(text.strip())}
    if "value" not in members:
        raise ValueError
    fields = {name: json.loads(members[name]) for name in ("topic", "key", "headers") if name in members}
    return msgspec.convert(fields | {"value": msgspec.Raw(members["value"])}, _Frame)


def _members(text: bytes) -> list[tuple[bytes, bytes]]:
    if not text.startswith(b"{") or not text.endswith(b"}"):
        raise ValueError
    depth, start, name, found = 0, 1, None, []
    for token in _TOKEN.finditer(text):
        mark = token.group()
        depth += (mark in _OPEN) - (mark in _CLOSE)
        if depth == 1 and mark == b":" and name is None:
            name, start = text[start : token.start()].strip(), token.end()
        elif (depth == 1 and mark == b",") or (depth == 0 and mark == b"}"):
            if name is None:
                raise ValueError
            found.append((name, text[start : token.start()].strip()))
            name, start = None, token.end()
    return found
