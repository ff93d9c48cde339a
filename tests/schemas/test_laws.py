"""Laws of reading and writing, over whatever bytes and whatever records."""

import json
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import READ, Topic
from schemas.paths import _KNOWN
from schemas.wire import Refusal, content_digest, parse, write
from tests.support.records import JsonObject, changed, records

patient = settings(deadline=None)
topics = st.sampled_from(list(READ))
keys = st.none() | st.binary(max_size=6)


def _parsed(topic: Topic, value: JsonObject) -> Any:
    return parse(topic, str(value["person_id"]).encode(), json.dumps(value).encode())


@patient
@given(topics, keys, st.none() | st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_refusal(topic: Topic, key: bytes | None, value: bytes | None) -> None:
    """Nothing that a broker can hand over raises."""
    assert parse(topic, key, value) is not None


@patient
@given(records, st.data())
def test_a_damaged_record_gives_a_value_or_a_refusal(record: tuple[Topic, JsonObject], data: st.DataObject) -> None:
    """Bytes dropped from, or put into, a good record don't raise either, and are refused with a reason of reading."""
    topic, value = record
    sent = json.dumps(value).encode()
    start = data.draw(st.integers(0, len(sent)))
    end = data.draw(st.integers(start, len(sent)))
    got = parse(topic, value["person_id"].encode(), sent[:start] + data.draw(st.binary(max_size=4)) + sent[end:])
    assert not isinstance(got, Refusal) or got.reason in {"not_json", "unknown_schema", "invalid", "key_mismatch"}


@patient
@given(records)
def test_what_the_contract_allows_is_read(record: tuple[Topic, JsonObject]) -> None:
    """A record with any of its optional fields, null or not, is read whole: every field as sent, null as what it means."""
    topic, value = record
    got = _parsed(topic, value)
    assert not isinstance(got, Refusal), got
    for name, given_value in value.items():
        assert _same(getattr(got, "schema_name" if name == "schema" else name), given_value), name


def _same(read: Any, given_value: Any) -> bool:
    if given_value is None:
        return read in (None, "unknown", False, ())
    if isinstance(read, tuple):
        return len(read) == len(given_value) and all(map(_same, read, given_value))
    if isinstance(given_value, dict):
        return all(_same(getattr(read, name), item) for name, item in given_value.items())
    if isinstance(read, datetime):
        return read == datetime.fromisoformat(given_value.upper())
    return bool(read == given_value) or str(read) == given_value


@patient
@given(records)
def test_writing_what_was_read_keeps_its_meaning(record: tuple[Topic, JsonObject]) -> None:
    """`parse(write(parse(x)))` is `parse(x)`: nothing is lost or made up on the way."""
    topic, value = record
    once = _parsed(topic, value)
    assert parse(topic, value["person_id"].encode(), write(once)) == once


@patient
@given(records.flatmap(lambda record: st.tuples(st.just(record), changed(record[1]))))
def test_a_refusal_holds_nothing_of_the_record(case: tuple[tuple[Topic, JsonObject], Any]) -> None:
    """A path is made of the schema's own names and of numbers, whatever keys and values the record has."""
    (topic, value), wrong = case
    got = parse(topic, value["person_id"].encode(), json.dumps(wrong).encode())
    if isinstance(got, Refusal):
        steps = got.field.split(".") if got.field else []
        assert all(step in _KNOWN or step.isdecimal() for step in steps), got


@patient
@given(records, st.randoms(use_true_random=False), st.sampled_from([{}, {"indent": 1}, {"ensure_ascii": False}]))
def test_order_and_spelling_of_keys_do_not_change_the_digest(
    record: tuple[Topic, JsonObject], order: Any, spelling: dict[str, Any]
) -> None:
    """A publisher's retry that writes the same JSON value otherwise is the same content."""
    _, value = record
    again = json.dumps(_shuffled(value, order), **spelling).encode()
    assert content_digest(again) == content_digest(json.dumps(value).encode())


def _shuffled(value: Any, order: Any) -> Any:
    if isinstance(value, dict):
        keys_in_order = list(value)
        order.shuffle(keys_in_order)
        return {key: _shuffled(value[key], order) for key in keys_in_order}
    return [_shuffled(item, order) for item in value] if isinstance(value, list) else value


@patient
@given(records.flatmap(lambda record: st.tuples(st.just(record[1]), changed(record[1]))))
def test_other_content_has_another_digest(pair: tuple[JsonObject, Any]) -> None:
    """Whatever changes the JSON value changes the digest: an id used again for something else is found."""
    value, other = pair
    if json.dumps(value, sort_keys=True) != json.dumps(other, sort_keys=True):
        assert content_digest(json.dumps(value).encode()) != content_digest(json.dumps(other).encode())
