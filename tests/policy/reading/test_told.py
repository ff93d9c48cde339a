"""What young people tell in many ways, and look-alikes that must stay silent: see `told.txt` for how a line is written."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from policy.reading.reader import text_reader
from policy.reading.seam import Context, Reading
from tests.bench.reader import EVERYDAY

AT = Context(datetime(2026, 11, 20, 19, tzinfo=UTC))
LINES = [
    line.split(" :: ")
    for line in Path(__file__).with_name("told.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def told(reading: Reading) -> Iterator[str]:
    """Everything that a reading says, in the words of the file."""
    for concern in reading.concerns:
        who = concern.person_at_risk
        person = "me" if who is None else who.relation
        facts = [concern.kind, *(f"{concern.kind}.{fact}={value}" for fact, value in concern.facts.items())]
        yield from facts
        yield from (f"{person}|{fact}" for fact in facts)
        if who is not None and who.age is not None:
            yield f"whoage={who.age}"
    if reading.stated_age is not None:
        yield from ("age", f"age={reading.stated_age}")
    abuse = sum(concern.kind == "abuse" and concern.person_at_risk is None for concern in reading.concerns)
    yield {1: "one", 2: "two"}.get(abuse, "none")


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_text_is_read_as_it_is_meant(text: str, expected: str) -> None:
    """Each text says what its line asks for, and nothing that its line forbids."""
    said = set(told(text_reader().read(text, AT)))
    asked = expected.split()
    assert {one for one in asked if not one.startswith("-")} <= said
    assert said.isdisjoint(one[1:] for one in asked if one.startswith("-"))


@pytest.mark.parametrize("everyday", EVERYDAY)
def test_everyday_words_beside_a_disclosure_take_nothing_from_it(everyday: str) -> None:
    """Whatever ordinary sentence comes before, a plain disclosure is heard."""
    said = set(told(text_reader().read(f"{everyday}. I want to kill myself tonight. My dad hits me every night.", AT)))
    assert {"me|suicide.thoughts=yes", "me|suicide.timeframe=immediate", "me|abuse.ongoing=yes"} <= said
