"""A text as words in sentences, each with its place; hidden, stretched and spaced-out words are read as what they stand for."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from policy.reading.fold import Folded, fold
from policy.reading.lexicon import Lexicon
from policy.reading.spelling import shortened, unhidden, unmasked

_TOKEN = re.compile(r"[a-z0-9']+|[.!?\n;\u2026]+|[,:()\"\[\]<>/*-]+|[^\x00-\x7f]")
_SIGNED = re.compile(r"(?<![a-z0-9'!*$@#|&+_-])(?:[a-z0-9']*+(?:[!*$@#|&+_-]++[a-z0-9]++)++[*#]*+|[a-z0-9]++[*#]{2,}+[a-z0-9]*+)")
_SIGN = re.compile(r"[!*$@#|&+_-][a-z0-9]|[*#]{2}")
_STRETCHED = re.compile(r"(.)\1\1")
_BREAKS = dict.fromkeys(".!?\n;\u2026", 2) | dict.fromkeys(',:()"[]<>/*-', 1)  # what a mark puts before the next word, see Words
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
        known = (lexicon.single.keys() | lexicon.first) - aliases.keys()
        self._plain = frozenset(word for word in known if "'" not in word)  # read as they stand

    def read(self, text: str) -> Words:
        """The words of any text."""
        folded = fold(text)
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        breaks: list[int] = []
        marks: list[str] = []
        pause, mark = 2, ""
        tokens, joined = self._tokens(folded.text), 0
        for index, (piece, start, end) in enumerate(tokens):
            if index < joined:
                continue
            stop = _BREAKS.get(piece[0])
            if stop is not None:
                pause, mark = max(pause, stop), mark + piece
                continue
            if len(piece) == 1 and piece in self._first_letters:
                word, joined = self._joined(tokens, index)
                texts.append(word)
                ends.append(tokens[joined - 1][2])
            else:
                texts.append(piece)
                ends.append(end)
            starts.append(start)
            breaks.append(pause)
            marks.append(mark)
            pause, mark = 0, ""
        return Words(folded, texts, starts, ends, breaks, _sentences(breaks), marks)

    def _tokens(self, folded: str) -> list[_Token]:
        signed = self._signed(folded) if _SIGN.search(folded) else {}
        stretched = _STRETCHED.search(folded) is not None
        known: dict[str, str] = {}
        tokens: list[_Token] = []
        passed = 0
        for match in _TOKEN.finditer(folded):
            piece, (start, end) = match[0], match.span()
            if start < passed:
                continue
            if start in signed:
                word, passed = signed[start]
                tokens.append((word, start, passed))
            elif piece in self._plain:
                tokens.append((piece, start, end))
            elif piece[0] != "'" or piece.strip("'"):
                if piece not in known:
                    known[piece] = self._known(piece, stretched=stretched)
                tokens.append((known[piece], start, end))
        return tokens

    def _signed(self, folded: str) -> dict[int, tuple[str, int]]:
        """Words with signs among their letters that stand for others, by where they begin: what they stand for, and where they end."""
        known: dict[str, str | None] = {}
        found = {}
        for match in _SIGNED.finditer(folded):
            if match[0] not in known:
                known[match[0]] = self._hidden(match[0])
            word = known[match[0]]
            if word:
                found[match.start()] = word, match.end()
        return found

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

    def _joined(self, tokens: list[_Token], low: int) -> tuple[str, int]:
        """The longest secret word that single letters in a row (`k i l l`, `k.m.s`) spell, and the token after it; else the letter."""
        letters, found = "", (tokens[low][0], low + 1)
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
