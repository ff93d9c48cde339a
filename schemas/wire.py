"""Bytes into records and back: the one place where JSON is read and written.

A record is refused at the first of these that it fails, so that each has one reason, whoever looks:

1. a null value is a tombstone in `profiles` and `not_json` elsewhere; a tombstone's key that can't be a person's id is `key_mismatch`;
2. `not_json`: what strict JSON in UTF-8 doesn't allow, and what readers disagree about (a key twice, NaN, a lone surrogate, nesting beyond
   200, integers beyond 4300 digits);
3. `unknown_schema`: not an object, or its `schema` is none that the topic carries;
4. `invalid`: the first field that is not as the schema says;
5. `key_mismatch`: the record's key is not its `person_id`.

Size is the caller's to check: it costs nothing before reading, and its bound is a setting. No cache here keeps a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

import jiter
import msgspec
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.base import Identifier
from schemas.catalogue import READ, Topic
from schemas.events import Assessment, Message, Post, Response
from schemas.paths import path_of
from schemas.profile import Profile

Reason = Literal["not_json", "unknown_schema", "invalid", "too_large", "key_mismatch", "duplicate_id", "internal"]
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record can't be judged: a reason of the closed list and, where one field is to blame, its path. Never a value."""

    reason: Reason
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """A tombstone in `profiles`: all that is known of the person is to be forgotten."""

    person_id: str


Event = Post | Message | Assessment
Read = Event | Profile | Response | Erasure

_NOT_JSON = Refusal("not_json")
_UNKNOWN_SCHEMA = Refusal("unknown_schema", "schema")
_KEY_MISMATCH = Refusal("key_mismatch", "person_id")
_VALIDATE = {
    topic: {name: model.__pydantic_validator__.validate_python for name, model in models.items()} for topic, models in READ.items()
}
_IDENTIFIER = TypeAdapter(Identifier)
_SORTED = msgspec.json.Encoder(order="deterministic")


def parse(topic: Topic, key: bytes | None, value: bytes | None) -> Read | Refusal:
    """Read one record of a topic (named without prefix), or say why not (U2). Raises nothing, whatever the bytes are."""
    if value is None:
        return _tombstone(topic, key)
    document = _json(value)
    return document if isinstance(document, Refusal) else _record(topic, key, document)


def parse_with_digest(topic: Topic, key: bytes | None, value: bytes | None) -> tuple[Read | Refusal, bytes]:
    """As `parse`, with the record's `content_digest`, for half of what the two cost apart."""
    if value is None:
        return _tombstone(topic, key), _hash(b"")
    document = _json(value)
    if isinstance(document, Refusal):
        return document, _hash(value)
    return _record(topic, key, document), _digest(document, value)


def content_digest(value: bytes | None) -> bytes:
    """16 bytes that stand for what a record says: the same for the same JSON value, however its keys are ordered and written.

    Taken of the whole value, unknown fields included, and not of what we made of it, so that an upgrade of Vigil doesn't turn a redelivery
    into other content. What is no JSON stands for its bytes.
    """
    if value is None:
        return _hash(b"")
    document = _json(value)
    return _hash(value) if isinstance(document, Refusal) else _digest(document, value)


def write(record: BaseModel) -> bytes:
    """A record as compact JSON, UTF-8, its fields in the schema's order."""
    return record.__pydantic_serializer__.to_json(record, by_alias=True)


def _json(value: bytes) -> Any | Refusal:
    try:
        return jiter.from_json(value, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
    except ValueError:
        return _NOT_JSON


def _record(topic: Topic, key: bytes | None, document: Any) -> Read | Refusal:
    name = document.get("schema") if isinstance(document, dict) else None
    validate = _VALIDATE[topic].get(name) if isinstance(name, str) else None
    if validate is None:
        return _UNKNOWN_SCHEMA
    try:
        record: Event | Profile | Response = validate(document)
    except ValidationError as error:
        return Refusal("invalid", path_of(error))
    return record if key is not None and key == record.person_id.encode() else _KEY_MISMATCH


def _tombstone(topic: Topic, key: bytes | None) -> Erasure | Refusal:
    if topic != "profiles":
        return _NOT_JSON
    try:
        return Erasure(_IDENTIFIER.validate_python((key or b"").decode()))
    except ValueError:
        return _KEY_MISMATCH


def _hash(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST_BYTES).digest()


def _digest(document: Mapping[str, Any] | Any, value: bytes) -> bytes:
    try:
        return _hash(_SORTED.encode(document))
    except (OverflowError, RecursionError, TypeError, ValueError):
        return _hash(value)
