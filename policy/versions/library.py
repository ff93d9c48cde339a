"""The versions there are, and which of them judges an event."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from policy.errors import VersionError
from policy.times import micros
from policy.versions.version import Version, read_version

_FIRST, _LAST = -(2**62), 2**62


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


class Calendar:
    """Which version judges what was written when, and when the merger was. Times in microseconds since the epoch."""

    def __init__(self, versions: Mapping[str, Version], merger: datetime) -> None:
        self.merger = micros(merger)
        bounds = ((version, *version.in_force.bounds(merger)) for version in versions.values())
        self._spans = [
            (_FIRST if since is None else micros(since), _LAST if until is None else micros(until), version)
            for version, since, until in bounds
        ]

    def at(self, moment: int) -> Version:
        """The version in force at an event's time, of several the one named last. Raises `VersionError` where there is none."""
        for since, until, version in reversed(self._spans):
            if since <= moment < until:
                return version
        raise VersionError("no policy version is in force at the time of an event; add one, or widen the dates of another")
