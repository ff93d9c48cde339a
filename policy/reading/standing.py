"""How an expression is meant: said now, denied, past and over, only supposed, made up, in jest (after ConText and NegEx)."""

from dataclasses import dataclass, field

from policy.reading.catalogue import Catalogue
from policy.reading.lexicon import Tags
from policy.reading.words import Words

_DENIAL_REACH = 6  # words between a denial and what it denies
_SUPPOSED_REACH = 20  # words between a supposition and what it supposes
_PAUSE, _END = 1, 2
_ANSWERS = frozenset({"no", "nah", "nope", "non", "nay"})
_DENSE = 3  # words of fiction in a text that is fiction as a whole
_BEFORE, _AFTER = 2, 4  # sentences that one sure word of fiction reaches back and on


@dataclass(frozen=True, slots=True)
class Text:
    """A text under reading: its words with the classes that begin and end at each."""

    words: Words
    heads: list[Tags]
    tails: list[Tags]
    seen: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)

    def classes(self, low: int, high: int) -> frozenset[int]:
        """All classes that begin among words `[low, high)`; remembered, as sentences are asked about again and again."""
        found = self.seen.get((low, high))
        if found is None:
            found = self.seen[low, high] = frozenset().union(*self.heads[low:high])
        return found


class StandingReader:
    """Tells how the expression in words `[start, end)` of a sentence is meant."""

    def __init__(self, catalogue: Catalogue) -> None:
        number = catalogue.number
        self._deny, self._no_denial, self._stop = number("deny"), number("no_denial"), number("stop_denial")
        self._carries, self._i = number("carries_denial"), number("i")
        self._subjects = frozenset(number(name) for name in ("i", "he", "she", "they"))
        self._past, self._not_past, self._present = number("past"), number("not_past"), number("present")
        self._supposed, self._supposed_who = number("supposed"), number("supposed_who")
        self._made_up, self._made_up_surely, self._really = number("made_up"), number("made_up_surely"), number("really_me")
        self._sung, self._made_up_perhaps = number("sung"), number("made_up_perhaps")
        self._jest, self._jest_surely, self._no_jest, self._trifle = (number(name) for name in ("jest", "jest_surely", "no_jest", "trifle"))

    def denied(self, text: Text, low: int, start: int, *, across_pauses: bool = False, reach: int = _DENIAL_REACH) -> bool:
        """Whether a denial before word `start` reaches it."""
        heads, tails, breaks, texts = text.heads, text.tails, text.words.breaks, text.words.texts
        subject = bool(self._subjects & heads[start].keys())  # "mum doesnt know and he hits me"
        index = start
        while index > low and start - index < reach:
            if breaks[index] == _PAUSE and not across_pauses:
                return False
            index -= 1
            tags = tails[index]
            if self._no_denial in tags:
                index -= max(tags[self._no_denial]) - 1
                continue
            if self._deny in tags:
                answer = texts[index] in _ANSWERS and index + 1 < start and (breaks[index + 1] >= _PAUSE or self._i in heads[index + 1])
                return not answer and (not subject or self._carried(heads, index + 1, start))
            if self._stop in tags:
                return False
            subject = subject or bool(self._subjects & tags.keys())
        return False

    def denied_within(self, text: Text, start: int, end: int) -> bool:
        """Whether a denial stands among words `[start, end)`: "im not pregnant"."""
        return any(self._deny in text.heads[i] and self._no_denial not in text.heads[i] for i in range(start + 1, end - 1))

    def _carried(self, heads: list[Tags], index: int, start: int) -> bool:
        """Whether a verb of the mind right after the denial carries it past a subject."""
        return any(self._carries in heads[i] for i in range(index, min(index + 2, start)))

    def past(self, text: Text, low: int, high: int) -> bool:
        """Whether a sentence speaks of what is past and over, and does not come back to the present."""
        if self._past not in text.classes(low, high):
            return False
        cues = [i for i in range(low, high) if self._past in text.heads[i] and not (i > low and self._not_past in text.heads[i - 1])]
        return bool(cues) and not any(self._present in text.heads[index] for index in range(cues[-1], high))

    def supposed(self, text: Text, low: int, start: int) -> bool:
        """Whether something before word `start` in its sentence makes it a mere supposition."""
        for index in range(start - 1, max(low, start - _SUPPOSED_REACH) - 1, -1):
            tags = text.heads[index]
            if self._supposed in tags or self._supposed_who in tags:
                return True
            if self._i in tags and self._supposed not in text.classes(low, start):
                return False
        return False

    def made_up(self, text: Text) -> list[bool]:
        """For each sentence: whether it belongs to a story, a game or school work, or is sung."""
        sentences = text.words.sentences
        if any(self._really in text.classes(low, high) for low, high in sentences):
            return [False] * len(sentences)
        surely = [self._count(text, self._made_up_surely, low, high) for low, high in sentences]
        perhaps = [self._distinct(text, low, high) for low, high in sentences]
        if sum(surely) + len(frozenset().union(*perhaps)) >= _DENSE:
            return [True] * len(sentences)
        sure = [count or len(words) > 1 for count, words in zip(surely, perhaps, strict=True)]
        return [
            any(sure[max(0, n - _AFTER) : n + _BEFORE + 1]) or self._sung in text.classes(*sentence) for n, sentence in enumerate(sentences)
        ]

    def _count(self, text: Text, number: int, low: int, high: int) -> int:
        return sum(number in text.heads[index] for index in range(low, high)) if number in text.classes(low, high) else 0

    def _distinct(self, text: Text, low: int, high: int) -> frozenset[str]:
        """Words that may be of a story; the same one again says no more."""
        if self._made_up_perhaps not in text.classes(low, high):
            return frozenset()
        return frozenset(text.words.texts[index] for index in range(low, high) if self._made_up_perhaps in text.heads[index])

    def hints_of_fiction(self, text: Text, low: int, high: int) -> bool:
        """Whether a sentence has a word that may be of fiction or school work."""
        return not text.classes(low, high).isdisjoint((self._made_up, self._made_up_perhaps))

    def in_jest(self, text: Text, low: int, high: int) -> tuple[bool, bool, bool]:
        """Of a stretch of words: whether it is surely in jest, has laughter, and is about a trifle."""
        seen = text.classes(low, high)
        if self._no_jest in seen:
            return False, False, False
        return self._jest_surely in seen, self._jest in seen, self._trifle in seen
