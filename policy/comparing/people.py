"""Persons that two versions treat alike, in words: few names, each for a class of persons, and the rest by what is known of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from policy.comparing.boxes import Box, cover, holds
from policy.comparing.names import Person, names
from policy.printing.words import listed
from policy.rulebook.who import Ages

MOST_NAMES = 4
"""Beyond so many classes, what is known of each may be said more shortly."""


class Named(msgspec.Struct, frozen=True):
    """Words for a set of persons, and whom these words mean."""

    says: str
    members: frozenset[Person]


def described(chosen: Iterable[Person], optional: Iterable[Person], everybody: Iterable[Person], ages: Ages) -> Named:
    """A set of persons in words, exactly, but for whoever is `optional`: by named classes, the rest by what is known of them."""
    wanted, whole = frozenset(chosen), frozenset(everybody)
    allowed = wanted | frozenset(optional)
    said = _needed(_by_names(wanted, allowed, whole, ages), wanted)
    left = wanted - frozenset[Person]().union(*said.values())
    if left or len(said) > MOST_NAMES:
        one, other = said | _by_boxes(left, allowed, whole), _needed(_by_boxes(wanted, allowed, whole), wanted)
        said = min(one, other, key=lambda words: sum(map(len, words)))
    return Named(listed(said, "or"), frozenset[Person]().union(*said.values()))


def _by_names(wanted: frozenset[Person], allowed: frozenset[Person], whole: frozenset[Person], ages: Ages) -> dict[str, frozenset[Person]]:
    fitting = {name: members for name, members in _classes(whole, ages).items() if members <= allowed}
    said: dict[str, frozenset[Person]] = {}
    left = set(wanted)
    while left and fitting:
        name = max(fitting, key=lambda one: len(fitting[one] & left))
        if not fitting[name] & left:
            break
        said[name] = fitting[name]
        left -= fitting[name]
    return said


def _needed(said: dict[str, frozenset[Person]], wanted: frozenset[Person]) -> dict[str, frozenset[Person]]:
    """Without the words whose persons others name all the same."""
    kept = dict(said)
    for name in said:
        others = frozenset[Person]().union(*(members for other, members in kept.items() if other != name))
        if kept[name] & wanted <= others:
            del kept[name]
    return kept


@lru_cache(maxsize=8)
def _classes(whole: frozenset[Person], ages: Ages) -> Mapping[str, frozenset[Person]]:
    found = {name + also: members for name, test in names(ages).items() for also, members in _sides(test, whole).items()}
    return {name: members for name, members in found.items() if members}


def _sides(test: Callable[[Person], bool], whole: frozenset[Person]) -> dict[str, frozenset[Person]]:
    members = frozenset(who for who in whole if test(who))
    return {
        "": members,
        " (the author)": frozenset(who for who in members if who[0]),
        " (not the author)": frozenset(who for who in members if not who[0]),
    }


def _by_boxes(wanted: frozenset[Person], allowed: frozenset[Person], whole: frozenset[Person]) -> dict[str, frozenset[Person]]:
    """Whoever has no name, by each thing that is known of them."""
    columns = [tuple(dict.fromkeys(sorted(column, key=repr))) for column in zip(*whole, strict=True)]
    boxes = cover(wanted, allowed, whole, columns) if wanted else []
    tight = [_tight(box, columns, [who for who in wanted if holds(box, who)]) for box in boxes]
    return {_box(box, columns): frozenset(who for who in whole if holds(box, who)) for box in tight}


def _tight(box: Box, columns: Sequence[Sequence[Any]], inside: Iterable[Person]) -> Box:
    """A box that asks, where it asks, for no more than what is wanted."""
    seen = [frozenset(values) for values in zip(*inside, strict=True)]
    return tuple(values if len(values) == len(whole) else one for values, whole, one in zip(box, columns, seen, strict=True))


def _box(box: Box, columns: Sequence[Sequence[Any]]) -> str:
    asked = [values if len(values) < len(whole) else None for values, whole in zip(box, columns, strict=True)]
    author, stage, stated, at_risk, needs = asked
    years, words = ([age for age in ages if age is not None] for ages in ({one[1] for one in columns[1]}, columns[2]))
    said = [f"whose words say {_numbers(stated, min(words), None)}"] if stated else []
    said += [f"at risk {listed(sorted(at_risk), 'or')}"] if at_risk else []
    said += [f"support needs {listed(sorted(needs), 'or')}"] if needs else []
    who = "somebody" if author is None else "the author" if True in author else "another than the author"
    return ", ".join([f"{who} {_stages(stage, min(years), max(years))}" if stage else who, *said])


def _numbers(ages: Iterable[int | None], lowest: int, highest: int | None) -> str:
    """`12 or under, 15 to 17 or no age`: the lowest year stands for all that are younger, the highest for all that are older."""
    years = sorted(age for age in ages if age is not None)
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    said = [_run(run[0], run[-1], lowest, highest) for run in runs]
    return listed([*said, *(["no age"] if None in ages else [])], "or")


def _run(low: int, high: int, lowest: int, highest: int | None) -> str:
    if low == lowest:
        return f"{high} or under"
    return f"{low} or over" if high == highest else f"{low} to {high}" if low < high else str(low)


def _stages(values: Iterable[Any], lowest: int, highest: int) -> str:
    """`of 17 or 18, or of disputed age`, each with what else tells it."""
    known: dict[tuple[str, str], set[int]] = {}
    for stage, age, basis in sorted(values, key=repr):
        how = (
            "of" if stage in {"minor", "adult"} and age is not None else f"of {stage} age" if stage in _UNSURE else f"known only as {stage}"
        )
        known.setdefault((basis, how), set()).update(() if age is None else (age,))
    return listed((_how(how, ages, lowest, highest) + (f" {basis}" if basis else "") for (basis, how), ages in known.items()), "or")


_UNSURE = {"disputed", "unknown"}


def _how(how: str, ages: Collection[int], lowest: int, highest: int) -> str:
    if how == "of":
        return f"of {_numbers(ages, lowest, highest)}"
    return how + (f" (known as {_numbers(ages, lowest, highest)})" if ages else "")
