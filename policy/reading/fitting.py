"""Fitting: every line of the patterns tried wherever a sentence has the words that it is anchored at."""

from collections import Counter
from collections.abc import Iterator, Sequence

from policy.reading.anchors import Anchors
from policy.reading.matching import Line, Match, Window, match_at
from policy.reading.standing import Text

_OFTEN = 24  # uses of one expression in a text that are all read
_REPEATED = 2  # times that a sentence is read which a text repeats word for word


def fitting(text: Text, anchors: Anchors) -> Iterator[tuple[int, Match]]:
    """Every line that fits somewhere in a text, with the number of its sentence."""
    sentences = text.words.sentences
    said: Counter[tuple[str, ...]] = Counter()
    for number, (low, high) in enumerate(sentences):
        if len(sentences) > _REPEATED:
            words = tuple(text.words.texts[low:high])
            said[words] += 1
            if said[words] > _REPEATED:
                continue
        yield from ((number, match) for match in _in_sentence(text, anchors, low, high))


def _in_sentence(text: Text, anchors: Anchors, low: int, high: int) -> Iterator[Match]:
    texts, heads = text.words.texts, text.heads
    anchored = [(index, lines) for index in range(low, high) if (lines := anchors.at(texts[index], heads[index]))]
    if not anchored:
        return
    seen, window = text.classes(low, high), Window(heads, text.tails, low, high)
    needed: dict[int, Sequence[Line]] = {}
    for index, lines in anchored:
        tags = id(heads[index])
        if tags not in needed:
            needed[tags] = [line for line in lines if line.need <= seen]
        for line in needed[tags]:
            match = match_at(line, index, window)
            if match:
                yield match


def first_and_last(matches: list[tuple[int, Match]]) -> Iterator[tuple[int, Match]]:
    """Each match once; of an expression that a text uses very often the first and the last, which may take back."""
    by_pattern: dict[int, list[tuple[int, Match]]] = {}
    for one in dict.fromkeys(matches):
        by_pattern.setdefault(one[1].pattern, []).append(one)
    for found in by_pattern.values():
        yield from found if len(found) <= _OFTEN else [*found[: _OFTEN // 2], *found[-_OFTEN // 2 :]]
