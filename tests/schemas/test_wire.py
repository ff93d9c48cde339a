import json
import time
from typing import Any

import pytest

from schemas.catalogue import READ
from schemas.events import Message, Post
from schemas.wire import Erasure, Refusal, content_digest, parse, parse_with_digest, write

POST = {
    "schema": "post/1",
    "event_id": "e1",
    "kind": "created",
    "post_id": "p1",
    "person_id": "u1",
    "occurred_at": "2026-11-03T21:14:05Z",
    "text": "long day, glad it is over",
}


def _sent(**changes: Any) -> bytes:
    return json.dumps({**POST, **changes}).encode()


def _refused(value: bytes | None, key: bytes | None = b"u1") -> Refusal:
    got = parse("posts", key, value)
    assert isinstance(got, Refusal), got
    return got


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut short"),
        pytest.param(b"{} {}", id="two values"),
        pytest.param(b'{"a":1,}', id="trailing comma"),
        pytest.param(b"{'a':1}", id="single quotes"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param(b"\xff\xfe{}", id="no utf-8"),
        pytest.param(b'{"text":"\xed\xa0\x80"}', id="surrogate as utf-8"),
        pytest.param(b'{"text":"\\ud800"}', id="lone high surrogate"),
        pytest.param(b'{"text":"\\udc00\\ud800"}', id="surrogates the wrong way round"),
        pytest.param(b'{"\\udfff":1}', id="lone surrogate in a key"),
        pytest.param(b'{"text":"a\x00b"}', id="raw NUL"),
        pytest.param(b"\x00", id="NUL alone"),
        pytest.param(b'{"a":1,"a":1}', id="key twice"),
        pytest.param(b'{"a":{"b":1,"\\u0062":2}}', id="key twice, spelt otherwise, deep"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":Infinity}', id="Infinity"),
        pytest.param(b'{"a":-Infinity}', id="-Infinity"),
        pytest.param(b'{"a":' * 100_000, id="deep objects"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep lists"),
        pytest.param(b'{"stated_age":' + b"9" * 10_000_000 + b"}", id="integer of ten million digits"),
    ],
)
def test_what_is_no_strict_json_is_refused_as_such_at_once(value: bytes) -> None:
    """Whatever readers of JSON disagree about is `not_json`, without an exception and within a second."""
    before = time.perf_counter()
    assert _refused(value) == Refusal("not_json")
    assert time.perf_counter() - before < 1


@pytest.mark.parametrize("topic", [topic for topic in READ if topic != "profiles"])
def test_a_null_value_means_something_in_profiles_only(topic: Any) -> None:
    """A tombstone elsewhere is no record and asks for nothing: it is set aside as `not_json`, not skipped."""
    assert parse(topic, b"u1", None) == Refusal("not_json")


def test_a_tombstone_names_whom_to_forget() -> None:
    """In `profiles` a null value is the erasure of the person who is the key; an empty value is none."""
    assert parse("profiles", "ü1".encode(), None) == Erasure("ü1")
    assert parse("profiles", b"u1", b"") == Refusal("not_json")


@pytest.mark.parametrize("key", [None, b"", b"\xff", b"a b", b"x" * 129])
def test_a_tombstone_without_a_person_erases_nobody(key: bytes | None) -> None:
    """A key that can't be anybody's id is refused as `key_mismatch`."""
    assert parse("profiles", key, None) == Refusal("key_mismatch", "person_id")


@pytest.mark.parametrize(
    "value",
    [
        b"[]",
        b"null",
        b'"post/1"',
        b"1",
        b"{}",
        _sent(schema="post/2"),
        _sent(schema="message/1"),
        _sent(schema=["post/1"]),
        _sent(schema=None),
    ],
)
def test_another_name_or_major_is_an_unknown_schema(value: bytes) -> None:
    """What isn't an object that names a schema of its topic is `unknown_schema`, however it looks otherwise."""
    assert _refused(value) == Refusal("unknown_schema", "schema")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event_id": None}, "event_id"),
        ({"event_id": 7}, "event_id"),
        ({"kind": "deleted"}, "kind"),
        ({"text": None}, "text"),
        ({"occurred_at": "2026-11-03T21:14:05"}, "occurred_at"),
        ({"occurred_at": 1_793_740_445}, "occurred_at"),
        ({"stated_age": True}, "stated_age"),
        ({"concerns": {}}, "concerns"),
        ({"concerns": [{"kind": "overdose", "taken": "yes"}] * 101}, "concerns"),
        ({"concerns": [{"kind": "gambling"}]}, "concerns.0.kind"),
        ({"concerns": [{}]}, "concerns.0.kind"),
        ({"concerns": ["overdose"]}, "concerns.0"),
        ({"concerns": [{"kind": "caring"}, {"kind": "caring", "caring": True}]}, "concerns.1.caring"),
        ({"concerns": [{"kind": "overdose", "Sam Smith": "yes"}]}, "concerns.0"),
        ({"concerns": [{"kind": "overdose", "person_at_risk": {"Sam Smith": "yes"}}]}, "concerns.0.person_at_risk"),
        ({"concerns": [{"kind": "abuse", "person_at_risk": {"relation": "my brother Sam"}}]}, "concerns.0.person_at_risk.relation"),
        ({"concerns": [{"kind": "overdose", **{f"k{n}": 1 for n in range(500)}}]}, "concerns"),
    ],
)
def test_an_invalid_field_is_named_by_its_path(changes: dict[str, Any], field: str) -> None:
    """The path is made of our names and of places in lists; a key that isn't ours is told as its parent, because it may be anything."""
    assert _refused(_sent(**changes)) == Refusal("invalid", field)


