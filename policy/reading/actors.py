"""Who does it: of abuse, whether the one who does it has a position of trust, is family or a partner, or is a peer (E3, N2)."""

from typing import Literal

from policy.reading.catalogue import Catalogue
from policy.reading.lexicon import Tags

Actor = Literal["trusted", "kin", "peer", "author", ""]
_REACH = 16  # words before an expression in which its doer is looked for
_FAR = 120  # words before it in which a pronoun's meaning is looked for


class ActorReader:
    """Finds the doer of what an expression tells."""

    def __init__(self, catalogue: Catalogue) -> None:
        number = catalogue.number
        self._named: tuple[tuple[int, Actor], ...] = ((number("trusted"), "trusted"), (number("kin"), "kin"), (number("peer"), "peer"))
        self._doing_i, self._pronouns = number("i_subject"), frozenset(number(name) for name in ("he", "she", "they", "mine"))

    def within(self, tails: list[Tags], start: int, end: int) -> Actor:
        """The doer whom words `[start, end)` name; a pronoun is looked up in what stands before."""
        for index in range(start, end):
            if (named := self._at(tails, index)) and named != "author":
                return named
        return self._meant(tails, start)

    def before(self, tails: list[Tags], low: int, start: int, *, author: bool) -> Actor:
        """The nearest doer before word `start`, in its sentence or, where only a pronoun stands there, before.

        `author`: whether the author may be the doer ("i hit him"); else words for the author are passed over.
        """
        for index in range(start - 1, max(low, start - _REACH) - 1, -1):
            if self._pronouns & tails[index].keys():
                return self._meant(tails, index)
            named = self._at(tails, index)
            if named and (author or named != "author"):
                return named
        return self._meant(tails, low) if start - low <= 1 else ""

    def _at(self, tails: list[Tags], index: int) -> Actor:
        return self._longest(tails[index]) or ("author" if self._doing_i in tails[index] else "")

    def _longest(self, tags: Tags) -> Actor:
        """Of the doers whose names end at a word, the one named by most words: a little brother is no kin to be afraid of."""
        found = [(max(tags[number]), actor) for number, actor in self._named if number in tags]
        return max(found)[1] if found else ""

    def _meant(self, tails: list[Tags], index: int) -> Actor:
        """Whom a pronoun means: the last doer named before it."""
        for place in range(index - 1, max(0, index - _FAR) - 1, -1):
            if found := self._longest(tails[place]):
                return found
        return ""
