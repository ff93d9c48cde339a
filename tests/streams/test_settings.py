import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streams.errors import SettingsError
from streams.settings import Settings, load, load_with_origins
from streams.settings_sources import variable

MERGER = "2026-03-01T00:00:00Z"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches these tests."""
    for name in [name for name in os.environ if name.startswith("VIGIL_")]:
        monkeypatch.delenv(name)


def refusal(**flags: object) -> str:
    """The message with which these settings are refused."""
    with pytest.raises(SettingsError) as caught:
        load(flags)
    return str(caught.value)


def test_defaults_are_the_contracts() -> None:
    """Without anything given, the values are those that the contract names."""
    settings = load()

    assert (settings.topic_prefix, settings.partitions, settings.max_record_bytes, settings.state_days) == ("vigil.", 8, 262_144, 30)
    deadlines = (settings.respond_within_emergency, settings.respond_within_review_now, settings.respond_within_review_routine)
    assert deadlines == (300, 900, 72 * 3600)


def test_flags_win_over_environment_over_file_over_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each source wins over the one below it, and each value knows its source."""
    file = tmp_path / "vigil.toml"
    file.write_text('group = "file"\ntopic_prefix = "file."\npartitions = 3\n')
    monkeypatch.setenv("VIGIL_GROUP", "environment")
    monkeypatch.setenv("VIGIL_TOPIC_PREFIX", "environment.")

    loaded = load_with_origins({"group": "flag", "state_days": None}, file)

    settings, origins = loaded.settings, loaded.origins
    assert (settings.group, settings.topic_prefix, settings.partitions, settings.state_days) == ("flag", "environment.", 3, 30)
    names = ("group", "topic_prefix", "partitions", "state_days")
    assert [origins[name] for name in names] == ["flag", "environment", f"file {file}", "default"]


def test_the_file_can_be_named_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`VIGIL_SETTINGS` names the file; TOML's own times are instants too."""
    file = tmp_path / "vigil.toml"
    file.write_text("merger_at = 2026-03-01T00:00:00Z\n")
    monkeypatch.setenv("VIGIL_SETTINGS", str(file))

    assert load().merger_at == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "meant"), [("VIGIL_KAFKAS", "VIGIL_KAFKA"), ("VIGIL_MERGERAT", "VIGIL_MERGER_AT"), ("vigil_group", "VIGIL_GROUP")]
)
def test_an_unknown_name_is_refused_with_the_nearest(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    """A mistyped name would be silently without effect; it is refused, and the name that was meant is said."""
    monkeypatch.setenv(name, "x")

    assert refusal() == f"`{name}` is no setting: did you mean `{meant}`?"


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    """The same holds in a file."""
    file = tmp_path / "vigil.toml"
    file.write_text('kafak = "localhost:9092"\n')

    with pytest.raises(SettingsError, match=r"`kafak` in `.*` is no setting: did you mean `kafka`\?"):
        load(file=file)


def test_an_empty_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty is neither a value nor absent: what it would mean is not guessed."""
    monkeypatch.setenv("VIGIL_STATE_DAYS", "")

    assert refusal() == "`VIGIL_STATE_DAYS` is empty: give it a value, or remove it"


@pytest.mark.parametrize("value", ["2026-03-01", "2026-03-01T00:00:00", "1772323200", "yesterday"])
def test_a_merger_without_a_zone_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """An instant without an offset is two instants; S1 can't rest on it."""
    monkeypatch.setenv("VIGIL_MERGER_AT", value)

    said = refusal()

    assert said.startswith(f"`VIGIL_MERGER_AT` (environment) is `{value}`, which is not usable")
    assert MERGER in said


def test_what_a_command_needs_must_be_there() -> None:
    """A missing setting is named, with what to give."""
    with pytest.raises(SettingsError, match=r"`VIGIL_MERGER_AT` is not set: give the instant"):
        load(need=["merger_at"])
    with pytest.raises(SettingsError, match=r"`VIGIL_KAFKA` is not set: give bootstrap servers"):
        _ = load().bootstrap


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ({"state_days": 7}, "--state-days"),
        ({"partitions": 0}, "--partitions"),
        ({"kafka": "localhost"}, "--kafka"),
        ({"security_protocol": "TLS"}, "--security-protocol"),
        ({"poll": 0}, "--poll"),
        ({"ssl_cafile": "/does/not/exist"}, "--ssl-cafile"),
        ({"topic_prefix": "a b"}, "--topic-prefix"),
        ({"replication": 1}, "VIGIL_ALLOW_UNREPLICATED=1"),
        ({"sasl_username": "u"}, "VIGIL_SECURITY_PROTOCOL"),
        ({"security_protocol": "SASL_SSL"}, "VIGIL_SASL_PASSWORD"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_setting(flags: dict[str, object], named: str) -> None:
    """What can't work is refused at once, in one line, with the name to change."""
    said = refusal(**flags)

    assert named in said
    assert "\n" not in said


def test_one_node_needs_no_second_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """`VIGIL_ALLOW_UNREPLICATED=1` alone means topics of one copy; a replication that is given stays."""
    monkeypatch.setenv("VIGIL_ALLOW_UNREPLICATED", "1")

    assert load().replication == 1
    assert load({"replication": 3}).replication == 3


def test_secrets_are_masked_and_never_in_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret shows neither in the settings' text nor where it is refused."""
    monkeypatch.setenv("VIGIL_HASH_KEY", "short-secret")
    assert "short-secret" not in refusal()

    monkeypatch.setenv("VIGIL_HASH_KEY", "long-enough-to-be-a-secret")
    assert "long-enough" not in repr(load())


def test_every_setting_says_what_it_means() -> None:
    """The description is what a refusal gives as the remedy, so none is without."""
    assert [variable(name) for name, about in Settings.model_fields.items() if not about.description] == []
