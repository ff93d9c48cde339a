"""The exported schemas say what the models do: neither accepts what the other refuses."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from pydantic import ValidationError as Invalid

from schemas.catalogue import BY_TOPIC, READ, name_of
from schemas.export import json_schema
from tests.support.records import BY_TOPIC as RECORDS
from tests.support.records import changed

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _is_date_time(value: Any) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value.upper()))


@formats.checks("date", raises=ValueError)
def _is_date(value: Any) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


def _ecma_pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[ValidationError]:
    """`$` is the end, as ECMA-262 has it; Python's would let a line's end pass after it."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError("does not match the pattern")


Validator = validators.extend(Draft202012Validator, {"pattern": _ecma_pattern})
VALIDATORS = {topic: Validator(json_schema(BY_TOPIC[topic]), format_checker=formats) for topic in READ}


def _model_accepts(topic: str, value: Any) -> bool:
    (model,) = READ[topic].values()
    try:
        model.model_validate(value)
    except Invalid:
        return False
    return True


@pytest.mark.parametrize("topic", READ)
@settings(deadline=None)
@given(data=st.data())
def test_schema_accepts_what_the_model_accepts(topic: str, data: st.DataObject) -> None:
    """A record that the contract allows is allowed by the JSON Schema."""
    value = data.draw(RECORDS[topic])
    assert _model_accepts(topic, value)
    assert not [error.message for error in VALIDATORS[topic].iter_errors(value)]


@pytest.mark.parametrize("topic", READ)
@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_schema_and_model_agree_on_a_changed_record(topic: str, data: st.DataObject) -> None:
    """One thing dropped, added or replaced anywhere: either both refuse it or neither does."""
    value = data.draw(RECORDS[topic].flatmap(changed))
    assert VALIDATORS[topic].is_valid(value) == _model_accepts(topic, value)


def test_every_schema_is_named_after_its_record() -> None:
    """A consumer finds the JSON Schema by the `schema` that the value carries."""
    for topic, models in READ.items():
        assert {name: name_of(model) for name, model in models.items()} == {name: name for name in models}
        assert VALIDATORS[topic].schema["title"] in models
