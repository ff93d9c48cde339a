from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from policy.errors import VersionError
from policy.times import age_at
from policy.versions.library import shipped
from policy.versions.version import read_version
from tests.policy.core.driver import MERGER, NOW, RULES, Core, message, profile

WEAKLY = [{"kind": "suicide", "thoughts": "yes", "plan": "yes", "means": "no", "timeframe": "within_30_days"}]
GOOD = """
version: merged-2
in_force: {from: 2026-12-01T00:00:00+00:00}
clauses: [E1, E2]
thresholds: {adult_from_age: 18, pregnancy_under_age: 16, child_up_to_age: 12, window_days: 7, immediate_hours: 48,
             case_closes_after_days: 7, skew_minutes: 5}
"""


def test_the_version_in_force_goes_by_the_events_time() -> None:
    """A decision names the version of its event's time, and its hash (Versions)."""
    core = Core()
    core.feed("messages", message("e1", MERGER - timedelta(seconds=1), WEAKLY))
    core.feed("messages", message("e2", MERGER, WEAKLY))
    assert [core.last()[event].policy.version for event in ("e1", "e2")] == ["pre-merger", "merged"]
    assert core.last()["e2"].policy.sha256 == shipped()["merged"].sha256


def test_a_forced_version_judges_every_event() -> None:
    """What the pre-merger policy would have done: a weaker E1 is an emergency, nothing is a non-emergency, before the merger too."""
    core = Core(replace(RULES, forced="pre-merger"))
    core.feed("profiles", profile())
    core.feed("messages", message("e1", MERGER - timedelta(days=1), WEAKLY))
    core.feed("messages", message("e2", NOW - timedelta(days=1), [*WEAKLY, {"kind": "homelessness", "homeless_or_at_risk": "yes"}]))
    found = {event: [(one.clause, one.outcome) for one in decision.findings] for event, decision in core.last().items()}
    assert found == {"e1": [("E1", "emergency")], "e2": [("E1", "emergency")]}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (GOOD.replace("E2]", "E9]"), "clause `E9`"),
        (GOOD.replace("[E1, E2]", "[E1, E1]"), "twice"),
        (GOOD.replace("[E1, E2]", "[E1: fierce]"), "no form `fierce`"),
        (GOOD.replace("window_days: 7", "window_days: 0"), "`window_days` is `0`"),
        (GOOD.replace("window_days: 7, ", ""), "window_days"),
        (GOOD.replace("+00:00", ""), "no offset"),
        (GOOD.replace("version: merged-2", "version: [merged"), "no YAML"),
        (GOOD + "note: x", "note"),
    ],
)
def test_a_bad_version_says_where_and_what_to_do(wrong: str, place: str) -> None:
    """A version's file that can't be used is refused with the place and the remedy."""
    with pytest.raises(VersionError, match=r"`versions/new\.yaml`") as refused:
        read_version(wrong, "versions/new.yaml")
    assert place in str(refused.value)


def test_a_versions_hash_stands_for_its_file_and_its_rules() -> None:
    """Another threshold is another hash; the same file is the same."""
    first, same, other = read_version(GOOD), read_version(GOOD), read_version(GOOD.replace("48", "47"))
    assert first.sha256 == same.sha256 != other.sha256


@pytest.mark.parametrize(
    ("born", "at", "age"),
    [
        (date(2008, 7, 15), datetime(2026, 7, 14, 22, 59, tzinfo=UTC), 17),
        (date(2008, 7, 15), datetime(2026, 7, 14, 23, 0, tzinfo=UTC), 18),
        (date(2008, 1, 15), datetime(2026, 1, 14, 23, 59, tzinfo=UTC), 17),
        (date(2008, 2, 29), datetime(2026, 2, 28, 12, tzinfo=UTC), 17),
        (date(2008, 2, 29), datetime(2026, 3, 1, 0, tzinfo=UTC), 18),
        (date(2008, 2, 29), datetime(2028, 2, 29, 0, tzinfo=UTC), 20),
        (date(2027, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), None),
    ],
)
def test_age_goes_by_the_date_in_london(born: date, at: datetime, age: int | None) -> None:
    """A birthday begins at midnight in London, in summer an hour before it does in UTC; 29 February comes on 1 March (Words)."""
    assert age_at(born, at) == age
