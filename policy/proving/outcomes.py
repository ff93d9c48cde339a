"""What a version finds about one person, for every concern of the space at once, so that each law only looks things up."""

from functools import cached_property

from msgspec.structs import replace

from policy.judging import Found, judge
from policy.proving.space import concerns
from policy.rulebook import then
from policy.rulebook.who import standing
from policy.situation import Situation
from policy.versions.version import Version

Findings = tuple[tuple[Found, ...], ...]
"""By the place of a concern in the space."""


class Row:
    """One person's findings, also as they would be with an assurance, with an earlier text that is not known, and at no known age."""

    def __init__(self, known: "Known", other_way: "Known", who: Situation) -> None:
        """`other_way`: the same version with its rules in the opposite order."""
        self.who = who
        self._known, self._other_way = known, other_way
        self.found = known.findings(who)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The highest outcome of each concern."""
        return outcomes(self.found)

    @cached_property
    def assured(self) -> tuple[str, ...]:
        """Outcomes where the person says that they are safe."""
        return outcomes(self._known.findings(replace(self.who, assured=True)))

    @cached_property
    def held(self) -> tuple[str, ...]:
        """Outcomes where all rests on an edit whose earlier text is not known (S3)."""
        return outcomes(self._known.findings(replace(self.who, held=True)))

    @cached_property
    def ageless(self) -> tuple[str, ...]:
        """Outcomes where nothing is known of the age."""
        return outcomes(self._known.findings(replace(self.who, age=None, stage="unknown", stated=None)))

    @cached_property
    def reversed(self) -> tuple[str, ...]:
        """Outcomes, were the rules written in the opposite order."""
        return outcomes(self._other_way.findings(self.who))


class Known:
    """One version's findings about everybody. Persons to whom every rule stands alike are judged alike, and so only once."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._known: dict[tuple[object, ...], Findings] = {}

    def findings(self, who: Situation) -> Findings:
        """All findings about a person, concern by concern."""
        stands = (standing(rule, who, self._version.thresholds.ages) for rule in self._version.rules)
        key = (who.author, who.assured, who.held, *stands)
        if key not in self._known:
            self._known[key] = findings(self._version, who)
        return self._known[key]


def findings(version: Version, who: Situation) -> Findings:
    """All findings about a person, concern by concern."""
    return tuple(judge(replace(who, concerns=(concern,)), version) for concern in concerns())


def outcomes(found: Findings) -> tuple[str, ...]:
    """The highest outcome of each."""
    return tuple(then.highest(finding.outcome for finding in one) for one in found)
