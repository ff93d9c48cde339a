"""All checks in the order in which one would mend what they find."""

from streams.broker import Broker
from streams.doctor import cluster, local
from streams.doctor.finding import Finding
from streams.doctor.publishers import publishers
from streams.doctor.skew import skew
from streams.settings import Settings
from streams.topics import all_topics


def examine(settings: Settings, login: cluster.Login = "operator") -> list[Finding]:
    """Everything that can be said of this deployment with a login. Raises BrokerError where no broker can be reached.

    A worker's may not write to `probe`, so that the clocks are left to the operator's.
    """
    broker = Broker(settings)
    seen = broker.cluster()
    found = broker.topics(all_topics(settings))
    return [
        *local.settings(settings),
        local.state(settings),
        Finding("broker", "ok", f"{seen.brokers} at `{settings.bootstrap}`, {settings.security_protocol}"),
        *cluster.topics(settings, found, seen, login),
        *cluster.rights(settings, found, login),
        *cluster.group(settings, broker.group(settings.group)),
        *(skew(settings) if login == "operator" else ()),
        *publishers(settings),
    ]
