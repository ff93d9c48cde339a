"""What the contract says of required fields, defaults, ids, times, ages and facts, fact by fact."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from schemas.base import Age, BirthDate, Closed, Identifier, Instant
from schemas.catalogue import READ, WRITTEN
from schemas.concerns import FACTS, KINDS, PersonAtRisk, Suicide, facts_of
from schemas.events import Assessment, Message, Post, Response
from schemas.profile import Profile

WHEN = "2026-11-03T21:14:05Z"
REQUIRED: dict[type[BaseModel], dict[str, Any]] = {
    Post: {"event_id": "e", "occurred_at": WHEN, "kind": "created", "post_id": "p", "text": ""},
    Message: {"event_id": "e", "occurred_at": WHEN, "conversation_id": "c", "sender": "texter", "text": ""},
    Assessment: {"event_id": "e", "occurred_at": WHEN, "assessor_id": "s"},
    Response: {"event_id": "e", "occurred_at": WHEN, "alert_id": "a", "responder_id": "r", "state": "resolved"},
    Profile: {"updated_at": WHEN},
}
SMALLEST = [(model, {"schema": name, "person_id": "u", **REQUIRED[model]}) for models in READ.values() for name, model in models.items()]
EACH_REQUIRED = [pytest.param(model, value, field, id=f"{model.__name__}.{field}") for model, value in SMALLEST for field in value]


@pytest.mark.parametrize(("model", "value"), SMALLEST)
def test_the_required_fields_are_enough(model: type[BaseModel], value: dict[str, Any]) -> None:
    """A record of nothing but the contract's required fields is read; the rest is unknown, false, null or empty."""
    read = model.model_validate(value)
    rest = {name: got for name, got in read if name not in value and name != "schema_name"}
    assert set(map(repr, rest.values())) <= {"'unknown'", "False", "None", "()"}, rest


@pytest.mark.parametrize(("model", "value"), SMALLEST)
def test_null_says_the_same_as_leaving_out(model: type[BaseModel], value: dict[str, Any]) -> None:
    """Every optional field may be null, and the record then equals the one without it."""
    nulls = {field.alias or name: None for name, field in model.model_fields.items() if not field.is_required()}
    assert model.model_validate({**nulls, **value}) == model.model_validate(value)


@pytest.mark.parametrize(("model", "value", "field"), EACH_REQUIRED)
@pytest.mark.parametrize("how", ["missing", "null"])
def test_a_required_field_is_required(model: type[BaseModel], value: dict[str, Any], field: str, how: str) -> None:
    """Without it, or with null in its place, the record is refused and the error names the field."""
    rest = {name: got for name, got in value.items() if name != field}
    with pytest.raises(ValidationError) as error:
        model.model_validate(rest if how == "missing" else {**rest, field: None})
    first = error.value.errors()[0]
    assert field in first["loc"] or first["type"] == "text_missing"


def test_a_removed_post_needs_no_text() -> None:
    """Its text may be absent; its facts, if it brings any, are read."""
    value = {"schema": "post/1", "person_id": "u", **REQUIRED[Post], "kind": "removed", "concerns": [{"kind": "overdose", "taken": "yes"}]}
    del value["text"]
    assert Post.model_validate(value).concerns[0].kind == "overdose"


@pytest.mark.parametrize("text", ["a", "x" * 128, "u:1/~", "ü", "漢字", "😀", "a" + chr(0x301)])
def test_an_id_is_any_visible_characters(text: str) -> None:
    """1 to 128 of them, of any script."""
    assert TypeAdapter(Identifier).validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["", "x" * 129, " a", "a b", "a\n", "a\t", "\x00", "a\x7f", "a\u00a0", "\u200b", "\u202eu", "\ufeffu", "\u3000", 1, None, b"a"]
)
def test_an_id_has_nothing_invisible(text: Any) -> None:
    """Spaces, controls and marks that nobody sees would make two people out of one."""
    with pytest.raises(ValidationError):
        TypeAdapter(Identifier).validate_python(text, strict=True)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        (WHEN, datetime(2026, 11, 3, 21, 14, 5, tzinfo=UTC)),
        ("2026-11-03t22:14:05+01:00", datetime(2026, 11, 3, 21, 14, 5, tzinfo=UTC)),
        ("2026-11-03T21:14:05-00:00", datetime(2026, 11, 3, 21, 14, 5, tzinfo=UTC)),
        ("2026-11-03T21:14:05.123456789z", datetime(2026, 11, 3, 21, 14, 5, 123456, tzinfo=UTC)),
    ],
)
def test_a_time_is_rfc_3339_with_an_offset(text: str, instant: datetime) -> None:
    """Any offset and case, fractions down to nanoseconds (what is finer than a microsecond is dropped)."""
    assert TypeAdapter(Instant).validate_python(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-03T21:14:05",
        "2026-11-03 21:14:05Z",
        "2026-11-03T21:14Z",
        "2026-11-03",
        "2026-02-30T10:00:00Z",
        "2026-11-03T25:00:00Z",
        "2026-11-03T21:14:05+0100",
        "2026-11-03T21:14:05+24:00",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "1793740445",
        1_793_740_445,
        17.5,
        True,
        datetime(2026, 11, 3),  # noqa: DTZ001 - a time without an offset is what is to be refused
    ],
)
def test_any_other_time_is_refused(text: Any) -> None:
    """No offset, no guess: a number or a local time could be off by hours, and a year out of range breaks arithmetic later."""
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(text)


