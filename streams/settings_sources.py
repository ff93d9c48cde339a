"""Where settings come from, and how to say which of them is wrong. Knows no setting by name."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource

from streams.errors import SettingsError

PREFIX = "VIGIL_"
FILE = "VIGIL_SETTINGS"
"""Names a settings file; the one name with the prefix that is not itself a setting."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was given, where, and under which name."""

    value: Any
    origin: str
    name: str


def variable(field: str) -> str:
    """A setting's name in the environment."""
    return PREFIX + field.upper()


def gather(settings: type[BaseSettings], flags: Mapping[str, Any], file: Path | None) -> dict[str, Given]:
    """What was given, by field. Raises SettingsError for a name that is no setting."""
    _refuse_unknown(settings, [name for name in os.environ if name.upper().startswith(PREFIX)])
    named = os.environ.get(FILE)
    path = file or (Path(named) if named else None)
    from_file = _read(settings, path) if path else {}
    from_environment = {name: Given(value, "environment", variable(name)) for name, value in EnvSettingsSource(settings)().items()}
    from_flags = {name: Given(value, "flag", "--" + name.replace("_", "-")) for name, value in flags.items() if value is not None}
    return from_file | _not_empty(from_environment) | from_flags


def describe(settings: type[BaseSettings], error: ValidationError, given: Mapping[str, Given]) -> str:
    """One line about the first value that is wrong: its name, itself unless secret, and what to give instead."""
    first = error.errors(include_input=False, include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    about, value = settings.model_fields.get(field), given.get(field)
    if about is None or value is None:
        return f"the settings are not usable ({first['msg'].lower()}): see `vigil config show --help`"
    shown = "" if _secret(about.annotation) else f" is `{_short(value.value)}`, which"
    place = "" if value.origin == "flag" else f" ({value.origin})"
    more = f" (and {error.error_count() - 1} more to mend)" if len({e["loc"][:1] for e in error.errors()}) > 1 else ""
    return f"`{value.name}`{place}{shown} is not usable: give {about.description}{more}"


def _short(value: Any) -> str:
    """Whatever was given, on one line."""
    return " ".join(str(value).split())[:100]


def _secret(annotation: Any) -> bool:
    return SecretStr in (annotation, *getattr(annotation, "__args__", ()))


def _refuse_unknown(settings: type[BaseSettings], names: Iterable[str]) -> None:
    known = [variable(field) for field in settings.model_fields] + [FILE]
    for name in sorted(names):
        if name not in known:
            raise SettingsError(f"`{name}` is no setting: {_nearest(name, known)}")


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name.upper(), known, n=1)
    return f"did you mean `{near[0]}`?" if near else "remove it, or see `vigil config show` for all that there are"


def _not_empty(given: Mapping[str, Given]) -> dict[str, Given]:
    for value in given.values():
        if value.value == "":
            raise SettingsError(f"`{value.name}` is empty: give it a value, or remove it")
    return dict(given)


def _read(settings: type[BaseSettings], path: Path) -> dict[str, Given]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"the settings file `{path}` can't be read ({reason}): give one that can") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f'the settings file `{path}` is no TOML ({error}): write lines such as `kafka = "localhost:9092"`') from None
    known = list(settings.model_fields)
    for name in content:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise SettingsError(f"`{name}` in `{path}` is no setting: " + (f"did you mean `{near[0]}`?" if near else "remove it"))
    return _not_empty({name: Given(_plain(value), f"file {path}", name) for name, value in content.items()})


def _plain(value: Any) -> Any:
    """TOML has times of its own; what counts is their text."""
    return value.isoformat() if isinstance(value, datetime) else value
