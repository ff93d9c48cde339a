"""Policy versions by name or file: those that are shipped, and those that somebody wrote. A bad one is told with its place and remedy."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from policy.errors import VersionError
from policy.versions.library import Calendar, shipped
from policy.versions.version import Version, read_version
from streams.errors import SettingsError

MERGED = "merged"


def find_version(name: str) -> Version:
    """A shipped version by its name, or one from a file. Raises `SettingsError` with the place and the remedy."""
    known = shipped()
    if name in known:
        return known[name]
    path = Path(name)
    if not path.is_file():
        raise SettingsError(f"there is no policy version `{name}`: give one of {', '.join(f'`{one}`' for one in known)}, or a file")
    try:
        return read_version(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError, VersionError) as error:
        raise SettingsError(f"policy version {error}") from None


def versions_known(name: str) -> Mapping[str, Version]:
    """The versions that are shipped, and the named one, to explain by. Raises `SettingsError` where there is no such version."""
    chosen = find_version(name)
    return {**shipped(), chosen.name: chosen}


def versions_for(name: str, merger: datetime) -> Mapping[str, Version]:
    """The versions to judge by, the named one in the place of `merged`. Raises `SettingsError` where nothing judges from the merger on."""
    chosen = find_version(name)
    versions = {one.name: one for one in shipped().values() if one.name != MERGED} | {chosen.name: chosen}
    try:
        calendar = Calendar(versions, merger)
        calendar.at(calendar.merger)
    except VersionError:
        raise SettingsError(f"`VIGIL_POLICY` is `{name}`, which is not in force from the merger: give one that is, or mend it") from None
    return versions
