from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from streams.console import held
from streams.console.held import Came, Held
from streams.console.newest import Newest

TIMES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 50)), max_size=60)


@given(TIMES, st.integers(1, 10))
def test_what_is_kept_is_the_newest_whatever_the_order(told: list[tuple[int, int]], most: int) -> None:
    """Of names that came once each, those with the latest times are kept, and each value that is not kept was handed back."""
    once = dict(told)
    newest = Newest[int](most)
    dropped = [newest.add(name, datetime.fromtimestamp(second, UTC), name) for name, second in once.items()]
    kept = newest.newest_first()

    assert [once[name] for name in kept] == sorted(once.values(), reverse=True)[:most]
    assert sorted([*kept, *(name for name in dropped if name is not None)]) == sorted(once)


@given(TIMES)
def test_a_name_that_comes_again_is_one(told: list[tuple[int, int]]) -> None:
    """Read twice it is kept once, as it came last."""
    newest = Newest[int](100)
    for name, second in told:
        newest.add(name, datetime.fromtimestamp(second, UTC), second)

    assert {name: newest.get(name) for name, _ in told} == dict(told)
    assert len(newest.newest_first()) == len({name for name, _ in told})


def test_decisions_are_the_newest_of_all_partitions(decision: Callable[..., Came]) -> None:
    """A partition that is read last does not push newer decisions of others out, and what is gone is no longer linked to."""
    page = Held(decisions=Newest(2))
    for minute in (30, 20, 40, 10):
        page.take(decision(decision_id=f"d{minute}", event_id=f"e{minute}", decided_at=f"2026-11-03T17:{minute}:00Z"))

    assert [one.decision_id for one in page.decisions.newest_first()] == ["d40", "d30"]
    assert [page.explained(f"e{minute}") for minute in (40, 30, 20, 10)] == ["d40", "d30", None, None]
    assert held.DECISIONS == 1000
