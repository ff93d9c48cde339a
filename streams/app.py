"""The worker as a Faust app. Importing this does nothing; `create_app` builds it, and production and tests differ in arguments alone."""

import ssl
from collections.abc import Mapping, Sequence
from typing import Any

from streams.heart.application import App, Wiring, add_agent

SESSION_SECONDS = 6.0  # a worker that died is replaced after this, a heartbeat's pause and the recovery of its state
HEARTBEAT_SECONDS = 2.0
COMMIT_SECONDS = 0.5
REBALANCE_SECONDS = 20.0  # longer than `Limits.revoke_seconds`, or a worker that finishes its work would be put out

PROMISES: Mapping[str, object] = {
    "processing_guarantee": "at_least_once",
    "producer_acks": -1,
    "stream_publish_on_commit": False,
    "web_enabled": False,
    "producer_threaded": False,
    "topic_disable_leader": True,
}


class PromiseBrokenError(ValueError):
    """A setting would break a promise; the message names it, the reason and what to do."""


def create_app(
    wiring: Wiring,
    *,
    group: str,
    servers: Sequence[str],
    credentials: Any = None,
    ssl_context: ssl.SSLContext | None = None,
    standbys: int = 0,
    overrides: Mapping[str, object] | None = None,
) -> App:
    """Build the worker's Faust app. `servers` are `host:port`; `credentials` are Faust's; `overrides` are Faust settings.

    Raises:
        PromiseBrokenError: an override that would break a promise.
    """
    chosen = dict(overrides or {})
    refuse(chosen)
    app = App(
        group,
        wiring,
        **{
            **PROMISES,
            "broker": [f"heart://{server}" for server in servers],
            "broker_credentials": credentials,
            "ssl_context": ssl_context,
            "datadir": str(wiring.state),
            "autodiscover": False,
            "broker_session_timeout": SESSION_SECONDS,
            "broker_heartbeat_interval": HEARTBEAT_SECONDS,
            "broker_rebalance_timeout": REBALANCE_SECONDS,
            "broker_request_timeout": 30.0,
            "broker_commit_interval": COMMIT_SECONDS,
            "consumer_auto_offset_reset": "earliest",
            "table_standby_replicas": standbys,
            "topic_allow_declare": False,  # topics are made by `vigil topics apply`, so a worker needs no right to make any
            "stream_wait_empty": True,  # the heart's own, bounded
            "stream_recovery_delay": 0.0,
            "worker_redirect_stdouts": False,
            **chosen,
        },
    )
    add_agent(app)
    return app


def refuse(overrides: Mapping[str, object]) -> None:
    """Refuse settings that would break a promise.

    Raises:
        PromiseBrokenError: naming the first of them.
    """
    for name, value in overrides.items():
        if name in PROMISES and value != PROMISES[name]:
            raise PromiseBrokenError(f"`{name}` is `{value}`, and with anything but `{PROMISES[name]}` events are lost or shown; remove it")