def test_a_birthday_is_a_plain_date() -> None:
    """A day between 1900 and 2099 as text; no time, no number."""
    assert TypeAdapter(BirthDate).validate_python("2012-02-29") == date(2012, 2, 29)
    for wrong in ("2011-02-29", "2010-02-28T00:00:00Z", "1899-12-31", "28.02.2010", "", 0, True):
        with pytest.raises(ValidationError):
            TypeAdapter(BirthDate).validate_python(wrong)


def test_an_age_is_a_whole_number_from_0_to_130() -> None:
    """`15.0` is the JSON integer 15; true, "15", a fraction and a number that no age is are none."""
    assert [repr(TypeAdapter(Age).validate_python(age)) for age in (0, 15, 15.0, 130)] == ["0", "15", "15", "130"]
    for wrong in (-1, 131, 15.5, True, False, "15", 10**4000, float("inf"), float("nan")):
        with pytest.raises(ValidationError):
            TypeAdapter(Age).validate_python(wrong)


def test_each_kind_has_the_facts_of_the_contract() -> None:
    """Ten kinds, and their facts, by the contract's names."""
    assert FACTS == {
        "suicide": ("thoughts", "plan", "means", "timeframe"),
        "self_injury": ("recent", "life_threatening"),
        "overdose": ("taken",),
        "harm_to_others": ("might_harm",),
        "abuse": ("ongoing", "contact_with_abuser", "position_of_trust", "danger_to_other_young_people"),
        "sexual_coercion": ("with_or_between_minors",),
        "homelessness": ("homeless_or_at_risk",),
        "pregnancy": ("pregnant", "professionals_told"),
        "caring": ("caring", "disclosed"),
        "other": ("immediate_risk", "others_need_to_know"),
    }


FACT_PLACES = [(kind, fact) for kind, facts in FACTS.items() for fact in facts]


@pytest.mark.parametrize(("kind", "fact"), FACT_PLACES)
def test_a_fact_has_three_answers(kind: str, fact: str) -> None:
    """Absent and null are unknown; another word, case or type is refused and never taken for a no."""
    model = KINDS[kind]
    good = ("immediate", "within_30_days", "later", "none", "unknown") if fact == "timeframe" else ("yes", "no", "unknown")
    assert [getattr(model.model_validate({"kind": kind, fact: answer}), fact) for answer in good] == list(good)
    assert (
        getattr(model.model_validate({"kind": kind}), fact) == getattr(model.model_validate({"kind": kind, fact: None}), fact) == "unknown"
    )
    for wrong in ("Yes", "", "maybe", True, False, 1, 0, ["yes"], {}):
        with pytest.raises(ValidationError):
            model.model_validate({"kind": kind, fact: wrong})


@pytest.mark.parametrize("kind", KINDS)
def test_a_concern_refuses_another_kinds_fact(kind: str) -> None:
    """A fact that the kind does not have would be missed if it were ignored."""
    for other, facts in FACTS.items():
        for fact in facts:
            if other != kind and fact not in FACTS[kind]:
                with pytest.raises(ValidationError):
                    KINDS[kind].model_validate({"kind": kind, fact: "yes"})


def test_facts_of_a_concern_are_all_named() -> None:
    """Unknown is said, not left out."""
    concern = Suicide(kind="suicide", thoughts="yes", ref="r")
    assert facts_of(concern) == {"thoughts": "yes", "plan": "unknown", "means": "unknown", "timeframe": "unknown"}


@pytest.mark.parametrize("relation", ["my sister", "a:b", "", "x" * 33, 3])
def test_a_relation_is_one_short_word(relation: Any) -> None:
    """Outputs carry it: a sentence could name somebody, and a colon parts it from the `ref`."""
    with pytest.raises(ValidationError):
        PersonAtRisk.model_validate({"relation": relation})


def test_a_relation_that_is_not_said_is_unknown() -> None:
    """A concern about somebody else may leave out who it is; it is still not about the author."""
    assert PersonAtRisk.model_validate({"minor": "yes"}).relation == PersonAtRisk.model_validate({"relation": None}).relation == "unknown"


@pytest.mark.parametrize("model", WRITTEN.values())
def test_what_is_written_is_closed(model: type[BaseModel]) -> None:
    """A field beyond the schema can't slip into an output: a text, say."""
    assert issubclass(model, Closed)
    with pytest.raises(ValidationError) as error:
        model.model_validate({"text": "secret"})
    assert "extra_forbidden" in {each["type"] for each in error.value.errors()}


@pytest.mark.parametrize(("model", "value"), SMALLEST)
def test_an_error_never_shows_what_was_given(model: type[BaseModel], value: dict[str, Any]) -> None:
    """A validation error that ends up in a log holds no word of the record."""
    with pytest.raises(ValidationError) as error:
        model.model_validate({**value, "person_id": "Sam Smith is at home"})
    assert "Sam" not in str(error.value)


@pytest.mark.parametrize(("model", "value"), SMALLEST)
def test_records_are_frozen(model: type[BaseModel], value: dict[str, Any]) -> None:
    """What was read can't change on its way."""
    record = model.model_validate(value)
    with pytest.raises(ValidationError):
        record.person_id = "v"  # type: ignore[attr-defined] - all models here have one
