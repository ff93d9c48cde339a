import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.assessing.lines import LineError, read, write
from streams.heart.ports import OutputRecord


def _nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner) | st.dictionaries(st.text(), inner)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def line(value: str) -> bytes:
    """A line with some JSON text as its value."""
    return f'{{"topic": "posts", "key": "u1", "value": {value}}}'.encode()


@given(st.dictionaries(st.text(), JSON))
def test_a_value_given_as_json_keeps_its_bytes(value: dict[str, object]) -> None:
    """What stands in `value` is the record, byte for byte."""
    text = json.dumps(value)
    assert read(1, line(text)).value == text.encode()


@pytest.mark.parametrize(
    "value",
    ['{"a": NaN}', '{"a": "\\ud800"}', "[" * 100_000 + "]" * 100_000, '{"a": 1, "a": 2}', "9" * 6000, '{"a": Infinity, "b": "} , {"}'],
    ids=["NaN", "lone surrogate", "deep", "key twice", "huge integer", "infinity"],
)
def test_a_broken_value_does_not_break_the_line(value: str) -> None:
    """What a strict reader refuses is still a record, goes on as it stands there, and comes out on a line that is JSON."""
    got = read(1, line(value))
    assert (got.topic, got.key, got.value) == ("posts", b"u1", value.encode())
    msgspec.json.decode(write(OutputRecord("dead-letters", 0, got.key, got.value), got), type=dict[str, msgspec.Raw])


def test_text_and_base64_are_the_records_bytes() -> None:
    """A string is the record's text, `value_base64` its bytes, null a tombstone."""
    assert read(1, line('"not json \\u00e9"')).value == "not json é".encode()
    assert read(1, b'{"topic": "posts", "key": null, "value_base64": "/w=="}').value == b"\xff"
    assert read(1, line("null")).value is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"1",
        b'{"topic": "posts"}',
        b'{"topic": 1, "key": "k", "value": {}}',
        b'{"topic": "posts", "key": "k"}',
        b'{"topic": "posts",',
    ],
)
def test_what_is_no_line_is_the_callers_mistake(text: bytes) -> None:
    """No object, no topic, or no value at all: refused with its number and the remedy (exit status 2)."""
    with pytest.raises(LineError, match="line 7 is no record: write") as refused:
        read(7, text)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("given_", ['{"a":1}', '"plain text"', '"{\\"a\\": 1}"'])
def test_a_dead_letter_looks_as_it_came(given_: str) -> None:
    """JSON comes out as JSON, text as text."""
    origin = read(1, line(given_))
    written = write(OutputRecord("dead-letters", 0, origin.key, origin.value), origin)
    assert json.loads(written)["value"] == json.loads(given_)


def test_a_dead_letter_that_is_no_text_comes_out_as_base64() -> None:
    """Bytes that are not UTF-8 survive."""
    origin = read(1, b'{"topic": "posts", "key": "k", "value_base64": "/w=="}')
    written = json.loads(write(OutputRecord("dead-letters", 0, origin.key, origin.value), origin))
    assert (written["value_base64"], "value" in written) == ("/w==", False)


@pytest.mark.parametrize("value", ['"{"', '"{\\"schema\\": \\"post/1\\"}"'], ids=["no JSON", "JSON as text"])
def test_what_comes_of_a_record_given_as_text_is_json(value: str) -> None:
    """Only a dead letter looks as its record came: a decision or a review about a record that was given as text is still an object."""
    came_of = read(1, line(value))
    for topic in ("reviews", "decisions", "emergency-alerts"):
        assert json.loads(write(OutputRecord(topic, 0, b"u1", b'{"schema":"x/1"}'), came_of))["value"] == {"schema": "x/1"}
