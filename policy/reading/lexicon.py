"""The words that patterns and cues know: classes of words, and what each word of a text belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

Tags = dict[int, tuple[int, ...]]  # class -> lengths in words with which it stands here
_NONE: Tags = {}


@dataclass(slots=True)
class Lexicon:
    """Classes by number; `single` and `pairs` (by their first two words) say which classes a word, or a run of words, belongs to."""

    known: frozenset[str] = frozenset()  # words that no slip of another may be taken for
    numbers: dict[str, int] = field(default_factory=dict)
    members: list[tuple[str, ...]] = field(default_factory=list)
    single: dict[str, Tags] = field(default_factory=dict)
    first: set[str] = field(default_factory=set)
    pairs: dict[tuple[str, str], list[tuple[tuple[str, ...], int]]] = field(default_factory=dict)

    def add(self, name: str, words: Iterable[str]) -> int:
        """Add a class and return its number; the same name again returns the same number."""
        if name in self.numbers:
            return self.numbers[name]
        number = self.numbers[name] = len(self.members)
        self.members.append(tuple(dict.fromkeys(words)))
        for member in self.members[number]:
            self._index(tuple(member.split()), number)
        return number

    def _index(self, words: tuple[str, ...], number: int) -> None:
        if len(words) == 1:
            self.single.setdefault(words[0], {})[number] = (1,)
        else:
            self.first.add(words[0])
            self.pairs.setdefault((words[0], words[1]), []).append((words, number))

    def number(self, name: str) -> int:
        """The number of a class that must exist.

        Raises:
            ValueError: there is no such class.
        """
        if name not in self.numbers:
            raise ValueError(f"no class of words `{name}`: add it to a `words_*.toml` file")
        return self.numbers[name]

    def knows(self, word: str) -> bool:
        """Whether a word is in any class, alone or as part of a phrase's beginning."""
        return word in self.single or word in self.first

    def tag(self, words: list[str]) -> tuple[list[Tags], list[Tags]]:
        """For each word: the classes that begin here, and those that end here, with their lengths."""
        heads = [self.single.get(word, _NONE) for word in words]
        tails = heads.copy()
        pairs = self.pairs
        for index, pair in enumerate(pairwise(words)):
            for phrase, number in pairs.get(pair, ()):
                length = len(phrase)
                if length == 2 or tuple(words[index : index + length]) == phrase:  # noqa: PLR2004 a pair is found whole
                    heads[index] = _with(heads[index], number, length)
                    tails[index + length - 1] = _with(tails[index + length - 1], number, length)
        return heads, tails


def _with(tags: Tags, number: int, length: int) -> Tags:
    return {**tags, number: (*tags.get(number, ()), length)}


def expand_classes(raw: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Classes as written (members between commas, `<other>` for all of another class) to their words.

    Raises:
        ValueError: a class names one that does not exist, or itself.
    """
    done: dict[str, tuple[str, ...]] = {}
    for name in raw:
        _expand(name, raw, done, ())
    return done


def _expand(name: str, raw: Mapping[str, str], done: dict[str, tuple[str, ...]], path: tuple[str, ...]) -> tuple[str, ...]:
    if name in done:
        return done[name]
    if name in path or name not in raw:
        raise ValueError(f"class `{name}` is missing or names itself: see {' > '.join((*path, name))}")
    words: list[str] = []
    for member in (" ".join(piece.split()) for piece in raw[name].split(",")):
        if member.startswith("<"):
            words.extend(_expand(member[1:-1], raw, done, (*path, name)))
        elif member:
            words.append(member)
    done[name] = tuple(dict.fromkeys(words))
    return done[name]
