"""Words that nobody says of themselves: quoted, made up, or addressed to somebody else."""

import re
from collections.abc import Iterator

from policy.reading.words import Words

_TAGS = re.compile(r"\[quote[^\]\n]{0,200}\]|\[/quote\]|<blockquote[^>\n]{0,200}>|</blockquote>")
_QUOTED_LINE = re.compile(r"^[ ]{0,3}>[^\n]*", re.MULTILINE)
_MARKS = re.compile(r'"')
_LONGEST_QUOTE = 1500  # characters between two quotation marks; beyond it they are taken for unrelated


def quoted(folded: str) -> list[tuple[int, int]]:
    """Spans of a folded text that are marked up as quoted. A quote that is never closed is none: it could hide the author's own words."""
    if not any(mark in folded for mark in "[<>"):
        return []
    return sorted([*_tagged(folded), *(match.span() for match in _QUOTED_LINE.finditer(folded))])


def _tagged(folded: str) -> Iterator[tuple[int, int]]:
    depth, begin = 0, 0
    for match in _TAGS.finditer(folded):
        closing = match[0].startswith(("[/", "</"))
        if not closing:
            begin = begin if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield begin, match.end()


def between_marks(folded: str) -> list[tuple[int, int]]:
    """Spans between double quotation marks."""
    if '"' not in folded:
        return []
    places = [match.start() for match in _MARKS.finditer(folded)]
    return [(a, b + 1) for a, b in zip(places[::2], places[1::2], strict=False) if b - a <= _LONGEST_QUOTE]


def words_within(words: Words, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of characters as spans of words."""
    found = []
    index = 0
    for begin, end in spans:
        while index < len(words.starts) and words.starts[index] < begin:
            index += 1
        low = index
        while index < len(words.starts) and words.starts[index] < end:
            index += 1
        if index > low:
            found.append((low, index))
    return found
