"""All settings of Vigil, each once: name, meaning, unit, default. `load` reads them: flags over environment over file over defaults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from schemas.base import Instant
from streams import settings_sources as sources
from streams.errors import SettingsError

DAY = 86_400
TOPIC_NAME = r"^[A-Za-z0-9._-]{0,100}$"

Seconds = Annotated[int, Field(ge=1, le=365 * DAY)]
Port = Annotated[int, Field(ge=1, le=65_535)]


class Settings(BaseSettings):
    """What the environment calls `VIGIL_<NAME>` and a settings file `<name>`. Frozen; secrets are masked wherever they are shown."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_", frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=False)

    kafka: str | None = Field(None, pattern=r"^[^\s,]+:\d+(,[^\s,]+:\d+)*$", description="bootstrap servers, `host:port[,host:port]`")
    merger_at: Instant | None = Field(None, description="the instant from which the policy counts (S1), such as `2026-03-01T00:00:00Z`")
    topic_prefix: str = Field("vigil.", pattern=TOPIC_NAME, description="put before every topic's name: letters, digits, `.`, `_`, `-`")
    group: str = Field(
        "vigil", pattern=r"^[A-Za-z0-9._-]{1,100}$", description="the workers' consumer group; letters, digits, `.`, `_`, `-`"
    )
    state_dir: Path = Field(Path("state"), description="folder for the worker's state, on a disk of its own")
    partitions: int = Field(8, ge=1, le=1000, description="partitions of every per-person topic, 1 to 1000")
    replication: int = Field(3, ge=1, le=9, description="copies of every topic, 1 to 9; 1 only with `VIGIL_ALLOW_UNREPLICATED=1`")
    max_record_bytes: int = Field(
        262_144, ge=1024, le=16 * 2**20, description="bytes of a record beyond which it is `too_large`, 1024 to 16777216"
    )

    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="how brokers are spoken to: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="`PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`"
    )
    sasl_username: str | None = Field(None, min_length=1, description="the principal to log in as")
    sasl_password: SecretStr | None = Field(None, min_length=1, description="the principal's password")
    ssl_cafile: FilePath | None = Field(
        None, description="file of the authority that signed the brokers' certificates (PEM), an existing file"
    )

    respond_within_emergency: Seconds = Field(300, description="seconds until an unanswered emergency is escalated")
    respond_within_referral: Seconds = Field(DAY, description="seconds until an unanswered referral is escalated")
    respond_within_review_now: Seconds = Field(900, description="seconds until an unanswered review of urgency `now` is escalated")
    respond_within_review_today: Seconds = Field(DAY, description="seconds until an unanswered review of urgency `today` is escalated")
    respond_within_review_routine: Seconds = Field(3 * DAY, description="seconds until an unanswered routine review is escalated")
    state_days: int = Field(30, ge=8, le=3650, description="days that state is kept, counted from a record's arrival, 8 to 3650")
    dead_letter_reviews: int = Field(
        20, ge=1, le=10_000, description="dead letters of one topic and reason that get a review each, per window"
    )
    dead_letter_window: Seconds = Field(600, description="seconds of arrival in which those are counted")
    policy: str = Field("merged", min_length=1, description="the policy version to judge by, a name or a file")
    shadow_policy: str | None = Field(None, min_length=1, description="a second version, judged beside it without effect")
    hash_key: SecretStr | None = Field(
        None, min_length=16, description="secret under which sentences are hashed in state, 16 characters or more, the same for all workers"
    )

    standbys: int = Field(0, ge=0, le=5, description="other workers that keep a copy of a partition's state close to its changelog, 0 to 5")
    grace_seconds: Seconds = Field(20, description="seconds that a worker may take to finish after SIGTERM")
    poll: float = Field(10.0, gt=0, le=3600, description="seconds between two samples of lag")
    canary_seconds: float = Field(10.0, ge=0.2, le=60, description="seconds between two canaries of a partition, 0.2 to 60")
    canary_lost_after: float = Field(30.0, ge=1, le=300, description="seconds after which a canary that is not back is lost, 1 to 300")
    metrics_host: str = Field("127.0.0.1", min_length=1, description="address that metrics and probes listen on")
    metrics_port: Port | None = Field(None, description="port of metrics and probes, 1 to 65535; none: not served")
    console_host: str = Field(
        "127.0.0.1", min_length=1, description="address that the page listens on; another than loopback needs a login"
    )
    console_port: Port = Field(9180, description="port of the page, 1 to 65535")
    console_user: str | None = Field(None, min_length=1, description="the user who may see the page")
    console_password: SecretStr | None = Field(None, min_length=12, description="that user's password, 12 characters or more")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="`debug`, `info`, `warning` or `error`")
    log_format: Literal["auto", "json", "text"] = Field("auto", description="`json`, `text`, or `auto`: text on a terminal")

    allow_unreplicated: bool = Field(
        default=False, description="`1`: topics of one copy are allowed (one node; a broker's disk is then all)"
    )
    require_kafka: bool = Field(default=False, description="`1`: tests fail where there is no real Kafka")

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *rest: Any, **others: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Values come from `load` alone, which knows where each is from."""
        del settings_cls, rest, others
        return (init_settings,)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """What two settings say together."""
        sasl, login = self.security_protocol.startswith("SASL"), (self.sasl_username, self.sasl_password)
        if sasl and None in login:
            raise SettingsError(
                f"`VIGIL_SECURITY_PROTOCOL` is `{self.security_protocol}`: give both `VIGIL_SASL_USERNAME` and `VIGIL_SASL_PASSWORD`"
            )
        if not sasl and login != (None, None):
            raise SettingsError(
                f"a login is set but `VIGIL_SECURITY_PROTOCOL` is `{self.security_protocol}`: set it to `SASL_SSL`, or remove the login"
            )
        if self.ssl_cafile is not None and not self.security_protocol.endswith("SSL"):
            raise SettingsError(
                f"`VIGIL_SSL_CAFILE` is set but `VIGIL_SECURITY_PROTOCOL` is `{self.security_protocol}`: set it to `SSL` or `SASL_SSL`"
            )
        if self.replication == 1 and not self.allow_unreplicated:
            raise SettingsError("`VIGIL_REPLICATION` is `1`: give 3, or `VIGIL_ALLOW_UNREPLICATED=1` where one node is all there is")
        return self

    @property
    def bootstrap(self) -> str:
        """Bootstrap servers, for whatever needs a Kafka. Raises SettingsError where none is named."""
        if self.kafka is None:
            raise SettingsError("`VIGIL_KAFKA` is not set: give bootstrap servers, such as `localhost:9092`")
        return self.kafka

    def topic(self, name: str) -> str:
        """A topic's full name."""
        return self.topic_prefix + name


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, and of each name where its value is from: `flag`, `environment`, `file <path>`, `default`."""

    settings: Settings
    origins: Mapping[str, str]


def load(flags: Mapping[str, Any] | None = None, file: Path | None = None, *, need: Iterable[str] = ()) -> Settings:
    """The settings for a command. `flags`: by field name, None for one not given; `need`: fields that must have a value.

    Raises SettingsError: one line that names the setting and the remedy.
    """
    return load_with_origins(flags, file, need=need).settings


def load_with_origins(flags: Mapping[str, Any] | None = None, file: Path | None = None, *, need: Iterable[str] = ()) -> Loaded:
    """As `load`, with where each value is from."""
    given = sources.gather(Settings, flags or {}, file)
    values = {name: value.value for name, value in given.items()}
    origins = {name: given[name].origin if name in given else "default" for name in Settings.model_fields}
    if "replication" not in given and str(values.get("allow_unreplicated", "")).lower() in {"1", "true", "yes", "on"}:
        values["replication"] = 1
        origins["replication"] = "default with `VIGIL_ALLOW_UNREPLICATED`"
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(sources.describe(Settings, error, given)) from None
    for name in need:
        if getattr(settings, name) is None:
            raise SettingsError(f"`{sources.variable(name)}` is not set: give {Settings.model_fields[name].description}")
    return Loaded(settings, origins)
