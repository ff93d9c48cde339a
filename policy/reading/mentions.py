"""People whom a text names by relation, and the way to each by word."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from policy.reading.seam import Other

_BACK = 12  # mentions looked at for what a pronoun means


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named by relation in words `[index, end)`."""

    index: int
    end: int
    other: Other
    own: bool  # "my sister" rather than "a sister"


class Mentions:
    """All mentions of a text, in order."""

    def __init__(self, found: list[Mention], breaks: list[int]) -> None:
        """`breaks`: what stands before each word of the text, see `Words`."""
        self.breaks = breaks
        self._found = found
        self._starts = [mention.index for mention in found]
        self._by_word = {index: mention for mention in found for index in range(mention.index, mention.end)}

    def at(self, word: int) -> Mention | None:
        """The mention that holds a word."""
        return self._by_word.get(word)

    def starting(self, word: int) -> Mention | None:
        """The mention that begins at a word."""
        mention = self._by_word.get(word)
        return mention if mention is not None and mention.index == word else None

    def before(self, word: int) -> Iterator[Mention]:
        """The mentions before a word, nearest first, as far back as a pronoun may reach."""
        last = bisect_left(self._starts, word)
        yield from reversed(self._found[max(0, last - _BACK) : last])

    def between(self, low: int, high: int) -> list[tuple[int, Mention]]:
        """The mentions that begin in words `[low, high)`, with their numbers."""
        first, last = bisect_left(self._starts, low), bisect_left(self._starts, high)
        return list(enumerate(self._found[first:last], first))

    def with_others(self, changed: dict[int, Other]) -> "Mentions":
        """The same mentions, some with more known about the person."""
        found = [Mention(m.index, m.end, changed.get(number, m.other), m.own) for number, m in enumerate(self._found)]
        return Mentions(found, self.breaks) if changed else self
