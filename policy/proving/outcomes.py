"""Judging the space with a memory, so that each law may ask as it likes."""

from msgspec.structs import replace

from policy.judging import Found, judge
from policy.rulebook import then
from policy.situation import Concern, Situation
from policy.versions.version import Version


class Outcomes:
    """What a version finds about one person and one concern. Remembers the person it was last asked about, in every variant."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._reversed = replace(version, rules=version.rules[::-1])
        self._known: dict[tuple[object, ...], tuple[Found, ...]] = {}

    def findings(self, who: Situation, concern: Concern) -> tuple[Found, ...]:
        """All findings."""
        key = (who.author, who.age, who.stage, who.stated, who.at_risk, who.support_needs, who.assured, who.held, *_key(concern))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = judge(replace(who, concerns=(concern,)), self._version)
        return found

    def of(self, who: Situation, concern: Concern) -> str:
        """The highest outcome."""
        return then.highest(found.outcome for found in self.findings(who, concern))

    def in_reverse(self, who: Situation, concern: Concern) -> str:
        """The highest outcome, were the rules written in the opposite order."""
        return then.highest(found.outcome for found in judge(replace(who, concerns=(concern,)), self._reversed))

    def forget(self) -> None:
        """Make room: the next person shares nothing with this one."""
        self._known.clear()


def _key(concern: Concern) -> tuple[object, ...]:
    return concern.kind, frozenset(concern.facts.items()), concern.found, concern.taken_back
