from datetime import UTC, datetime

import pytest

from policy.reading.patterns_file import Pattern, data_files, load_patterns
from policy.reading.reader import TextReader, text_reader
from policy.reading.seam import Carry, Context, Reading

MOMENT = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)
PATTERNS = load_patterns()
EXAMPLES = [pytest.param(pattern, text, id=f"{pattern.id}: {text}") for pattern in PATTERNS for text in pattern.yes]
COUNTERS = [pytest.param(pattern, text, id=f"{pattern.id}: not {text}") for pattern in PATTERNS for text in pattern.no]


def facts_of(reading: Reading) -> set[tuple[str, str, str]]:
    """All facts of a reading, of whomever."""
    found = {(concern.kind, fact, value) for concern in reading.concerns for fact, value in concern.facts.items()}
    loose = (
        ("assurance", reading.assurance),
        ("support_needs", reading.support_needs),
        ("retracts", "yes" if reading.retracts else "unknown"),
    )
    return found | {("", name, value) for name, value in loose if value != "unknown"}


def read(pattern: Pattern, text: str) -> set[tuple[str, str, str]]:
    """What a text says where the pattern's topic, if it needs one, was raised before; what it asks, for a question."""
    reader = text_reader()
    assert isinstance(reader, TextReader)
    carry = Carry(told=tuple(sorted(pattern.topic)))
    if pattern.asks:
        asked = reader.read(text, Context(MOMENT, "volunteer", carry)).carry.asked
        return {
            (kind, fact, value) for kind, fact, value in pattern.says if any(one.startswith(f"{kind}.{fact}".strip(".")) for one in asked)
        }
    return facts_of(reader.read(text, Context(MOMENT, "author", carry)))


def said_by(pattern: Pattern) -> set[tuple[str, str, str]]:
    """What a pattern's examples say: a hint, beside another one in each example, makes thoughts."""
    return {("suicide", "thoughts", "yes") if kind == "hint" else (kind, fact, value) for kind, fact, value in pattern.says}


@pytest.mark.parametrize(("pattern", "text"), EXAMPLES)
def test_example_says_what_its_pattern_says(pattern: Pattern, text: str) -> None:
    """Each `yes` example is read as its pattern says."""
    assert said_by(pattern) <= read(pattern, text)


@pytest.mark.parametrize(("pattern", "text"), COUNTERS)
def test_counter_example_does_not_say_it(pattern: Pattern, text: str) -> None:
    """No `no` example is read as its pattern says."""
    assert not said_by(pattern) & read(pattern, text)


def test_every_pattern_has_examples_of_both_kinds() -> None:
    """A pattern without an example that must not fit is not yet understood."""
    assert [pattern.id for pattern in PATTERNS if not (pattern.yes and pattern.no)] == []


def test_no_data_file_is_too_long_to_read() -> None:
    """A file of patterns stays within 300 lines."""
    assert [name for name, content in data_files() if content.count(b"\n") > 300] == []
