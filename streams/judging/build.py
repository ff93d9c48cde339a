"""The judge that the settings ask for: the same for the worker, for `assess` and for whatever replays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from policy.core import RespondWithin, Rules
from policy.reading.reader import text_reader
from streams.errors import SettingsError
from streams.heart.ports import SourceRecord
from streams.judging.bursts import Limits
from streams.judging.judge import Observer, PolicyJudge
from streams.judging.shadow import Shadow, unheard
from streams.settings import Settings
from streams.versions import find_version, versions_for

DEFAULT_HASH_KEY = b"vigil without VIGIL_HASH_KEY"
"""Where no key is set, hashes of sentences are only as secret as this project: `vigil doctor` says so."""


def build_judge(
    settings: Settings,
    *,
    partitions: int | None = None,
    observer: Observer | None = None,
    rules: Rules | None = None,
    shadow_failed: Callable[[Exception], None] = unheard,
    failed: Callable[[SourceRecord, Exception], None] | None = None,
) -> PolicyJudge:
    """A judge by the settings. Raises `SettingsError`.

    `partitions`: of every per-person topic, if other than the settings say. `rules`: likewise; such a judge has no shadow.
    `failed` is told of each record that failed inside, `shadow_failed` of each fault of the shadow.
    """
    beside = None if rules is not None else settings.shadow_policy
    return PolicyJudge(
        rules=rules or build_rules(settings),
        partitions=partitions or settings.partitions,
        max_record_bytes=settings.max_record_bytes,
        limits=Limits(settings.dead_letter_reviews, settings.dead_letter_window),
        observer=observer,
        shadow=None if beside is None else Shadow(forced_rules(settings, beside), shadow_failed),
        failed=failed,
    )


def build_rules(settings: Settings) -> Rules:
    """What the policy needs of the settings. Raises `SettingsError` where the merger is not given (S1)."""
    return Rules(
        merger_at=_merger(settings),
        reader=text_reader(),
        respond_within=_respond_within(settings),
        state_days=settings.state_days,
        hash_key=_hash_key(settings),
        versions=versions_for(settings.policy, _merger(settings)),
    )


def forced_rules(settings: Settings, name: str) -> Rules:
    """Rules by which one version, a name or a file, judges every event, whatever its time. Raises `SettingsError`."""
    version = find_version(name)
    return replace(build_rules(settings), versions={version.name: version}, forced=version.name)


def _hash_key(settings: Settings) -> bytes:
    """What keys the hashes of sentences; as many bytes as the hash takes."""
    return DEFAULT_HASH_KEY if settings.hash_key is None else sha256(settings.hash_key.get_secret_value().encode()).digest()


def _merger(settings: Settings) -> datetime:
    if settings.merger_at is None:
        raise SettingsError("`VIGIL_MERGER_AT` is not set: give the instant from which the policy counts, such as `2026-03-01T00:00:00Z`")
    return settings.merger_at


def _respond_within(settings: Settings) -> RespondWithin:
    return RespondWithin(
        emergency=settings.respond_within_emergency,
        referral=settings.respond_within_referral,
        review_now=settings.respond_within_review_now,
        review_today=settings.respond_within_review_today,
        review_routine=settings.respond_within_review_routine,
    )
