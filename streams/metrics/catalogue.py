"""Every metric of a worker, once: name, type, labels, meaning. The dashboard is made from it, and alert rules are checked against it."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from schemas.catalogue import READ
from schemas.wire import Reason

RESPONDERS = ("emergency-alerts", "non-emergency-referrals", "reviews")
"""Topics that a person answers."""
SOURCES = (*READ, "detour", "canary")
"""Topics that a worker reads."""
OUTCOMES = ("emergency", "non_emergency", "review", "none", "out_of_scope")
STATES = ("acknowledged", "reported", "not_reported", "resolved", "false_alarm")
WAITING = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)
"""Seconds from arrival to a person's screen: from "at once" to "beyond an emergency's deadline"."""
WORKING = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)
"""Seconds that a chunk takes at one stage."""
RECOVERING = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
"""Seconds until a partition that was given is worked on."""


class Catalogue:
    """A worker's metrics, registered in `registry`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._what_was_judged(registry)
        self._how_it_works(registry)
        self._who_runs(registry)
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """A series that first appears at 1 is no increase to Prometheus: the first dead letter would raise no alarm."""
        for topic in SOURCES:
            self.events.labels(topic), self.gone.labels(topic)
        for topic in (*READ, "detour"):
            for reason in get_args(Reason):
                self.dead_letters.labels(topic, reason)
        for topic in RESPONDERS:
            self.event_to_alert.labels(topic), self.outputs.labels(topic, "event"), self.outputs.labels(topic, "deadline")
        for counter, words in ((self.decisions, OUTCOMES), (self.responses, STATES), (self.commits, ("committed", "refused"))):
            for word in words:
                counter.labels(word)

    def _what_was_judged(self, registry: CollectorRegistry) -> None:
        self.events = Counter("vigil_events", "Records judged or set aside, by the topic they came on.", ("topic",), registry=registry)
        self.decisions = Counter("vigil_decisions", "Decisions, by outcome.", ("outcome",), registry=registry)
        self.findings = Counter(
            "vigil_findings", "Findings of decisions, by policy clause.", ("clause", "outcome", "status"), registry=registry
        )
        self.outputs = Counter(
            "vigil_outputs",
            "Records written, by topic and by what made them: an event, or a deadline.",
            ("topic", "cause"),
            registry=registry,
        )
        self.dead_letters = Counter(
            "vigil_dead_letters", "Records set aside, by the topic they came on and the reason.", ("topic", "reason"), registry=registry
        )
        self.shadow_faults = Counter("vigil_shadow_faults", "Records that a second policy version failed on.", registry=registry)
        self.responses = Counter("vigil_responses", "Answers to alerts, referrals and reviews, by state.", ("state",), registry=registry)
        self.event_to_alert = Histogram(
            "vigil_event_to_alert_seconds",
            "Seconds from an event's arrival until the brokers had its alert, referral or review.",
            ("topic",),
            buckets=WAITING,
            registry=registry,
        )

    def _how_it_works(self, registry: CollectorRegistry) -> None:
        self.stages = Histogram(
            "vigil_stage_seconds", "Seconds a chunk took to be judged, written, stored.", ("stage",), buckets=WORKING, registry=registry
        )
        self.commits = Counter("vigil_commits", "Commits, by whether the group took them.", ("outcome",), registry=registry)
        self.rebalances = Counter("vigil_rebalances", "Times partitions were given or taken.", ("change",), registry=registry)
        self.dropped = Counter("vigil_chunks_dropped", "Chunks in flight when partitions were taken; judged again.", registry=registry)
        self.partitions = Gauge("vigil_partitions", "Partitions that this worker works on.", registry=registry)
        self.recovery = Histogram("vigil_recovery_seconds", "Seconds from assignment to work.", buckets=RECOVERING, registry=registry)
        self.recovered = Gauge("vigil_recovery_ratio", "Share of the state's records restored.", ("partition",), registry=registry)
        self.overtaken = Counter("vigil_overtaken_keys", "Late keys of another worker that were not applied.", registry=registry)
        self.gone = Counter("vigil_records_gone", "Records that retention deleted before they were judged.", ("topic",), registry=registry)
        self.failures = Counter("vigil_failures", "Times the worker gave up rather than risk a loss.", registry=registry)

    def _who_runs(self, registry: CollectorRegistry) -> None:
        self.beat = Gauge("vigil_loop_beat_timestamp_seconds", "When the event loop last ran.", registry=registry)
        self.build = Gauge("vigil_build_info", "The version that runs.", ("version",), registry=registry)
        self.policy = Gauge("vigil_policy_info", "The rulebook in force.", ("version", "sha256"), registry=registry)
        self.reader = Gauge("vigil_reader_info", "What reads text into facts.", ("version", "sha256"), registry=registry)

    def versions(self, build: str, policies: list[tuple[str, str]], reader: tuple[str, str]) -> None:
        """Say which versions run: of the build, of each policy and of the reader (version, SHA-256)."""
        self.build.labels(build).set(1)
        for version, sha256 in policies:
            self.policy.labels(version, sha256).set(1)
        self.reader.labels(*reader).set(1)
