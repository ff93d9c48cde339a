"""Every JSON example in the README and the docs that names its schema is a record that Vigil reads or writes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from schemas.base import Closed
from schemas.catalogue import CHANNELS, READ, Channel, name_of
from schemas.export import json_schema
from schemas.wire import Refusal, parse, write

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^ *```jsonc?\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*')
BY_NAME = {name_of(channel.model): channel for channel in CHANNELS if channel.model is not None}
DECODER = json.JSONDecoder()


def _values(text: str) -> Iterator[Any]:
    """The JSON values of a block, one after the other, its comments left out."""
    bare = TOKEN.sub(lambda token: token.group(1) or "", text).strip()
    while bare:
        value, end = DECODER.raw_decode(bare)
        yield value
        bare = bare[end:].strip()


def _records(value: Any) -> Iterator[dict[str, Any]]:
    """The records in a value: itself, or what stands in the `value` of a line of `vigil assess`."""
    if isinstance(value, dict):
        yield from [value] if "schema" in value else _records(value.get("value"))


EXAMPLES = [
    pytest.param(record, id=f"{page.name}-{number}-{record['schema']}")
    for page in PAGES
    for number, block in enumerate(FENCE.findall(page.read_text("utf-8")))
    for value in _values(block)
    for record in _records(value)
]


@pytest.mark.parametrize("record", EXAMPLES)
def test_an_example_is_a_record(record: dict[str, Any]) -> None:
    """It is accepted by the model, by the way in or out that it would take, and by the exported JSON Schema."""
    channel = BY_NAME[record["schema"]]
    assert not [error.message for error in Draft202012Validator(json_schema(channel)).iter_errors(record)]
    if channel.read:
        _is_read(channel, record)
    else:
        _is_written(channel, record)


def _is_read(channel: Channel, record: dict[str, Any]) -> None:
    topic = next(topic for topic in READ if topic == channel.topic)
    got = parse(topic, record["person_id"].encode(), json.dumps(record).encode())  # type: ignore[arg-type] - a topic of READ is one
    assert not isinstance(got, Refusal), got


def _is_written(channel: Channel, record: dict[str, Any]) -> None:
    assert channel.model is not None
    assert issubclass(channel.model, Closed)
    assert json.loads(write(channel.model.model_validate(record))) == record


def test_every_record_has_an_example() -> None:
    """A newcomer finds each record shown once at least."""
    assert {case.values[0]["schema"] for case in EXAMPLES} == set(BY_NAME)
