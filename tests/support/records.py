"""Records as publishers may send them, for laws: JSON values that the schemas accept, and small changes that they may not."""

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from schemas.concerns import FACTS

JsonObject = dict[str, Any]

ids = st.from_regex(r"[A-Za-z0-9_.:~/-]{1,12}", fullmatch=True) | st.text("aé漢😀#-", min_size=1, max_size=8)
words = st.sampled_from(["sibling", "friend", "grand-mother", "näiskä"])
answers = st.sampled_from(["yes", "no", "unknown", None])
timeframes = st.sampled_from(["immediate", "within_30_days", "later", "none", "unknown", None])
instants = st.builds(
    "{:%Y-%m-%dT%H:%M:%S}{}{}".format,
    st.datetimes(datetime(1000, 1, 1), datetime(9899, 12, 31)),  # noqa: DTZ001 - the offset is drawn beside it
    st.sampled_from(["", ".5", ".123456789"]),
    st.sampled_from(["Z", "z", "+01:00", "-23:59", "-00:00"]),
)
ages = st.none() | st.integers(0, 130) | st.integers(0, 130).map(float)
texts = st.text(max_size=40)
flags = st.none() | st.booleans()
lines = st.none() | st.lists(st.text(min_size=1, max_size=20), max_size=3)


def _facts(kind: str) -> st.SearchStrategy[JsonObject]:
    return st.fixed_dictionaries({}, optional={fact: timeframes if fact == "timeframe" else answers for fact in FACTS[kind]})


people = st.fixed_dictionaries({}, optional={"relation": words | st.none(), "minor": answers, "age": ages, "ref": st.none() | ids})
aside = {"assurance": answers, "support_needs": answers, "stated_age": ages}
concerns = st.sampled_from(list(FACTS)).flatmap(
    lambda kind: st.builds(
        lambda facts, more: {"kind": kind, **facts, **more},
        _facts(kind),
        st.fixed_dictionaries({}, optional={"ref": st.none() | ids, "person_at_risk": people | st.none(), **aside}),
    )
)
told = {"concerns": st.none() | st.lists(concerns, max_size=3), **aside}
event = {"event_id": ids, "person_id": ids, "occurred_at": instants}

posts = st.fixed_dictionaries(
    {"schema": st.just("post/1"), **event, "kind": st.sampled_from(["created", "edited", "removed"]), "post_id": ids, "text": texts},
    optional={"thread_id": st.none() | ids, "in_reply_to": st.none() | ids, "first_posted_at": st.none() | instants, **told},
)
messages = st.fixed_dictionaries(
    {
        "schema": st.just("message/1"),
        **event,
        "conversation_id": ids,
        "sender": st.sampled_from(["texter", "volunteer", "system"]),
        "text": texts,
    },
    optional=told,
)
assessments = st.fixed_dictionaries(
    {"schema": st.just("assessment/1"), **event, "assessor_id": ids},
    optional={"about_event_id": st.none() | ids, "adult_at_risk": answers, **told},
)
responses = st.fixed_dictionaries(
    {
        "schema": st.just("response/1"),
        **event,
        "alert_id": ids,
        "responder_id": ids,
        "state": st.sampled_from(["acknowledged", "reported", "not_reported", "resolved", "false_alarm"]),
    },
    optional={"what": lines, "with_whom": lines, "reason": st.none() | st.text(min_size=1, max_size=20), "hold_notice": flags},
)
profiles = st.fixed_dictionaries(
    {"schema": st.just("profile/1"), "person_id": ids, "updated_at": instants},
    optional={
        "date_of_birth": st.none() | st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(str),
        "adult_at_risk": answers,
        "social_worker": flags,
        "reachable": flags,
    },
)
BY_TOPIC = {"posts": posts, "messages": messages, "assessments": assessments, "responses": responses, "profiles": profiles}
records = st.sampled_from(list(BY_TOPIC)).flatmap(lambda topic: st.tuples(st.just(topic), BY_TOPIC[topic]))

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
strange = (
    scalars
    | st.lists(scalars, max_size=2)
    | st.dictionaries(st.text(max_size=4), scalars, max_size=2)
    | instants
    | ids
    | answers
    | concerns
    | people
    | ages
    | st.sampled_from(
        [
            "",
            " ",
            "a b",
            "a\u200bb",
            "x" * 129,
            "x" * 33,
            "a:b",
            "2026-02-30T10:00:00Z",
            "2026-11-03T21:14:05",
            "2026-11-03",
            "0999-01-01T00:00:00Z",
        ]
    )
)


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with one thing somewhere in it dropped, added or replaced by something strange."""
    if isinstance(value, dict) and value and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(changed(value[key]))}
    if isinstance(value, list) and value and draw(st.booleans()):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], draw(changed(value[place])), *value[place + 1 :]]
    if isinstance(value, dict) and draw(st.booleans()):
        return _with_or_without(draw, value)
    return draw(strange)


def _with_or_without(draw: st.DrawFn, value: JsonObject) -> JsonObject:
    if draw(st.booleans()) and value:
        gone = draw(st.sampled_from(sorted(value)))
        return {key: item for key, item in value.items() if key != gone}
    return {**value, draw(st.sampled_from(["takn", "name", "kind", "age", "text", "ref"])): draw(strange)}
