"""The worker that the settings ask for: the judge in the heart, in a Faust app."""

from collections.abc import Sequence
from typing import Any

from faust import SASLCredentials

from schemas.catalogue import READ
from streams import connection, topics
from streams.app import create_app
from streams.heart.application import App, Wiring
from streams.heart.happenings import Observer, ignore
from streams.heart.limits import Limits
from streams.heart.ports import Judge
from streams.judging import canary, detour
from streams.settings import Settings

SHARE_OF_GRACE = 0.5
"""Of the time that a stop may take, how much may go into finishing what is in flight; the rest is for leaving in order."""


def build_worker(settings: Settings, judge: Judge, *, observe: Observer = ignore, **overrides: object) -> App:
    """A Faust app that reads what the contract says and judges it. `overrides` are Faust settings.

    Raises:
        SettingsError: no Kafka is named.
        PromiseBrokenError: an override that would break a promise.
    """
    wiring = Wiring(
        sources=[*READ, detour.TOPIC, canary.TOPIC],
        outputs=written(),
        changelog=topics.changelog(settings),
        prefix=settings.topic_prefix,
        state=settings.state_dir,
        judge=judge,
        limits=Limits(drain_seconds=settings.grace_seconds, revoke_seconds=min(10.0, settings.grace_seconds * SHARE_OF_GRACE)),
        observe=observe,
    )
    return create_app(
        wiring,
        group=settings.group,
        servers=settings.bootstrap.split(","),
        standbys=settings.standbys,
        overrides={**security(settings), **overrides},
    )


def written() -> Sequence[str]:
    """Every topic that a worker writes to, its own changelog aside."""
    return [name for name, topic in topics.table().items() if topic.writer == "worker"]


def security(settings: Settings) -> dict[str, Any]:
    """Faust's words for how brokers are spoken to."""
    context = connection.tls(settings) if settings.security_protocol.endswith("SSL") else None
    if not settings.security_protocol.startswith("SASL"):
        return {"ssl_context": context}
    login = connection.aiokafka(settings)
    credentials = SASLCredentials(
        username=login["sasl_plain_username"],
        password=login["sasl_plain_password"],
        mechanism=login["sasl_mechanism"],
        ssl_context=context,
    )
    return {"broker_credentials": credentials}
