"""The reader of text: from any Unicode and its context to facts with evidence."""

import hashlib
import re
from dataclasses import replace
from functools import cache
from importlib import resources

from policy.reading.ages import with_ages
from policy.reading.answers import AnswerReader, waiting
from policy.reading.assembly import assemble, with_topic
from policy.reading.catalogue import Catalogue, load_catalogue
from policy.reading.expressions import ExpressionReader
from policy.reading.fold import words_of
from policy.reading.hints import thoughts_hinted, without_hints
from policy.reading.own_age import own_age
from policy.reading.patterns_file import HINT, data_files, written
from policy.reading.persons import PersonReader
from policy.reading.phrases import Phrase, PhraseReader
from policy.reading.seam import NO_CARRY, Carry, Context, Place, Reading
from policy.reading.silence import between_marks, quoted, words_within
from policy.reading.standing import Text
from policy.reading.timeframes import TimeframeReader
from policy.reading.words import WordReader

VERSION = "1"
_NOTHING = Reading()
_DISGUISED = re.compile(r"[!*$@#|0-9](?:(?<=[a-zA-Z].)[!*$@#|0-9]*[a-zA-Z]|(?<=[$@*])[a-zA-Z*])")  # k1ll, su!c!de, $uicide, ****
_HELPERS = frozenset({"volunteer", "system"})


class TextReader:
    """Reads text by the patterns in `patterns/`; holds no state between texts."""

    version = VERSION

    def __init__(self, catalogue: Catalogue) -> None:
        self.sha256 = _fingerprint()
        self._catalogue = catalogue
        self._words = WordReader(catalogue.lexicon, catalogue.aliases, frozenset(catalogue.lexicon.members[catalogue.number("secret")]))
        self._persons = PersonReader(catalogue)
        self._expressions = ExpressionReader(catalogue)
        self._timeframes = TimeframeReader(catalogue)
        self._answers = AnswerReader(catalogue)
        self._phrases = PhraseReader(catalogue)

    def read(self, text: str, context: Context) -> Reading:
        """Read any Unicode whatever, of any length; never raises."""
        if context.carry == NO_CARRY and context.sender not in _HELPERS:
            look = self._catalogue.gate.look(words_of(text))
            if look == "closed" and not _DISGUISED.search(text):
                return _NOTHING
            whole = self.cut(text)
            if look != "open" and self._catalogue.gate.look(" ".join(whole.words.texts)) != "open":
                return _NOTHING
        else:
            whole = self.cut(text)
        if not whole.heads:
            return replace(_NOTHING, carry=waiting(context.carry, answered=False))
        return self._heard(whole, context) if context.sender in _HELPERS else self._told(whole, context)

    def phrase(self, text: str, phrase: str) -> Phrase:
        """Whether the first place of a phrase, found without regard to case and spacing, is denied, past, or about somebody else."""
        found = re.search(r"\s+".join(map(re.escape, phrase.split())), text, re.IGNORECASE) if phrase.strip() else None
        begin, end = found.span() if found else (0, 0)
        return self._phrases.read(self.cut(text), begin, end)

    def vocabulary(self) -> frozenset[str]:
        """All words and phrases that any class knows."""
        return frozenset(word for members in self._catalogue.lexicon.members for word in members)

    def cut(self, text: str) -> Text:
        """A text as words with their classes."""
        words = self._words.read(text)
        return Text(words, *self._catalogue.lexicon.tag(words.texts))

    def _told(self, text: Text, context: Context) -> Reading:
        silent = self._silent(text)
        age = own_age(text.words, silent)
        matches = self._expressions.matches(text, topic=context.carry != NO_CARRY)
        if not matches and context.carry == NO_CARRY:
            return _with_age(_NOTHING, text, age)
        mentions = with_ages(self._persons.mentions(text.words, text.heads), text.words)
        answers = self._answers.read(text, context.carry)
        expressions = self._expressions.read(text, matches, silent, mentions)
        found = [*answers, *expressions, *thoughts_hinted(expressions)]
        found.extend(self._timeframes.read(text, silent, found, context.carry, context.at))
        reading = assemble(text.words, without_hints(with_topic(found, context.carry)), context.carry)
        return _with_age(replace(reading, carry=waiting(reading.carry, answered=bool(answers))), text, age)

    def _heard(self, text: Text, context: Context) -> Reading:
        """A helper's words disclose nothing; what they ask waits for its answer."""
        mentions = self._persons.mentions(text.words, text.heads)
        found = self._expressions.asked(text, mentions)
        found.extend(self._timeframes.read(text, [False] * len(text.heads), found, context.carry, context.at))
        raised = {*context.carry.told, *(kind for item in found if not item.topic for kind, _, _ in item.facts)}
        facts = dict.fromkeys(
            written(fact) for item in found if not item.topic or item.topic & raised for fact in item.facts if fact[0] != HINT
        )
        if facts:
            return replace(_NOTHING, carry=Carry(tuple(facts), 0, context.carry.told, context.carry.about))
        return replace(_NOTHING, carry=waiting(context.carry, answered="?" in text.words.folded.text))

    @staticmethod
    def _silent(text: Text) -> list[bool]:
        words = text.words
        silent = [False] * len(words.texts)
        folded = words.folded.text
        for low, high in words_within(words, quoted(folded)) + words_within(words, between_marks(folded)):
            silent[low:high] = [True] * (high - low)
        return silent


def _with_age(reading: Reading, text: Text, age: tuple[int, int, int] | None) -> Reading:
    if age is None:
        return reading
    return replace(reading, stated_age=age[0], places=(*reading.places, Place("stated_age", *text.words.place(age[1], age[2]))))


@cache
def text_reader() -> TextReader:
    """Vigil's own reader, built once.

    Raises:
        ValueError: a pattern file cannot be used; the message names the pattern and what to do.
    """
    return TextReader(load_catalogue())


def _fingerprint() -> str:
    """The hash over all that decides how a text is read: the patterns and the code beside them."""
    digest = hashlib.sha256()
    code = sorted(
        (entry for entry in resources.files("policy.reading").iterdir() if entry.name.endswith(".py")), key=lambda entry: entry.name
    )
    for name, content in [*data_files(), *((entry.name, entry.read_bytes()) for entry in code)]:
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
