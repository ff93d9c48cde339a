"""Concerns: what somebody disclosed, of one kind, about one person at risk, as facts that are each yes, no or unknown."""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field

from schemas.base import Age, Answer, Closed, Fact, NullMeans, Ref, Word

Timeframe = Literal["immediate", "within_30_days", "later", "none", "unknown"]


class PersonAtRisk(Closed):
    """Somebody other than the author whom a concern is about. `age` in whole years, 0 to 130."""

    relation: Annotated[Word, NullMeans("unknown")] = "unknown"
    minor: Fact = "unknown"
    age: Age | None = None
    ref: Ref | None = None


class _Concern(Closed):
    """What any concern may add: which one it is, whom it is about, and what the author said of themselves."""

    ref: Ref | None = None
    person_at_risk: PersonAtRisk | None = None
    assurance: Fact = "unknown"
    support_needs: Fact = "unknown"
    stated_age: Age | None = None


class Suicide(_Concern):
    """Ending one's life: the four criteria of E1 (also N1, U3)."""

    kind: Literal["suicide"]
    thoughts: Fact = "unknown"
    plan: Fact = "unknown"
    means: Fact = "unknown"
    timeframe: Annotated[Timeframe, NullMeans("unknown")] = "unknown"


class SelfInjury(_Concern):
    """Having hurt oneself (E2)."""

    kind: Literal["self_injury"]
    recent: Fact = "unknown"
    life_threatening: Fact = "unknown"


class Overdose(_Concern):
    """Having taken more of a medication than prescribed or advised (E4)."""

    kind: Literal["overdose"]
    taken: Fact = "unknown"


class HarmToOthers(_Concern):
    """The author might harm somebody else, who is the person at risk (E5)."""

    kind: Literal["harm_to_others"]
    might_harm: Fact = "unknown"


class Abuse(_Concern):
    """Being abused or seriously hurt by somebody (E3, N2)."""

    kind: Literal["abuse"]
    ongoing: Fact = "unknown"
    contact_with_abuser: Fact = "unknown"
    position_of_trust: Fact = "unknown"
    danger_to_other_young_people: Fact = "unknown"


class SexualCoercion(_Concern):
    """Coercive or abusive sexual contact (N3)."""

    kind: Literal["sexual_coercion"]
    with_or_between_minors: Fact = "unknown"


class Homelessness(_Concern):
    """Having no home, or being about to lose it (N4)."""

    kind: Literal["homelessness"]
    homeless_or_at_risk: Fact = "unknown"


class Pregnancy(_Concern):
    """Being pregnant, and whether medical professionals were told (N5)."""

    kind: Literal["pregnancy"]
    pregnant: Fact = "unknown"
    professionals_told: Fact = "unknown"


class Caring(_Concern):
    """Caring for somebody, and whether that was disclosed (N6)."""

    kind: Literal["caring"]
    caring: Fact = "unknown"
    disclosed: Fact = "unknown"


class Other(_Concern):
    """What no list foresaw (E0, N0)."""

    kind: Literal["other"]
    immediate_risk: Fact = "unknown"
    others_need_to_know: Fact = "unknown"


AnyConcern = Suicide | SelfInjury | Overdose | HarmToOthers | Abuse | SexualCoercion | Homelessness | Pregnancy | Caring | Other
Concern = Annotated[AnyConcern, Field(discriminator="kind")]
Kind = Literal[
    "suicide", "self_injury", "overdose", "harm_to_others", "abuse", "sexual_coercion", "homelessness", "pregnancy", "caring", "other"
]

KINDS: Mapping[str, type[_Concern]] = dict(zip(get_args(Kind), get_args(AnyConcern), strict=True))
FACTS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(name for name in model.model_fields if name != "kind" and name not in _Concern.model_fields)
    for kind, model in KINDS.items()
}


def facts_of(concern: AnyConcern) -> dict[str, Answer | Timeframe]:
    """All facts of a concern's kind by their names, `unknown` included."""
    return {name: getattr(concern, name) for name in FACTS[concern.kind]}
