import pytest

from streams.doctor.skew import judged

BEFORE, AFTER = 1_000_000_000, 1_000_000_040


@pytest.mark.parametrize("at", [BEFORE, BEFORE + 20, AFTER, BEFORE - 10_000, AFTER + 10_000])
def test_clocks_within_ten_seconds_are_well(at: int) -> None:
    """Deadlines are minutes: ten seconds either way are no matter."""
    assert judged(BEFORE, at, AFTER).level == "ok"


@pytest.mark.parametrize(
    ("at", "said"), [(BEFORE - 61_000, "a broker's clock is 61 s behind"), (AFTER + 3_600_000, "a broker's clock is 3600 s ahead of")]
)
def test_a_clock_that_is_off_is_said_with_direction(at: int, said: str) -> None:
    """Beyond that it is a problem, with how far and which way."""
    finding = judged(BEFORE, at, AFTER)

    assert finding.level == "problem"
    assert finding.detail.startswith(said)
