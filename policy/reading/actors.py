"""Who does it: of abuse, whether the one who does it has a position of trust, is family or a partner, or is a peer (E3, N2)."""

from typing import Literal, NamedTuple

from policy.reading.catalogue import Catalogue
from policy.reading.lexicon import Tags

Actor = Literal["trusted", "kin", "peer", "author", ""]
_REACH = 16  # words before an expression in which its doer is looked for
_NO_NAMES = frozenset({"man", "guy", "one", "lad", "mine"})  # whom a noun that comes later may name
_FAR = 120  # words before it in which a pronoun's meaning is looked for


class Doer(NamedTuple):
    """Who does it, and by what noun: "dad", "coach"; none of either where the words tell nobody. `meant`: by a pronoun."""

    actor: Actor = ""
    noun: str = ""
    meant: bool = False


NOBODY = Doer()
_AUTHOR = Doer("author")


class ActorReader:
    """Finds the doer of what an expression tells."""

    def __init__(self, catalogue: Catalogue) -> None:
        number = catalogue.number
        self._named: tuple[tuple[int, Actor], ...] = ((number("trusted"), "trusted"), (number("kin"), "kin"), (number("peer"), "peer"))
        self._doing_i, self._pronouns = number("i_subject"), frozenset(number(name) for name in ("he", "she", "they", "mine"))
        self._he, self._she, self._male, self._female = number("he"), number("she"), number("male"), number("female")

    def within(self, texts: list[str], tails: list[Tags], start: int, end: int) -> Doer:
        """The doer whom words `[start, end)` name; a pronoun is looked up in what stands before."""
        for index in range(start, end):
            named = self._at(texts, tails, index)
            if named.actor and named.actor != "author":
                return named
        return self._meant(texts, tails, start, self._unfit(tails[start]))

    def names(self, tails: list[Tags], start: int, end: int) -> bool:
        """Whether words `[start, end)` name a doer."""
        return any(self._longest(tails[index]) for index in range(start, end))

    def before(self, texts: list[str], tails: list[Tags], low: int, start: int, *, author: bool) -> Doer:
        """The nearest doer before word `start`, in its sentence or, where only a pronoun stands there, before.

        `author`: whether the author may be the doer ("i hit him"); else words for the author are passed over.
        """
        for index in range(start - 1, max(low, start - _REACH) - 1, -1):
            if self._pronouns & tails[index].keys():
                return self._meant(texts, tails, index, self._unfit(tails[index]))
            named = self._at(texts, tails, index)
            if named.actor and (author or named.actor != "author"):
                return named
        return self._meant(texts, tails, low, None) if start - low <= 1 else NOBODY

    def _at(self, texts: list[str], tails: list[Tags], index: int) -> Doer:
        actor = self._longest(tails[index])
        if actor:
            return Doer(actor, _name(texts[index]))
        return _AUTHOR if self._doing_i in tails[index] else NOBODY

    def _longest(self, tags: Tags) -> Actor:
        """Of the doers whose names end at a word, the one named by most words: a little brother is no kin to be afraid of."""
        found = [(max(tags[number]), actor) for number, actor in self._named if number in tags]
        return max(found)[1] if found else ""

    def _unfit(self, tags: Tags) -> int | None:
        """The class of those whom a pronoun can't mean."""
        return self._female if self._he in tags else self._male if self._she in tags else None

    def _meant(self, texts: list[str], tails: list[Tags], index: int, unfit: int | None) -> Doer:
        """Whom a pronoun means: the last doer named before it whom it fits."""
        for place in range(index - 1, max(0, index - _FAR) - 1, -1):
            if (found := self._longest(tails[place])) and unfit not in tails[place]:
                return Doer(found, _name(texts[place]), meant=True)
        return NOBODY


def _name(word: str) -> str:
    return "" if word in _NO_NAMES else word.removesuffix("s")
