import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.wire import parse
from streams.canary.sent import event, read
from streams.judging.canary import REASON, TOLD
from tests.policy.core.driver import NOW

MARKER = "MARKER-of-a-person-7c1f"
RIGHT: Mapping[str, Any] = {"event_id": "canary-1", "outcome": "emergency", "findings": [{"clause": "E4", "status": "applies"}]}
HEADERS = {TOLD: b"decisions,emergency-alerts"}


def said(changes: Mapping[str, Any], headers: Mapping[str, bytes] = HEADERS) -> str | None:
    """What is wrong with an answer that differs so from the right one."""
    return read(b"canary-1", 2, json.dumps({**RIGHT, **changes}).encode(), headers).wrong


def test_a_canary_is_a_record_that_a_publisher_may_send() -> None:
    """It passes the checks that everybody's records pass; no fact is handed over with it, so that the reader must find it."""
    record = parse("messages", b"canary-1", event("canary-1", NOW))
    assert (record.person_id, record.event_id, record.concerns) == ("canary-1", "canary-1", ())  # type: ignore[union-attr]


def test_the_right_answer_is_right() -> None:
    """An emergency by E4 of which an alert would have come; it is known by its key."""
    answer = read(b"canary-1", 2, json.dumps(RIGHT).encode(), HEADERS)
    assert (answer.name, answer.partition, answer.wrong) == ("canary-1", 2, None)


@pytest.mark.parametrize(
    ("changes", "headers", "wrong"),
    [
        ({"outcome": "none"}, HEADERS, "its outcome is none and not emergency"),
        ({"outcome": MARKER}, HEADERS, "its outcome is unknown and not emergency"),
        ({"event_id": MARKER}, HEADERS, "its decision is about another event"),
        ({"findings": [{"clause": "E1", "status": "applies"}]}, HEADERS, "E4 does not apply"),
        ({"findings": [{"clause": "E4", "status": "incomplete"}]}, HEADERS, "E4 does not apply"),
        ({"findings": MARKER}, HEADERS, "its decision can't be read"),
        ({}, {}, "no alert would have been raised"),
        ({}, {TOLD: b"decisions,reviews"}, "no alert would have been raised"),
    ],
)
def test_any_other_answer_is_wrong(changes: Mapping[str, Any], headers: Mapping[str, bytes], wrong: str) -> None:
    """A wrong answer is a failure like silence, and it says which; in words of ours alone."""
    assert said(changes, headers) == wrong


@pytest.mark.parametrize(
    ("reason", "told"), [(b"internal", "internal"), (MARKER.encode(), "no reason is given"), (b"", "no reason is given")]
)
def test_a_refusal_is_wrong_with_its_reason(reason: bytes, told: str) -> None:
    """What could not be judged is told by the reason, where it is one of the closed list."""
    assert read(b"canary-1", 0, None, {REASON: reason}).wrong == f"it could not be judged: {told}"


@given(
    st.none() | st.binary(max_size=40),
    st.none() | st.binary(max_size=200),
    st.dictionaries(st.sampled_from([TOLD, REASON]), st.binary(max_size=9)),
)
def test_what_cannot_be_read_is_never_right(key: bytes | None, value: bytes | None, headers: Mapping[str, bytes]) -> None:
    """Whatever stands on the topic, it raises nothing and is no right answer."""
    assert read(key, 0, value, headers).wrong is not None
