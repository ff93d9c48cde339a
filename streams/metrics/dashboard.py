"""The Grafana dashboard, made from the metrics themselves: `python -m streams.metrics.dashboard > deploy/grafana/vigil.json`.

Every family that Vigil exposes has one panel, titled by its own help text and drawn by its type and unit; a metric that no row names is
an error, so that none can be forgotten.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric

from streams.canary.exposition import CanaryMetrics
from streams.lag.exposition import LagCollector
from streams.metrics.catalogue import Catalogue
from streams.metrics.unacknowledged import UnacknowledgedCollector

ROWS: Mapping[str, tuple[str, ...]] = {
    "What waits for people": (
        "vigil_unacknowledged",
        "vigil_unacknowledged_overdue",
        "vigil_unacknowledged_oldest_seconds",
        "vigil_unacknowledged_read_timestamp_seconds",
        "vigil_event_to_alert_seconds",
        "vigil_outputs",
        "vigil_responses",
        "vigil_false_alarms",
    ),
    "Lag, as the brokers tell it": (
        "vigil_lag_status",
        "vigil_lag_seconds",
        "vigil_lag_records",
        "vigil_lag_catch_up_seconds",
        "vigil_lag_velocity_records_per_second",
        "vigil_lag_arrival_records_per_second",
        "vigil_lag_retention_used_ratio",
        "vigil_lag_members",
        "vigil_lag_rewinds",
        "vigil_lag_lost_records",
        "vigil_lag_polls",
        "vigil_lag_last_poll_timestamp_seconds",
    ),
    "The canaries' way through it all": (
        "vigil_canary_round_trip_seconds",
        "vigil_canary_lost",
        "vigil_canary_wrong",
        "vigil_canary_last_return_timestamp_seconds",
        "vigil_canary_sent",
    ),
    "What was judged": ("vigil_events", "vigil_decisions", "vigil_findings", "vigil_dead_letters", "vigil_shadow_faults"),
    "How the workers do": (
        "vigil_stage_seconds",
        "vigil_commits",
        "vigil_rebalances",
        "vigil_partitions",
        "vigil_recovery_seconds",
        "vigil_recovery_ratio",
        "vigil_chunks_dropped",
        "vigil_overtaken_keys",
        "vigil_records_gone",
        "vigil_failures",
        "vigil_loop_beat_timestamp_seconds",
    ),
    "What runs": ("vigil_build_info", "vigil_policy_info", "vigil_reader_info"),
}
SOURCE = {"type": "prometheus", "uid": "${source}"}
WIDTH, HEIGHT, COLUMNS = 8, 8, 3


class UnplacedMetricError(LookupError):
    """A metric has no place in `ROWS`, or a place has no metric; the message names it."""


def families() -> dict[str, Metric]:
    """Every family that Vigil exposes, by name, process metrics aside."""
    registry = CollectorRegistry()
    Catalogue(registry)
    registry.register(LagCollector(lambda: 0.0))
    registry.register(UnacknowledgedCollector(lambda: 0.0))
    CanaryMetrics(registry, lambda: 0.0)
    return {family.name: family for family in registry.collect()}


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it. Raises `UnplacedMetricError`."""
    known = families()
    placed = [name for names in ROWS.values() for name in names]
    for name in set(known) ^ set(placed):
        raise UnplacedMetricError(f"metric `{name}` and the rows of the dashboard don't agree; add it to `ROWS`, or take it away")
    return {
        "uid": "vigil",
        "title": "Vigil",
        "tags": ["vigil"],
        "schemaVersion": 39,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [{"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}]},
        "panels": list(_panels(known)),
    }


def _panels(known: Mapping[str, Metric]) -> Iterator[dict[str, Any]]:
    top, number = 0, 0
    for title, names in ROWS.items():
        number += 1
        yield {"id": number, "type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": _place(top, 0, 24, 1)}
        top += 1
        for position, name in enumerate(names):
            number += 1
            place = _place(top + position // COLUMNS * HEIGHT, position % COLUMNS * WIDTH, WIDTH, HEIGHT)
            yield {"id": number, "gridPos": place, **_panel(known[name])}
        top += -(-len(names) // COLUMNS) * HEIGHT


def _place(top: int, left: int, width: int, height: int) -> dict[str, int]:
    return {"x": left, "y": top, "w": width, "h": height}


def _panel(family: Metric) -> dict[str, Any]:
    """One family by its type; "no data" is said, and is never drawn as nought."""
    targets = list(_targets(family))
    asked = [
        {"refId": chr(65 + at), "datasource": SOURCE, "expr": expr, "legendFormat": legend} for at, (expr, legend) in enumerate(targets)
    ]
    return {
        "type": "timeseries",
        "title": family.documentation.rstrip("."),
        "description": family.name,
        "datasource": SOURCE,
        "targets": asked,
        "fieldConfig": {"defaults": {"unit": _unit(family), "noValue": "no data", "custom": {"spanNulls": False}}, "overrides": []},
        "options": {"legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull"]}, "tooltip": {"mode": "multi"}},
    }


def _targets(family: Metric) -> Iterable[tuple[str, str]]:
    name, labels = family.name, LABELS.get(family.name, ())
    by, legend = ", ".join(labels), " ".join(f"{{{{{label}}}}}" for label in labels) or "all"
    if family.type == "histogram":
        buckets = ", ".join((*labels, "le"))
        return [
            (f"histogram_quantile({share}, sum by ({buckets}) (rate({name}_bucket[$__rate_interval])))", f"{word} {legend}")
            for share, word in ((0.5, "half within"), (0.99, "99 of 100 within"))
        ]
    if family.type == "counter":
        return [(f"sum by ({by}) (increase({name}_total[$__rate_interval]))", legend)]
    if name.endswith("_timestamp_seconds"):
        return [(f"time() - {name}", legend if labels else "{{instance}}")]
    if name == "vigil_lag_status":
        return [(f"{name} == 1", legend)]
    return [(f"max by ({by}) ({name})" if labels else name, legend if labels else "{{instance}}")]


def _unit(family: Metric) -> str:
    if family.name.endswith("_ratio"):
        return "percentunit"
    if family.name.endswith("_per_second"):
        return "rps"
    return "s" if family.name.endswith("_seconds") else "short"


PLACE = ("group", "topic", "partition")
LABELS: Mapping[str, tuple[str, ...]] = {
    **{name: PLACE for name in ROWS["Lag, as the brokers tell it"] if not name.startswith(("vigil_lag_polls", "vigil_lag_last"))},
    **dict.fromkeys(ROWS["The canaries' way through it all"], ("partition",)),
    "vigil_lag_status": (*PLACE, "status"),
    "vigil_lag_polls": ("outcome",),
    "vigil_unacknowledged": ("topic",),
    "vigil_unacknowledged_overdue": ("topic",),
    "vigil_unacknowledged_oldest_seconds": ("topic",),
    "vigil_event_to_alert_seconds": ("topic",),
    "vigil_outputs": ("topic", "cause"),
    "vigil_responses": ("state",),
    "vigil_false_alarms": ("clause",),
    "vigil_events": ("topic",),
    "vigil_decisions": ("outcome",),
    "vigil_findings": ("clause", "outcome", "status"),
    "vigil_dead_letters": ("topic", "reason"),
    "vigil_stage_seconds": ("stage",),
    "vigil_commits": ("outcome",),
    "vigil_rebalances": ("change",),
    "vigil_partitions": ("instance",),
    "vigil_recovery_ratio": ("partition",),
    "vigil_records_gone": ("topic",),
    "vigil_build_info": ("version",),
    "vigil_policy_info": ("version", "sha256"),
    "vigil_reader_info": ("version", "sha256"),
}


def main() -> None:
    """Write the dashboard to stdout."""
    sys.stdout.write(json.dumps(dashboard(), indent=1) + "\n")


if __name__ == "__main__":
    main()
