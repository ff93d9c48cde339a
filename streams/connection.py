"""The one translation of our settings into what the two Kafka clients call them."""

import ssl
from typing import Any

from streams.settings import Settings


def librdkafka(settings: Settings) -> dict[str, str]:
    """Settings for confluent-kafka's clients. Raises SettingsError where no Kafka is named."""
    client = {"bootstrap.servers": settings.bootstrap, "security.protocol": settings.security_protocol}
    if settings.security_protocol.startswith("SASL"):
        client |= {"sasl.mechanism": settings.sasl_mechanism, "sasl.username": _username(settings), "sasl.password": _password(settings)}
    if settings.ssl_cafile is not None:
        client["ssl.ca.location"] = str(settings.ssl_cafile)
    return client


def aiokafka(settings: Settings) -> dict[str, Any]:
    """Keyword arguments for aiokafka's clients. Raises SettingsError where no Kafka is named."""
    client: dict[str, Any] = {"bootstrap_servers": settings.bootstrap, "security_protocol": settings.security_protocol}
    if settings.security_protocol.startswith("SASL"):
        login = {"sasl_plain_username": _username(settings), "sasl_plain_password": _password(settings)}
        client |= {"sasl_mechanism": settings.sasl_mechanism, **login}
    if settings.security_protocol.endswith("SSL"):
        client["ssl_context"] = tls(settings)
    return client


def tls(settings: Settings) -> ssl.SSLContext:
    """What brokers' certificates are checked against: the given authority, else the machine's."""
    return ssl.create_default_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)


def _username(settings: Settings) -> str:
    return settings.sasl_username or ""


def _password(settings: Settings) -> str:
    return settings.sasl_password.get_secret_value() if settings.sasl_password else ""
