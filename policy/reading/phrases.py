"""One phrase in a sentence: is it denied, is it past, is it about somebody else? (`vigil reader negation`)."""

from dataclasses import dataclass

from policy.reading.catalogue import Catalogue
from policy.reading.persons import PersonReader
from policy.reading.seam import Other
from policy.reading.standing import StandingReader, Text

_LISTED = 30  # words that a denial at the head of a list reaches: "denies a, b, c or d"
_AFTER = 5  # words after a phrase in which it may be denied


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a sentence says of one phrase in it."""

    negated: bool
    historical: bool
    other: bool


class PhraseReader:
    """Reads a phrase in the words around it, in any register: notes as well as chat."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._standing = StandingReader(catalogue)
        self._persons = PersonReader(catalogue)
        self._denied_after, self._ends_list = catalogue.number("denied_after"), catalogue.number("ends_list")
        self._history, self._family = catalogue.number("history"), catalogue.number("family")

    def read(self, text: Text, begin: int, end: int) -> Phrase:
        """Read the phrase at code points `[begin, end)` of the original text."""
        words = text.words
        inside = [i for i in range(len(words.texts)) if words.place(i, i + 1)[0] < end and words.place(i, i + 1)[1] > begin]
        if not inside:
            return Phrase(negated=False, historical=False, other=False)
        start, stop = inside[0], inside[-1] + 1
        low, high = words.sentences[words.sentence_of(start)]
        return Phrase(self._negated(text, low, start, stop, high), self._historical(text, low, start, high), self._other(text, low, start))

    def _negated(self, text: Text, low: int, start: int, stop: int, high: int) -> bool:
        floor = next((i + 1 for i in range(start - 1, low - 1, -1) if self._ends_list in text.heads[i]), low)
        if self._standing.denied(text, floor, start, across_pauses=True, reach=_LISTED):
            return True
        return any(self._denied_after in text.heads[i] for i in range(stop, min(high, stop + _AFTER)))

    def _historical(self, text: Text, low: int, start: int, high: int) -> bool:
        return self._standing.past(text, low, high) or any(self._history in text.heads[i] for i in range(low, start))

    def _other(self, text: Text, low: int, start: int) -> bool:
        mentions = self._persons.mentions(text.words, text.heads)
        who = self._persons.subject(text.words.texts, text.heads, low, start, mentions)
        return any(self._family in text.heads[i] for i in range(low, start)) or (
            isinstance(who, Other) and who.relation not in {"other", "child"}
        )
