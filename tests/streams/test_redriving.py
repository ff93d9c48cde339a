from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import Action
from schemas.review import Source
from streams.auditing import Act, Auditor
from streams.dead_letters import DeadLetter, Fate, Places
from streams.errors import BrokerError
from streams.heart.ports import Headers
from streams.publishing import Publisher, TooLargeError
from streams.redriving import carry_out
from streams.topic_reading import Found

Written = tuple[str, bytes | None, bytes | None, Headers, int | None]


class Brokers(Publisher):
    """Takes records, and refuses those of some values."""

    def __init__(self, refused: dict[bytes, BrokerError]) -> None:
        self.refused = refused
        self.written: list[Written] = []
        self.answers: list[BrokerError | None] = []

    def enqueue(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = (), partition: int | None = None) -> None:
        """Take one."""
        self.answers.append(self.refused.get(value or b""))
        self.written.append((topic, key, value, headers, partition))

    def settle(self) -> list[BrokerError | None]:
        """What became of each."""
        answers, self.answers = self.answers, []
        return answers


class Noted(Auditor):
    """Keeps what is audited, and fails at an action."""

    def __init__(self, fails: Action | None = None) -> None:
        self.noted: list[tuple[Action, int]] = []
        self.fails = fails

    def of_records(self, action: Action, sources: Iterable[Source]) -> None:
        """Note it."""
        if action == self.fails:
            raise BrokerError("no audit")
        self.noted += [(action, source.offset) for source in sources]


def letters(*values: bytes, key: bytes | None = b"u1") -> list[tuple[DeadLetter, Fate]]:
    """Dead letters of `messages` that are to be sent back."""
    return [
        (DeadLetter(Found("dead-letters", 2, offset, key, value), "invalid", None, ("messages", 1, offset), 1), Fate.SEND)
        for offset, value in enumerate(values)
    ]


def test_what_its_topic_has_no_room_for_holds_up_no_other() -> None:
    """It is named and not audited as sent; the others, and those that were sent before, are as they are."""
    brokers, noted = Brokers({b"b": TooLargeError("too large")}), Noted()
    plan = [*letters(b"a", b"b", b"c"), (letters(b"d")[0][0], Fate.DONE)]
    assert [fate for _, fate in carry_out(plan, brokers, noted)] == [Fate.DONE, Fate.SEND, Fate.TOO_LARGE, Fate.SEND]
    assert noted.noted == [("redrive", 0), ("redrive", 1), ("redrive", 2), ("redriven", 0), ("redriven", 2)]


def test_where_one_is_not_known_to_be_there_it_ends() -> None:
    """Those that are there are audited as sent, so that the next run leaves them."""
    noted, told = Noted(), []
    with pytest.raises(BrokerError, match="lost"):
        told += [fate for _, fate in carry_out(letters(b"a", b"b", b"c"), Brokers({b"b": BrokerError("lost")}), noted)]
    assert [offset for action, offset in noted.noted if action == "redriven"] == [0, 2]


def test_nothing_is_sent_that_is_not_audited() -> None:
    """Where who and why can't be written down, no record goes back."""
    brokers = Brokers({})
    with pytest.raises(BrokerError, match="no audit"):
        list(carry_out(letters(b"a"), brokers, Noted("redrive")))
    assert brokers.written == []


@pytest.mark.parametrize(("key", "partition"), [(b"u1", None), (b"\xff\xfe", None), (None, 1), (b"k" * 600, 1)])
def test_a_key_that_has_no_home_goes_back_to_where_it_lay(key: bytes | None, partition: int | None) -> None:
    """A key goes to its home, whatever its bytes; no key, or one that is nobody's, to the partition that it came from."""
    brokers = Brokers({})
    list(carry_out(letters(b"a", key=key), brokers, Noted()))
    assert [(one[1], one[4]) for one in brokers.written] == [(key, partition)]


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 2000))), st.tuples(st.integers(0, 3), st.integers(0, 2000)))
def test_places_hold_what_was_put_in_and_nothing_else(put: set[tuple[int, int]], asked: tuple[int, int]) -> None:
    """As a set does."""
    places = Places()
    for partition, offset in put:
        places.add(partition, offset)
    assert (asked in places) == (asked in put)
    assert all(each in places for each in put)


def test_an_audit_says_who_why_and_which() -> None:
    """On its own topic, keyed so that all about dead letters lies in one partition."""
    brokers = Brokers({})
    auditor = Auditor(brokers, Act("op-1", "mended"))
    auditor.of_records("redrive", [Source(topic="dead-letters", partition=0, offset=1)])
    [(topic, key, value, headers, _)] = brokers.written
    assert (topic, key, dict(headers)["ce_type"]) == ("audit", b"dead-letters", b"vigil.audit/1")
    assert b"mended" in (value or b"")
