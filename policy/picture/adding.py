"""Adding one event's facts to the picture: newest word first, a trained person over the publisher over the text (O3, O6)."""

from collections.abc import Iterable
from itertools import combinations
from typing import Literal

import msgspec
from msgspec.structs import replace

from policy.picture import matching
from policy.picture.forgetting import bounded, pruned
from policy.rulebook.safe import PROTECTED, TAKEN_BACK_KINDS
from policy.state.parts import EventPart, Group, Mention, Other, Person, Picture, Reg, Slots, Told

By = Literal["person", "publisher", "text"]
EMPTY = Picture()
FOUND_KIND = "other"


class _Layer(msgspec.Struct, frozen=True):
    by: By
    mentions: tuple[Mention, ...]
    held: bool


def tells(part: EventPart) -> bool:
    """Whether an event has anything to add: news of facts, or a taking back."""
    own = part.publisher or part.text
    return bool(part.person or part.retracts or (own and any(not mention.old for mention in (*part.publisher, *part.text))))


def add(picture: Picture, event: str, part: EventPart, window: int) -> Picture:
    """The picture with an event's facts. Events must come in order of time; `window` in microseconds."""
    if not tells(part):
        return picture
    adding = _Adding(pruned(picture.persons, part.at, window), event, part.at)
    for kind in part.retracts:
        adding.take_back(kind)
    for layer in _layers(part):
        adding.layer(layer)
    return Picture(persons=bounded(adding.persons))


def _layers(part: EventPart) -> Iterable[_Layer]:
    """Highest precedence first: what a higher one says, a lower one can't change."""
    yield _Layer("person", part.person, held=False)
    yield _Layer("publisher", part.publisher, part.held)
    yield _Layer("text", part.text, part.held)


class _Adding:
    """One event on its way into the picture. `claims`: who has said what of a fact in this event already."""

    def __init__(self, persons: dict[str, Person], event: str, at: int) -> None:
        self.persons = persons
        self.event = event
        self.at = at
        self.claims: dict[tuple[str, str, str], tuple[By, str]] = {}

    def layer(self, layer: _Layer) -> None:
        news = [mention for mention in layer.mentions if not mention.old]
        split = _split_kinds(news)
        for mention in news:
            person = self._person(mention.who)
            group = self._group(person, mention, layer.by, split=(mention.who, mention.kind) in split)
            for told in mention.facts:
                if not told.old:
                    group = self._told(person.pid, group, told, layer)
            self._put(person, group, layer)

    def take_back(self, kind: str) -> None:
        if kind not in TAKEN_BACK_KINDS:
            return
        back = Reg(self.at, self.event, "no", "text", self.event)
        for person in self.persons.values():
            groups = {g: replace(group, back=back) if group.kind == kind else group for g, group in person.groups.items()}
            self.persons[person.pid] = replace(person, groups=groups)

    def _person(self, who: Other | None) -> Person:
        if who is None:
            return self.persons.get(matching.AUTHOR) or Person(matching.AUTHOR, self.at)
        known = matching.same_person(self.persons, who)
        if known is None or known.who is None:
            return Person(matching.new_pid(self.persons, who), self.at, who)
        return replace(known, who=matching.joined(known.who, who))

    def _group(self, person: Person, mention: Mention, by: By, *, split: bool) -> Group:
        of_kind = [group for group in person.groups.values() if group.kind == mention.kind]
        barred = frozenset(group.gid for group in of_kind if self._contradicts(person.pid, group, mention, by))
        at_odds = frozenset(group.gid for group in of_kind if _differs(group, mention))
        known = matching.same_group(person.groups, mention.kind, mention.ref, barred | at_odds if split else barred, at_odds)
        if known is None:
            return Group(mention.kind, matching.new_gid(person.groups, mention.kind, mention.ref), self.at, ref=mention.ref)
        return matching.with_ref(known, mention.ref)

    def _contradicts(self, pid: str, group: Group, mention: Mention, by: By) -> bool:
        said = ((self.claims.get((pid, group.gid, told.fact)), told.value) for told in mention.facts)
        return any(claim is not None and claim[0] == by and claim[1] != value for claim, value in said)

    def _told(self, pid: str, group: Group, told: Told, layer: _Layer) -> Group:
        key = (pid, group.gid, told.fact)
        if key in self.claims:
            return group
        self.claims[key] = (layer.by, told.value)
        word = Reg(self.at, self.event, told.value, layer.by, told.source or self.event, told.places)
        slots = _with_word(group, told.fact, word, held=layer.held)
        return replace(group, facts={**group.facts, told.fact: slots})

    def _put(self, person: Person, group: Group, layer: _Layer) -> None:
        raised = replace(group, raised=self.at, plain=group.plain if layer.held else self.at)
        groups = {**person.groups, group.gid: raised}
        self.persons[person.pid] = replace(person, last=self.at, groups=groups)


def _with_word(group: Group, fact: str, word: Reg, *, held: bool) -> Slots:
    slots = group.facts.get(fact, Slots())
    if held:
        return replace(slots, held=word)
    if group.kind == FOUND_KIND:
        return _with_finding(slots, word)
    if (group.kind, fact) not in PROTECTED:
        return replace(slots, last=word)
    if word.value == "yes":
        return replace(slots, last=word, yes=word)
    return replace(slots, last=word, person_no=word if word.by == "person" else slots.person_no)


def _with_finding(slots: Slots, word: Reg) -> Slots:
    """A trained person's yes stands (E0, N0) while others repeat it; a newer no ends it."""
    if word.value == "no":
        return replace(slots, last=word, yes=None)
    return replace(slots, last=word, yes=word if word.by == "person" else slots.yes)


def _differs(group: Group, mention: Mention) -> bool:
    known = ((group.facts.get(told.fact), told.value) for told in mention.facts)
    return any(slots is not None and slots.last is not None and slots.last.value != value for slots, value in known)


def _split_kinds(mentions: list[Mention]) -> set[tuple[Other | None, str]]:
    """Kinds of concern of which one event tells two that contradict each other, about one person: two abusers, not one."""
    return {
        (one.who, one.kind)
        for one, other in combinations(mentions, 2)
        if one.kind == other.kind and one.who == other.who and _contradictory(one, other)
    }


def _contradictory(one: Mention, other: Mention) -> bool:
    said = {told.fact: told.value for told in one.facts}
    return any(said.get(told.fact, told.value) != told.value for told in other.facts)