@pytest.mark.parametrize("key", [None, b"", b"u2", b"U1", b"\xff"])
def test_a_record_belongs_to_the_person_of_its_key(key: bytes | None) -> None:
    """No key, or another's, would put the event into somebody else's picture: `key_mismatch`."""
    assert _refused(_sent(), key) == Refusal("key_mismatch", "person_id")


def test_the_first_check_that_fails_gives_the_reason() -> None:
    """Of several faults the earlier in the documented order is told: JSON, schema, fields, key."""
    assert _refused(b'{"schema":"post/9","schema":"post/9"}', b"u2").reason == "not_json"
    assert _refused(_sent(schema="post/9", text=None), b"u2").reason == "unknown_schema"
    assert _refused(_sent(text=None), b"u2").reason == "invalid"
    assert _refused(_sent(), b"u2").reason == "key_mismatch"


def test_a_text_may_be_ten_megabytes_and_hold_any_character() -> None:
    """The length is the caller's to bound; an escaped NUL, a joined emoji and an empty text are text."""
    for text in ("x" * 10_000_000, "a\u0000b", "👩‍👧", ""):
        got = parse("posts", b"u1", _sent(text=text))
        assert isinstance(got, Post)
        assert got.text == text


def test_a_field_that_we_do_not_know_is_ignored_at_the_top_only() -> None:
    """A publisher may add fields of its own beside ours; inside a concern one would be a fact that we miss."""
    assert isinstance(parse("posts", b"u1", _sent(mood="fine", nested={"deep": [10**300]})), Post)
    assert isinstance(parse("posts", b"u1", _sent()[:-1] + b', "far": 1e999}'), Post)
    assert _refused(_sent(concerns=[{"kind": "overdose", "takn": "yes"}])).reason == "invalid"


def test_digest_is_of_the_json_value() -> None:
    """A retry that orders or spells its keys otherwise is the same content; one word more is not."""
    again = json.dumps(dict(reversed(POST.items())), indent=1).encode()
    assert content_digest(again) == content_digest(_sent())
    assert content_digest(_sent(text="long day, glad it is over\\u0021")) != content_digest(_sent())
    assert content_digest(b'{"a":"\\u0041"}') == content_digest(b'{"a":"A"}')


@pytest.mark.parametrize("one", [b"{}", b"{", b"", b"\xff", b"1" * 4300, b'{"a":' * 300, b"[1e999]"])
def test_whatever_bytes_have_a_digest(one: bytes) -> None:
    """What is no JSON, and numbers that no encoder writes, stand for their bytes; 16 bytes, and others for other bytes."""
    assert len(content_digest(one)) == 16
    assert content_digest(one) == content_digest(bytes(one))
    assert content_digest(one) != content_digest(one + b"0")


def test_parsing_and_digest_in_one_go_agree_with_each_alone() -> None:
    """`parse_with_digest` is a saving, not another way to read."""
    for value in (_sent(), _sent(text=None), b"{", None):
        assert parse_with_digest("posts", b"u1", value) == (parse("posts", b"u1", value), content_digest(value))


def test_what_is_written_names_its_schema_first_and_has_no_spaces() -> None:
    """Writing is compact JSON by the contract's names, an instant with its offset."""
    message = Message.model_validate(
        {
            "schema": "message/1",
            "event_id": "e",
            "person_id": "u",
            "conversation_id": "c",
            "sender": "system",
            "text": "é",
            "occurred_at": "2026-11-03T21:14:05+01:00",
        }
    )
    assert write(message).startswith(b'{"schema":"message/1","event_id":"e","person_id":"u","occurred_at":"2026-11-03T21:14:05+01:00",')
    assert '"text":"é"' in write(message).decode()
