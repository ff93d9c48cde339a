"""The judged situations, rebuilt from a decision: every one that would have led to just its findings, since some things are not in it.

A decision holds no age that only the words say, no word of support needs or of safety, and no age of anybody but the author. It is by
what was found that these are known, as far as they are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

import msgspec
from msgspec.structs import replace

from policy.answers import UNKNOWN, YES, Answer
from policy.judging import Found, judge
from policy.rulebook.safe import TAKEN_BACK_KINDS
from policy.rulebook.scope import HELD_BACK
from policy.rulebook.who import Ages
from policy.situation import Concern, LifeStage, Situation
from policy.versions.version import Version
from policy.whatif.changes import bands
from schemas.decision import Decision, Enrichment, Finding, PictureEntry

AUTHOR, ELSEWHERE = "author", "harm_to_others"
_Sign = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
_Options = Mapping[tuple[_Sign, ...], tuple[Situation, ...]]
_NEEDS: tuple[Answer, ...] = (UNKNOWN, YES)


class Rebuilt(msgspec.Struct, frozen=True):
    """One concern of a decision's picture: each situation, with that concern alone, that fits what was found; of none, `why_none`."""

    entry: PictureEntry
    person: str
    situations: tuple[Situation, ...]
    why_none: str | None = None


def rebuild(decision: Decision, version: Version) -> Iterator[Rebuilt]:
    """Every concern that was judged, the author's first, in the order of the picture. E5 looks at the author on others' concerns too."""
    names = dict.fromkeys((AUTHOR, *(entry.person_at_risk for entry in decision.picture)))
    for name in names:
        judged = [entry for entry in decision.picture if _is_judged(entry, name)]
        findings = [one for one in decision.findings if one.person_at_risk == name and one.clause != "S4"]
        yield from _of_person(name, judged, findings, decision.enrichment, version)


def _is_judged(entry: PictureEntry, name: str) -> bool:
    return entry.person_at_risk == name or (name == AUTHOR and entry.kind == ELSEWHERE)


def _of_person(name: str, entries: list[PictureEntry], findings: list[Finding], known: Enrichment, version: Version) -> Iterator[Rebuilt]:
    if any(HELD_BACK in one.because for one in findings):
        why = "it rests on an edit whose earlier text is not known (S3), and a decision does not say which of its facts do"
        yield from (Rebuilt(entry, name, (), why) for entry in entries)
        return
    signs = [_sign(one) for one in findings]
    fitting: list[list[Situation]] = [[] for _ in entries]
    for people in [[one] for one in _authors(known, version.thresholds.ages)] if name == AUTHOR else [_others(version.thresholds.ages)]:
        options = [_options(entry, people, version) for entry in entries]
        for place, situations in enumerate(_fitting(options, signs)):
            fitting[place] += situations
    for entry, situations in zip(entries, fitting, strict=True):
        yield _rebuilt(entry, name, situations, version)


def _rebuilt(entry: PictureEntry, name: str, situations: list[Situation], version: Version) -> Rebuilt:
    if not situations:
        return Rebuilt(entry, name, (), "what was found does not follow from what it records")
    if len({tuple(_sign(one) for one in judge(situation, version)) for situation in situations}) > 1:
        return Rebuilt(entry, name, (), "it does not record which of two concerns that look alike was found")
    return Rebuilt(entry, name, tuple(situations))


def _authors(known: Enrichment, ages: Ages) -> Iterator[Situation]:
    """The author as recorded, with all that their words may have said beside it."""
    plain = Situation(age=known.age, stage=known.life_stage, at_risk=known.adult_at_risk)
    for stated, needs, assured in product(_stated(known, ages), _NEEDS, (False, True)):
        yield replace(plain, stated=stated, support_needs=needs, assured=assured)


def _stated(known: Enrichment, ages: Ages) -> Iterable[int | None]:
    said = tuple(high for _, high in bands(ages) if high < ages.adult)
    if known.age_basis == "stated":
        return (known.age,)
    return {"minor": (None, *said), "disputed": said}.get(known.life_stage, (None,))


def _others(ages: Ages) -> list[Situation]:
    """Everybody who another than the author may be: their age is not recorded."""
    years = [high for _, high in bands(ages)]
    stages: list[tuple[int | None, LifeStage]] = [(age, "minor" if age < ages.adult else "adult") for age in years]
    stages += [*((age, "disputed") for age in years), (None, "unknown"), (None, "minor"), (None, "adult")]
    said = (None, *(age for age in years if age < ages.adult))
    return [
        Situation(author=False, age=age, stage=stage, stated=stated, support_needs=needs)
        for (age, stage), stated, needs in product(stages, said, _NEEDS)
        if (age is not None or stated is None) and (stage != "adult" or stated is None)
    ]


def _options(entry: PictureEntry, people: Sequence[Situation], version: Version) -> _Options:
    """By what would be found: the situations of one concern that lead to it."""
    found: dict[tuple[_Sign, ...], list[Situation]] = {}
    for who, concern in product(people, _concerns(entry, author=people[0].author)):
        situation = replace(who, concerns=(concern,))
        found.setdefault(tuple(_sign(one) for one in judge(situation, version)), []).append(situation)
    return {signs: tuple(situations) for signs, situations in found.items()}


def _concerns(entry: PictureEntry, *, author: bool) -> Iterator[Concern]:
    facts = {fact: value for fact, value in entry.facts.items() if value != UNKNOWN}
    elsewhere = author and entry.person_at_risk != AUTHOR
    told = [fact for fact, value in facts.items() if value == YES] if entry.kind == "other" else []
    for found in product((False, True), repeat=len(told)):
        by = frozenset(fact for fact, is_found in zip(told, found, strict=True) if is_found)
        for back in (False, True) if entry.kind in TAKEN_BACK_KINDS else (False,):
            yield Concern(entry.kind, facts, ref=entry.ref, found=by, taken_back=back, elsewhere=elsewhere)


def _fitting(options: list[_Options], signs: list[_Sign]) -> list[list[Situation]]:
    """Concern by concern, the situations whose findings, one concern after the other, are just those recorded."""
    before: list[set[int]] = [{0}]
    for one in options:
        before.append({at + len(found) for at in before[-1] for found in one if tuple(signs[at : at + len(found)]) == found})
    after = {len(signs)} & before[-1]
    kept: list[list[Situation]] = []
    for one, starts in zip(reversed(options), reversed(before[:-1]), strict=True):
        fits = {found: {at for at in starts if at + len(found) in after and tuple(signs[at : at + len(found)]) == found} for found in one}
        kept.append([situation for found, places in fits.items() if places for situation in one[found]])
        after = {at for places in fits.values() for at in places}
    return kept[::-1]


def _sign(one: Found | Finding) -> _Sign:
    return one.clause, one.outcome, one.status, tuple(one.because), tuple(one.missing)
