"""Which lines may fit at a word: those whose anchor is a class that begins there."""

from collections.abc import Iterable, Mapping, Sequence

from policy.reading.lexicon import Lexicon, Tags
from policy.reading.matching import Line

_NONE: tuple[Line, ...] = ()


class Anchors:
    """Lines by the class of their anchor, and by each single word of it: most words of a text anchor nothing, and cost one look."""

    def __init__(self, lines: Iterable[Line], lexicon: Lexicon) -> None:
        by_class: dict[int, list[Line]] = {}
        for line in lines:
            by_class.setdefault(line.anchor.number, []).append(line)
        self._by_class: Mapping[int, Sequence[Line]] = by_class
        self._by_word = _by_word(by_class, lexicon)
        self._single = lexicon.single

    def at(self, word: str, tags: Tags) -> Sequence[Line]:
        """The lines that may fit where a word stands at which these classes begin."""
        if tags is self._single.get(word):
            return self._by_word.get(word, _NONE)
        return [line for number in tags if number in self._by_class for line in self._by_class[number]] if tags else _NONE


def _by_word(by_class: Mapping[int, Sequence[Line]], lexicon: Lexicon) -> dict[str, tuple[Line, ...]]:
    by_word: dict[str, list[Line]] = {}
    for number in sorted(by_class):  # as a word's own classes are ordered
        for member in lexicon.members[number]:
            if " " not in member:
                by_word.setdefault(member, []).extend(by_class[number])
    return {word: tuple(lines) for word, lines in by_word.items()}
