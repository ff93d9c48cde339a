"""What a version finds about one person, for every concern of the space at once, so that each law only looks things up."""

from functools import cached_property

from msgspec.structs import replace

from policy.judging import Found, judge
from policy.proving.space import concerns
from policy.rulebook import then
from policy.situation import Situation
from policy.versions.version import Version

Findings = tuple[tuple[Found, ...], ...]
"""By the place of a concern in the space."""


class Row:
    """One person's findings, also as they would be with an assurance, with an earlier text that is not known, and at no known age."""

    def __init__(self, version: Version, who: Situation) -> None:
        self.who = who
        self._version = version
        self.found = findings(version, who)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The highest outcome of each concern."""
        return outcomes(self.found)

    @cached_property
    def assured(self) -> tuple[str, ...]:
        """Outcomes where the person says that they are safe."""
        return outcomes(findings(self._version, replace(self.who, assured=True)))

    @cached_property
    def held(self) -> tuple[str, ...]:
        """Outcomes where all rests on an edit whose earlier text is not known (S3)."""
        return outcomes(findings(self._version, replace(self.who, held=True)))

    @cached_property
    def ageless(self) -> tuple[str, ...]:
        """Outcomes where nothing is known of the age."""
        return outcomes(findings(self._version, replace(self.who, age=None, stage="unknown", stated=None)))

    @cached_property
    def reversed(self) -> tuple[str, ...]:
        """Outcomes, were the rules written in the opposite order."""
        return outcomes(findings(replace(self._version, rules=self._version.rules[::-1]), self.who))


def findings(version: Version, who: Situation) -> Findings:
    """All findings about a person, concern by concern."""
    return tuple(judge(replace(who, concerns=(concern,)), version) for concern in concerns())


def outcomes(found: Findings) -> tuple[str, ...]:
    """The highest outcome of each."""
    return tuple(then.highest(finding.outcome for finding in one) for one in found)
