import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import Audit
from schemas.wire import Refusal
from streams.auditing import Act
from streams.clock import now
from streams.dead_letters import Fate, detail, done, fate, read, returning, summary
from streams.errors import SettingsError
from streams.heart.ports import SourceRecord
from streams.judging.letters import dead_letter
from streams.judging.outputs import arrival
from streams.topic_reading import Found

SECRET = b'{"text": "secret words"}'
NOBODY: frozenset[tuple[int, int]] = frozenset()


def found(record: SourceRecord, offset: int = 5) -> Found:
    """The dead letter of a record, as it lies on its topic."""
    out = dead_letter(record, Refusal("invalid", "concerns.0.kind"), 2)
    return Found("dead-letters", 2, offset, out.key, out.value, out.timestamp or 0, out.headers)


def source(**fields: Any) -> SourceRecord:
    """A record of a person, with a header of the publisher's own."""
    given_ = {
        "topic": "messages",
        "partition": 2,
        "offset": 9,
        "timestamp": 1000,
        "key": b"u1",
        "value": SECRET,
        "headers": (("x", b"Sam"),),
    }
    return SourceRecord(**(given_ | fields))


def returned(letter: Found) -> SourceRecord:
    """The record as it comes back to its topic, at another time."""
    return source(offset=40, timestamp=99_000, headers=returning(read(letter)))


def test_a_record_goes_back_as_it_came() -> None:
    """Its own headers stay, its first arrival is kept, and the reasons of its failure are gone."""
    back = returned(found(source()))
    assert back.headers == (("x", b"Sam"), ("vigil.redrive.arrived", b"1000"), ("vigil.error.attempts", b"1"))
    assert arrival(back) == 1000


@given(st.integers(1, 8), st.integers(1, 5))
def test_attempts_count_up_until_quarantine(times: int, rounds: int) -> None:
    """However often it fails again, its first arrival holds; it is sent back `rounds` times and no more."""
    record, fates = source(), []
    for _ in range(times):
        letter = read(found(record))
        fates.append(fate(letter, NOBODY, rounds))
        assert letter.arrived == 1000
        record = returned(letter.found)
    assert fates == [Fate.SEND if number < rounds else Fate.QUARANTINE for number in range(times)]


def test_what_was_sent_back_is_not_sent_again() -> None:
    """Only a `redriven` of that very place counts: the intention alone does not, for the sending may have failed."""
    letter, act = read(found(source())), Act("op-1", "mended")
    assert fate(letter, done([act.record("redrive", now(), source=letter.place)]), 3) is Fate.SEND
    after = done([act.record("redriven", now(), source=letter.place)])
    assert fate(letter, after, 3) is Fate.DONE
    assert fate(read(found(source(), offset=6)), after, 3) is Fate.SEND


def test_what_no_worker_wrote_is_not_sent() -> None:
    """Without an origin, or with one that is no input of ours, there is nowhere to send it."""
    foreign = Found("dead-letters", 0, 0, b"u1", b"{}", 1000, (("vigil.error.topic", b"emergency-alerts"),))
    assert fate(read(foreign), NOBODY, 3) is Fate.FOREIGN
    lost = found(source(topic="detour"))
    assert fate(read(lost), NOBODY, 3) is Fate.FOREIGN


def test_nothing_of_a_person_is_shown_unless_asked_for() -> None:
    """Neither key nor value, nor what a publisher put into a header; sizes are."""
    letter = read(found(source()))
    shown = json.dumps([summary(letter, NOBODY), detail(letter, NOBODY, text=False)])
    assert "secret" not in shown
    assert "Sam" not in shown
    assert "u1" not in shown
    assert summary(letter, NOBODY)["bytes"] == len(SECRET)
    told = detail(letter, NOBODY, text=True)
    assert (told["key"], told["value"]) == ("u1", SECRET.decode())


def test_an_audit_says_who_and_why_or_is_refused() -> None:
    """An audit record of nobody, or for no reason, is none."""
    made = Act("op-1", "mended").record("export", now(), person="u1")
    assert isinstance(made, Audit)
    assert (made.who, made.why, made.person_id, made.source) == ("op-1", "mended", "u1", None)


@pytest.mark.parametrize(("who", "why"), [("", "mended"), ("Sam Smith", "mended"), ("op-1", "  "), ("op-1", "x" * 2001)])
def test_an_audit_without_who_or_why_is_refused(who: str, why: str) -> None:
    """What was given is not in the message."""
    with pytest.raises(SettingsError, match="`--as` takes an id") as error:
        Act(who, why).record("export", now(), person="u1")
    assert "Sam" not in str(error.value)
