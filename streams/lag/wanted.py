"""What a look at the lag must show even where the brokers know nothing of it: the workers' own group with all that it reads."""

from collections.abc import Iterable

from streams import topics
from streams.lag.sampling import Wanted
from streams.settings import Settings

DETOUR = "detour"
WRITERS = ("publisher", "canary")
"""Whose topics a worker reads."""


def wanted(settings: Settings, groups: Iterable[str] = (), names: Iterable[str] = ()) -> Wanted:
    """The workers' own group has its rows even where it never ran, unless other groups are asked for."""
    chosen = frozenset(groups)
    read = [name for name, topic in topics.table().items() if topic.writer in WRITERS or name == DETOUR]
    ours = {settings.group: tuple(settings.topic(name) for name in read)}
    return Wanted(chosen, frozenset(names), ours if not chosen or settings.group in chosen else {})
