"""Who is the same person at risk, and which concerns are one (O3): facts of different people, and of different abusers, never mix."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from policy.state.parts import Group, Other, Person

AUTHOR = "author"
T = TypeVar("T")


def name_of(person: Person) -> str:
    """How outputs name a person at risk: author, relation, or relation:ref."""
    if person.who is None:
        return AUTHOR
    return person.who.relation if person.who.ref is None else f"{person.who.relation}:{person.who.ref}"


def same_person(persons: Mapping[str, Person], who: Other) -> Person | None:
    """The one among others whom a mention is about: by ref, by relation and age, or the only one who fits where an age was left out."""
    others = [person for person in persons.values() if person.who is not None]
    by_ref = [p for p in others if who.ref is not None and p.who and p.who.ref == who.ref]
    if by_ref:
        return by_ref[0]
    fitting = [p for p in others if p.who and _fits(p.who, who)]
    exact = [p for p in fitting if p.who and p.who.age == who.age and (p.who.ref is None or who.ref is None)]
    return _only(exact) or (None if exact else _only(fitting))


def joined(known: Other, who: Other) -> Other:
    """What is known of a person, with what a newer mention adds."""
    return Other(
        relation=known.relation,
        minor=who.minor if who.minor != "unknown" else known.minor,
        age=who.age if who.age is not None else known.age,
        ref=known.ref or who.ref,
    )


def new_pid(persons: Mapping[str, Person], who: Other) -> str:
    """A name for a person not met before, the same whenever the same mention comes first."""
    base = f"{who.relation.casefold()}:{who.ref or ''}:{'' if who.age is None else who.age}"
    return _free(base, persons)


def same_group(groups: Mapping[str, Group], kind: str, ref: str | None, barred: frozenset[str], at_odds: frozenset[str]) -> Group | None:
    """The concern of a kind that a mention joins. `barred`: those it contradicts within its event; `at_odds`: those whose facts differ."""
    of_kind = [group for group in groups.values() if group.kind == kind]
    open_ = [group for group in of_kind if group.gid not in barred]
    if ref is not None:
        named = [group for group in open_ if group.ref == ref]
        if named:
            return named[0]
        return _only([group for group in open_ if group.ref is None]) if len(of_kind) == 1 else None
    agreeing = [group for group in open_ if group.gid not in at_odds]
    if len(of_kind) == 1:
        return _only(open_)
    return _only(agreeing) or _only([group for group in agreeing if group.ref is None])


def new_gid(groups: Mapping[str, Group], kind: str, ref: str | None) -> str:
    """A name for a concern not met before."""
    return _free(f"{kind}:{ref or ''}", groups)


def with_ref(group: Group, ref: str | None) -> Group:
    """A concern, with the ref that a newer mention gives it."""
    return group if ref is None or group.ref is not None else msgspec.structs.replace(group, ref=ref)


def _fits(known: Other, who: Other) -> bool:
    if known.relation.casefold() != who.relation.casefold():
        return False
    if known.ref is not None and who.ref is not None and known.ref != who.ref:
        return False
    if known.age is not None and who.age is not None and known.age != who.age:
        return False
    return not {"yes", "no"} <= {_is_minor(known), _is_minor(who)}


def _is_minor(who: Other) -> str:
    return who.minor if who.age is None else "yes" if who.age < 18 else "no"  # noqa: PLR2004  the legal age, whatever the policy asks


def _only(found: list[T]) -> T | None:
    return found[0] if len(found) == 1 else None


def _free(base: str, taken: Mapping[str, object]) -> str:
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}~{number}"
    return name
