"""What a pattern file holds: patterns as data, checked when they are loaded."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Fact = tuple[str, str, str]  # kind, fact, value: ("suicide", "plan", "yes"); kind is "" for assurance, support_needs

HINT = "hint"  # the kind of a hint; it never leaves the reader
_PATTERN_KEYS = frozenset(
    {
        "id",
        "why",
        "says",
        "asks",
        "words",
        "negated",
        "past",
        "topic",
        "about",
        "passive",
        "ended",
        "by",
        "unless",
        "not_after",
        "near",
        "even",
        "hyperbole",
        "yes",
        "no",
    }
)
_UNKINDED = frozenset({"assurance", "support_needs", "retracts"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression and what it says; the fields are explained in `docs/reading.md`."""

    id: str
    says: tuple[Fact, ...]
    words: tuple[str, ...]
    asks: bool = False
    negated: tuple[Fact, ...] = ()
    past: tuple[Fact, ...] = ()
    topic: frozenset[str] = frozenset()
    about: Literal["subject", "topic"] = "subject"
    passive: bool = False
    ended: bool = False
    by: Literal["anybody", "topic"] = "anybody"
    unless: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    even: frozenset[str] = frozenset()
    hyperbole: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


def data_files(prefix: str = "") -> Iterator[tuple[str, bytes]]:
    """Names and contents of the data files whose names begin with `prefix`, in order of name."""
    folder = resources.files("policy.reading") / "patterns"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml") and entry.name.startswith(prefix):
            yield entry.name, entry.read_bytes()


def load_words() -> dict[str, str]:
    """All classes of words from `words_*.toml`.

    Raises:
        ValueError: two files define the same class.
    """
    classes: dict[str, str] = {}
    for name, content in data_files("words_"):
        found = tomllib.loads(content.decode())
        if twice := classes.keys() & found.keys():
            raise ValueError(f"`{name}` defines `{min(twice)}` again: give it another name")
        classes |= found
    return classes


def load_spellings() -> dict[str, tuple[str, ...]]:
    """Words and the misspellings that are read as them, from `spellings.toml`."""
    written = tomllib.loads(next(content for _, content in data_files("spellings")).decode())
    return {word: tuple(piece.strip() for piece in slips.split(",")) for word, slips in written.items()}


def load_patterns() -> list[Pattern]:
    """All patterns of all pattern files.

    Raises:
        ValueError: a pattern has an unknown key or an id that is taken.
    """
    patterns: dict[str, Pattern] = {}
    for name, content in data_files():
        if name.startswith(("words_", "spellings")):
            continue
        for raw in tomllib.loads(content.decode()).get("pattern", []):
            pattern = _pattern(raw, name)
            if pattern.id in patterns:
                raise ValueError(f"`{name}`: the id `{pattern.id}` is taken: choose another")
            patterns[pattern.id] = pattern
    return list(patterns.values())


def _pattern(raw: Mapping[str, Any], name: str) -> Pattern:
    if unknown := raw.keys() - _PATTERN_KEYS:
        raise ValueError(f"`{name}`: pattern `{raw.get('id')}` has an unknown key `{min(unknown)}`: see docs/reading.md")
    says = tuple(parse_fact(fact) for fact in raw.get("says", raw.get("asks", ())))
    return Pattern(
        id=raw["id"],
        says=says,
        words=tuple(raw["words"]),
        asks="asks" in raw,
        negated=_otherwise(raw, "negated", says, tuple((kind, fact, opposite(value)) for kind, fact, value in says)),
        past=_otherwise(raw, "past", says, ()),
        topic=frozenset(raw.get("topic", ())),
        about=raw.get("about", "subject"),
        passive=raw.get("passive", False),
        ended=raw.get("ended", False),
        by=raw.get("by", "anybody"),
        unless=tuple(raw.get("unless", ())),
        not_after=tuple(raw.get("not_after", ())),
        near=tuple(raw.get("near", ())),
        even=frozenset(raw.get("even", ())),
        hyperbole=raw.get("hyperbole", False),
        yes=tuple(raw.get("yes", ())),
        no=tuple(raw.get("no", ())),
    )


def _otherwise(
    raw: Mapping[str, Any], key: Literal["negated", "past"], says: tuple[Fact, ...], default: tuple[Fact, ...]
) -> tuple[Fact, ...]:
    if raw.get(key) == "same":
        return says
    return tuple(parse_fact(fact) for fact in raw[key]) if key in raw else default


def opposite(value: str) -> str:
    """What a denied value says: a denied `yes` is a `no`; a denied anything else says nothing that is known."""
    return {"yes": "no", "no": "yes", "immediate": "none", "within_30_days": "none"}.get(value, "unknown")


def parse_fact(written: str) -> Fact:
    """`suicide.plan` or `suicide.means=no` as kind, fact and value.

    Raises:
        ValueError: the fact has no kind and needs one.
    """
    dotted, _, value = written.partition("=")
    kind, dot, fact = dotted.partition(".")
    if not dot and kind not in _UNKINDED:
        raise ValueError(f"`{written}` is no fact: write `kind.fact` or `kind.fact=value`")
    return (kind, fact, value or "yes") if dot else ("", kind, value or "yes")


def written(fact: Fact) -> str:
    """A fact as it is written: the way back from `parse_fact`."""
    kind, name, value = fact
    return (f"{kind}.{name}" if kind else name) + ("" if value == "yes" else f"={value}")
