"""A text as words in sentences, each with its place; hidden, stretched and spaced-out words are read as what they stand for."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policy.reading.fold import Folded, fold
from policy.reading.lexicon import Lexicon
from policy.reading.spelling import shortened, unhidden, unmasked

_TOKEN = re.compile(r"[a-z0-9']+|[.!?\n;\u2026]+|[,:()\"\[\]<>/*-]+|[^\x00-\x7f]")
_SIGNED = re.compile(r"(?<![a-z0-9'!*$@#|&+_-])(?:[a-z0-9']*+(?:[!*$@#|&+_-]++[a-z0-9]++)++[*#]*+|[a-z0-9]++[*#]{2,}+[a-z0-9]*+)")
_SIGN = re.compile(r"[!*$@#|&+_-][a-z0-9]|[*#]{2}")
_STRETCHED = re.compile(r"(.)\1\1")
_ENDS, _PAUSES = ".!?\n;\u2026", ',:()"[]<>/*-'
_LEADING = "!*#|&+_-'"
_LONGEST_WORD = 24  # beyond it nothing is repaired
_SPACED = 3  # single letters in a row that may be a word
_SENTENCE = 60  # words after which a sentence without an end is cut: long enough for any pattern


_Token = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text; `sentences` are spans of words, `breaks[i]` what stands before word i: 0 nothing, 1 a pause, 2 an end."""

    folded: Folded
    texts: list[str]
    starts: list[int]  # in the folded text
    ends: list[int]
    breaks: list[int]
    sentences: list[tuple[int, int]]
    marks: list[str]  # the signs before each word

    def place(self, low: int, high: int) -> tuple[int, int]:
        """Words `[low, high)` as code points `[start, end)` of the original."""
        return self.folded.start(self.starts[low]), self.folded.end(self.ends[high - 1])

    def sentence_of(self, word: int) -> int:
        """The number of the sentence that holds a word."""
        return bisect_left(self.sentences, (word + 1, 0)) - 1


class WordReader:
    """Cuts texts into words, with a lexicon to know a word by."""

    def __init__(self, lexicon: Lexicon, aliases: Mapping[str, str], secret: frozenset[str]) -> None:
        self._knows = lexicon.knows
        self._aliases = aliases
        self._secret = secret
        self._beginnings = frozenset(word[:length] for word in secret for length in range(len(word) + 1))
        self._first_letters = frozenset(word[0] for word in secret)

    def read(self, text: str) -> Words:
        """The words of any text."""
        folded = fold(text)
        words = Words(folded, [], [], [], [], [], [])
        pause, mark = 2, ""
        for piece, start, end in self._join_letters(self._tokens(folded.text)):
            if piece[0] in _ENDS or piece[0] in _PAUSES:
                pause, mark = max(pause, 2 if piece[0] in _ENDS else 1), mark + piece
                continue
            for column, value in (
                (words.texts, piece),
                (words.starts, start),
                (words.ends, end),
                (words.breaks, pause),
                (words.marks, mark),
            ):
                column.append(value)  # type: ignore[arg-type] # columns of numbers and of strings
            pause, mark = 0, ""
        words.sentences.extend(_sentences(words.breaks))
        return words

    def _tokens(self, folded: str) -> list[_Token]:
        known: dict[str, str] = {}
        hidden_words: dict[str, str | None] = {}
        signed = {match.start(): match for match in _SIGNED.finditer(folded)} if _SIGN.search(folded) else {}
        stretched = _STRETCHED.search(folded) is not None
        tokens: list[_Token] = []
        end = 0
        for match in _TOKEN.finditer(folded):
            if match.start() < end:
                continue
            hidden = signed.get(match.start())
            if hidden and hidden[0] not in hidden_words:
                hidden_words[hidden[0]] = self._hidden(hidden[0])
            word = hidden_words[hidden[0]] if hidden else None
            if hidden and word:
                tokens.append((word, hidden.start(), hidden.end()))
                end = hidden.end()
            elif match[0].strip("'"):
                if match[0] not in known:
                    known[match[0]] = self._known(match[0], stretched=stretched)
                tokens.append((known[match[0]], match.start(), match.end()))
        return tokens

    def _hidden(self, word: str) -> str | None:
        if len(word) > _LONGEST_WORD:
            return None
        plain = word.lstrip(_LEADING)
        joined = plain.replace("-", "").replace("_", "").replace("'", "")
        if self._knows(joined) and not plain.isalpha() and len(joined) > _SPACED:
            return joined
        return unhidden(plain, self._knows) or unmasked(plain, self._secret)

    def _known(self, word: str, *, stretched: bool) -> str:
        plain = word.replace("'", "") if "'" in word else word
        plain = self._aliases.get(plain, plain)
        if self._knows(plain) or len(plain) > _LONGEST_WORD * 4:
            return plain
        if not plain.isalpha() and not plain.isdigit() and len(plain) <= _LONGEST_WORD:
            return unhidden(plain, self._knows) or plain
        return next((short for short in shortened(plain) if self._knows(short)), plain) if stretched else plain

    def _join_letters(self, tokens: list[_Token]) -> Iterator[_Token]:
        """Join single letters in a row (`k i l l`, `k.m.s`) that make a secret word; all else as it came."""
        index = 0
        while index < len(tokens):
            word = self._secret_at(tokens, index) if len(tokens[index][0]) == 1 and tokens[index][0] in self._first_letters else None
            if word:
                yield word[0], tokens[index][1], tokens[word[1] - 1][2]
                index = word[1]
            else:
                yield tokens[index]
                index += 1

    def _secret_at(self, tokens: list[_Token], low: int) -> tuple[str, int] | None:
        """The longest secret word that single letters from `low` on spell, and where it ends."""
        letters, found = "", None
        for index in range(low, min(low + _LONGEST_WORD, len(tokens))):
            piece = tokens[index][0]
            if len(piece) != 1:
                break
            letters += piece if piece.isalnum() else ""
            if letters not in self._beginnings:
                break
            if letters in self._secret and len(letters) >= _SPACED:
                found = letters, index + 1
        return found


def _sentences(breaks: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    low = 0
    for index in range(1, len(breaks)):
        if breaks[index] == 2 or index - low >= _SENTENCE:  # noqa: PLR2004 an end, see Words
            spans.append((low, index))
            low = index
    if breaks:
        spans.append((low, len(breaks)))
    return spans
