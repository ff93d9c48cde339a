import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.reading.reader import text_reader
from policy.reading.seam import Carry, Context, Sender

MOMENT = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)
KNOWN = sorted(text_reader().vocabulary())
ANY_UNICODE = st.text(st.characters(exclude_categories=()), max_size=400)  # lone surrogates included
SIGNS = ["not", ".", "\n", "[quote]", "[/quote]", '"', "> ", "im 15", "k*ll", "😂"]
LIKELY = st.lists(st.sampled_from(KNOWN) | st.sampled_from(SIGNS), max_size=60).map(" ".join)
CONTEXTS = st.builds(
    Context,
    at=st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001 hypothesis wants naive bounds
    sender=st.sampled_from(("author", "texter", "volunteer", "system")),
    carry=st.builds(
        Carry, asked=st.lists(st.sampled_from(["suicide.plan", "assurance", "suicide.timeframe=immediate"]), max_size=3).map(tuple)
    ),
)


@given(ANY_UNICODE | LIKELY, CONTEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_facts_or_none_and_places_inside_it(text: str, context: Context) -> None:
    """Any Unicode whatever is read without an exception; each place lies inside the text and is not empty."""
    reading = text_reader().read(text, context)
    places = [place for concern in reading.concerns for place in concern.places] + list(reading.places)
    assert all(0 <= place.start < place.end <= len(text) for place in places)


@given(LIKELY)
@settings(max_examples=150, deadline=None)
def test_each_fact_of_a_concern_has_a_place(text: str) -> None:
    """What is said can be shown: no fact without words."""
    for concern in text_reader().read(text, Context(MOMENT)).concerns:
        shown = {place.fact for place in concern.places}
        assert {f"{concern.kind}.{fact}" for fact in concern.facts} <= shown


@given(LIKELY, st.sampled_from(["author", "texter"]))
@settings(max_examples=100, deadline=None)
def test_reading_the_same_twice_gives_the_same(text: str, sender: Sender) -> None:
    """A reader holds no state between texts."""
    context = Context(MOMENT, sender)
    assert text_reader().read(text, context) == text_reader().read(text, context)


@given(LIKELY, CONTEXTS)
@settings(max_examples=100, deadline=None)
def test_a_helper_discloses_nothing(text: str, context: Context) -> None:
    """Only a texter discloses: a volunteer's or the system's words give no fact."""
    reading = text_reader().read(text, Context(context.at, "volunteer", context.carry))
    assert (reading.concerns, reading.assurance, reading.stated_age) == ((), "unknown", None)


UNITS = [
    "i want to kill myself tonight ",
    "my dad hits me and i took 20 pills i have a plan got the tablets here ",
    "a",
    "a!",
    "k i l l ",
    "k**l ",
    "k1ll ",
    "aaa ",
    "*",
    "[quote]",
    "<blockquote>",
    "> x\n",
    '"a ',
    "\U0001f602",
    "k\u200bi\u200bl\u200bl ",
    "not ",
    "my mate he she ",
    "im in year 9 ",
    "monday in 3 weeks ",
    "((((",
    "\ud800",
]


def seconds(text: str) -> float:
    """The best of three readings in processor time, so that what else the machine does counts for nothing."""
    found = []
    for _ in range(3):
        begin = time.process_time()
        text_reader().read(text, Context(MOMENT))
        found.append(time.process_time() - begin)
    return min(found)


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    """Four times the text takes at most eight times as long: no backtracking, no quadratic search."""
    short, long = seconds((unit * 5000)[:5000]), seconds((unit * 20000)[:20000])
    assert long <= 8 * max(short, 0.004)


def test_every_known_word_is_read_beside_a_disclosure() -> None:
    """No word of any class trips what reads times, persons or ages around it."""
    for word in KNOWN:
        text = f"my {word} says im 15. i want to kill myself in 3 {word}, {word} or the 23rd of {word}. im {word}"
        assert text_reader().read(text, Context(MOMENT)).concerns is not None
