from dataclasses import replace
from functools import partial
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams.endpoint import Address, Endpoint
from streams.lag.exposition import LagCollector
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare
from streams.lag.service import Pulse

PLACE = Place("vigil", "vigil.posts", 0)
FIRST = Reading(at=100, begin=0, committed=5, end=10, members=1, held=True)
LAST = Reading(at=110, begin=0, committed=10, end=10, members=1, held=True)


def samples(collector: LagCollector) -> dict[str, float]:
    """What Prometheus' own parser makes of it: name and changing label to value."""
    registry = CollectorRegistry()
    registry.register(collector)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        sample.name + sample.labels.get("status", sample.labels.get("outcome", "")): sample.value
        for family in families
        for sample in family.samples
    }


def poll(first: Reading, last: Reading) -> Poll:
    """The poll of one place."""
    return Poll(compare({PLACE: first}, {PLACE: last}))


def test_a_poll_is_exposed() -> None:
    """Each number has its series, and exactly one status word is 1."""
    collector = LagCollector(lambda: 1234.0)
    collector.take(poll(FIRST, LAST))
    found = samples(collector)
    assert (found["vigil_lag_records"], found["vigil_lag_velocity_records_per_second"], found["vigil_lag_members"]) == (0, 0.5, 1)
    assert [name for name, value in found.items() if name.startswith("vigil_lag_status") and value] == ["vigil_lag_statusOK"]
    assert found["vigil_lag_last_poll_timestamp_seconds"] == 1234


def test_what_is_not_known_has_no_series() -> None:
    """An unknown number is absent: not NaN, and not a nought that looks well."""
    collector = LagCollector(lambda: 0.0)
    collector.take(poll(Reading(at=1), Reading(at=2)))
    found = samples(collector)
    assert "vigil_lag_records" not in found
    assert "vigil_lag_seconds" not in found
    assert found["vigil_lag_statusUNKNOWN"] == 1


def test_a_failed_poll_is_counted_and_moves_no_clock() -> None:
    """Brokers that don't answer are counted, and the time of the last answer stays."""
    collector = LagCollector(lambda: 7.0)
    collector.take(Poll([], "no broker answers"))
    found = samples(collector)
    assert (found["vigil_lag_polls_totalfailed"], found["vigil_lag_polls_totaldone"]) == (1, 0)
    assert "vigil_lag_last_poll_timestamp_seconds" not in found


def test_rewinds_are_counted() -> None:
    """A rewind is REWOUND for one poll; the counter keeps it."""
    collector = LagCollector(lambda: 0.0)
    collector.take(poll(FIRST, replace(LAST, committed=2)))
    collector.take(poll(FIRST, LAST))
    assert samples(collector)["vigil_lag_rewinds_total"] == 1


def test_lost_records_are_counted_once() -> None:
    """While a group stands still and its log is cut further, each lost record counts once; after a new commit, from there."""
    collector = LagCollector(lambda: 0.0)
    for begin, committed in ((8, 5), (8, 5), (9, 5), (15, 12)):
        collector.take(poll(FIRST, replace(LAST, begin=begin, committed=committed, end=20)))
    assert samples(collector)["vigil_lag_lost_records_total"] == (8 - 5) + (9 - 8) + (15 - 12)


def get(port: int, path: str) -> tuple[int, str]:
    """Status and body."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_the_service_is_ready_once_brokers_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not ready before the first poll and after a failed one; not live when polls no longer end."""
    now = [0.0]
    monkeypatch.setattr("streams.lag.service.time.monotonic", lambda: now[0])
    pulse = Pulse(10)
    registry = CollectorRegistry()
    registry.register(LagCollector(lambda: 0.0))
    with Endpoint(Address("127.0.0.1", 0), registry, pulse.live, pulse.ready) as endpoint:
        ask = partial(get, endpoint.port)
        assert ask("/readyz") == (503, "no poll has ended yet\n")
        pulse.take(Poll([]))
        assert (ask("/readyz"), ask("/livez")) == ((200, "ok\n"), (200, "ok\n"))
        pulse.take(Poll([], "no broker answers"))
        assert (ask("/readyz"), ask("/livez")) == ((503, "no broker answers\n"), (200, "ok\n"))
        now[0] = 201.0
        assert ask("/livez") == (503, "no poll has ended for 201 s\n")
        assert ask("/metrics")[0] == 200
        assert ask("/else")[0] == 404
