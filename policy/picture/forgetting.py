"""What leaves the picture: words older than the window, and, of a picture that grows beyond all measure, what was spoken of longest ago."""

from msgspec.structs import replace

from policy.state.parts import Group, Person, Reg, Slots

MOST_CONCERNS = 128


def pruned(persons: dict[str, Person], at: int, window: int) -> dict[str, Person]:
    """Persons, concerns and words that still count at a time; an own dictionary, free to be changed."""
    oldest = at - window
    kept = {}
    for pid, person in persons.items():
        if person.last >= oldest:
            groups = {gid: _pruned(group, oldest) for gid, group in person.groups.items() if group.raised >= oldest}
            kept[pid] = replace(person, groups=groups)
    return kept


def bounded(persons: dict[str, Person]) -> dict[str, Person]:
    """At most so many concerns that a part stays small: the ones spoken of longest ago leave first."""
    if sum(len(person.groups) for person in persons.values()) <= MOST_CONCERNS:
        return persons
    newest = sorted(((group.raised, pid, gid) for pid, person in persons.items() for gid, group in person.groups.items()), reverse=True)
    kept = {(pid, gid) for _, pid, gid in newest[:MOST_CONCERNS]}
    left = {
        pid: replace(person, groups={gid: group for gid, group in person.groups.items() if (pid, gid) in kept})
        for pid, person in persons.items()
    }
    return {pid: person for pid, person in left.items() if person.groups}


def _pruned(group: Group, oldest: int) -> Group:
    facts = {fact: slots for fact, slots in ((f, _recent(s, oldest)) for f, s in group.facts.items()) if slots is not None}
    return replace(
        group,
        facts=facts,
        back=_still(group.back, oldest),
        plain=group.plain if group.plain is not None and group.plain >= oldest else None,
    )


def _recent(slots: Slots, oldest: int) -> Slots | None:
    kept = Slots(_still(slots.last, oldest), _still(slots.yes, oldest), _still(slots.person_no, oldest), _still(slots.held, oldest))
    return kept if kept.last or kept.held or kept.yes else None


def _still(word: Reg | None, oldest: int) -> Reg | None:
    return word if word is not None and word.at >= oldest else None
