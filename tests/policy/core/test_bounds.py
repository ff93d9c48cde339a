from collections.abc import Mapping
from datetime import timedelta

from policy.core import Part
from tests.policy.core import driver
from tests.policy.core.driver import NOW, Core, message, profile

COUNT = 3000
MOST_BYTES = 65_536
FACTS = [
    {"kind": "suicide", "thoughts": "yes"},
    {"kind": "abuse", "ongoing": "yes", "position_of_trust": "no"},
    {"kind": "self_injury", "recent": "yes"},
    {"kind": "suicide", "plan": "no", "means": "yes"},
]


class Written(driver.State):
    """A state that counts the bytes written to it, record by record: cost that no busy machine can change."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes: list[int] = []

    def keep(self, person: str, changes: Mapping[str, Part | None]) -> None:
        """Count what is taken over."""
        super().keep(person, changes)
        self.bytes.append(sum(len(self.parts[person].get(name, b"")) for name in changes))


def test_three_thousand_events_of_one_person_stay_small_and_cost_the_same() -> None:
    """Every event tells a fact: no part grows beyond 64 KiB, and the last thousand write no more than the second thousand did."""
    core = Core()
    written = core.state = Written()
    core.feed("profiles", profile())
    for number in range(COUNT):
        at = NOW - timedelta(days=20) + timedelta(minutes=9 * number)
        core.feed("messages", message(f"e{number}", at, [FACTS[number % len(FACTS)]]))
        if number % 100 == 0:
            assert max(map(len, written.parts["u1"].values())) < MOST_BYTES
    assert max(map(len, written.parts["u1"].values())) < MOST_BYTES
    second, third = sum(written.bytes[1001:2001]), sum(written.bytes[2001:3001])
    assert third < second * 1.2
    assert max(written.bytes) < 2 * MOST_BYTES
