"""The versions there are, and which of them judges an event."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from policy.errors import VersionError
from policy.versions.version import Version, read_version


@cache
def shipped() -> Mapping[str, Version]:
    """The versions that come with Vigil, by name. Their files are part of the package, read once; nothing else is."""
    folder = files("policy.versions")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return by_name(read_version((folder / name).read_text(encoding="utf-8"), f"policy/versions/{name}") for name in names)


def by_name(versions: Iterable[Version]) -> Mapping[str, Version]:
    """Versions by their names. Raises `VersionError` where two share one."""
    found: dict[str, Version] = {}
    for version in versions:
        if version.name in found:
            raise VersionError(f"two policy versions are called `{version.name}`; rename one")
        found[version.name] = version
    return found


def in_force(versions: Mapping[str, Version], at: datetime, merger: datetime) -> Version:
    """The version in force at an event's time. Of several the one named last; raises `VersionError` where there is none."""
    holding = [version for version in versions.values() if version.in_force.holds(at, merger)]
    if not holding:
        raise VersionError(f"no policy version is in force at `{at.isoformat()}`; add one, or widen the dates of another")
    return holding[-1]
