"""The gate: one pass over a text that tells whether any pattern at all can fit. Nearly all of everyday life ends here."""

from collections.abc import Iterable, Iterator, Sequence
from string import ascii_lowercase
from typing import Literal

from ahocorasick_rs import AhoCorasick

_FEW_RUNS, _MOST_RUNS = 1000, 8000  # runs of neighbouring words that stand for one line: preferred, and at most
_APART = 3  # letters of a stretched or spaced-out word that give it away
_DISGUISE = 1  # the bit of letters that stretch or stand alone


class GateBuilder:
    """Collects what each line needs to be found in a text."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {"": _DISGUISE}
        self._words: dict[str, int] = {}
        self._needs: dict[int, dict[tuple[int, str], None]] = {}

    def add(
        self,
        steps: Sequence[tuple[str, tuple[str, ...]] | None],
        telling: Iterable[int],
        hint: str,
        near: tuple[str, Sequence[str]] = ("", ()),
    ) -> bool:
        """Add a line: its steps as name and words of a class (None for a gap), and which of them are rare words.

        `near` are words of which one must stand somewhere, if any. Returns whether the line has anything else to be found by.
        """
        need, rare = 0, list(telling)
        for index in rare:
            need |= self._bit(*steps[index])  # type: ignore[misc] # what is telling is never None
        run = None if len(rare) > 1 else _longest_run(steps, _FEW_RUNS) or _longest_run(steps, _MOST_RUNS)
        if run is not None:
            need |= self._bit(*run)
        if need:
            around = self._bit(*near) if near[1] else 0
            self._needs.setdefault(self._rarest(need), {})[need | around, hint] = None
        return bool(need)

    def _bit(self, name: str, words: Iterable[str]) -> int:
        if name not in self._bits:
            bit = self._bits[name] = 1 << len(self._bits)
            for word in words:
                self._words[word] = self._words.get(word, 0) | bit
        return self._bits[name]

    @staticmethod
    def _rarest(need: int) -> int:
        """Of several bits the newest: runs of words are added after single words and are rarer."""
        return 1 << (need.bit_length() - 1)

    def build(self, secret: Iterable[str], slips: Iterable[str]) -> "Gate":
        """The finished gate; it notices misspellings, the words of `secret` with letters apart (`k i l l`), and letters that stretch."""
        apart = {f" {' '.join(word[:_APART])}": _DISGUISE for word in secret if len(word) >= _APART}
        stretched = {letter * _APART: _DISGUISE for letter in ascii_lowercase}
        misspelt = {f" {slip} ": _DISGUISE for slip in slips}
        words = {f" {word} ": bits for word, bits in self._words.items()}
        return Gate(misspelt | words | apart | stretched, {bit: tuple(needs) for bit, needs in self._needs.items()})


def _longest_run(steps: Sequence[tuple[str, tuple[str, ...]] | None], most: int) -> tuple[str, tuple[str, ...]] | None:
    """The longest stretch of neighbouring steps with few enough runs of words; a step that may be missing holds an empty word."""
    best: tuple[str, tuple[str, ...]] | None = None
    length = 1
    for begin in range(len(steps)):
        runs: tuple[str, ...] = ("",)
        for end in range(begin, len(steps)):
            step = steps[end]
            if step is None or len(runs) * len(step[1]) > most:
                break
            runs = tuple(dict.fromkeys(f"{run} {word}".strip() for run in runs for word in step[1]))
            if end + 1 - begin > length and all(" " in run for run in runs):
                best, length = (" ".join(name for name, _ in steps[begin : end + 1]), runs), end + 1 - begin  # type: ignore[misc] # none of these is None
    return best


Look = Literal["closed", "disguised", "open"]


class Gate:
    """Finds the words that lines need, and knows which sets of them are enough."""

    def __init__(self, words: dict[str, int], needs: dict[int, tuple[tuple[int, str], ...]]) -> None:
        self._automaton = AhoCorasick(words)
        self._bits = tuple(words.values())
        woken = {bits: tuple(need for bit in _each(bits) for need in needs.get(bit, ())) for bits in set(self._bits)}
        self._woken = tuple(woken[bits] for bits in self._bits)  # of each word: the needs of which it is the rarest

    def look(self, words: str) -> Look:
        """Whether these words (`fold.words_of`) hold all that some line needs, or that lines of two different hints do."""
        found = self._automaton.find_matches_as_indexes(f" {words} ", overlapping=True)
        if not found:
            return "closed"
        bits = self._bits
        seen = 0
        for index, _, _ in found:
            seen |= bits[index]
        if self._enough(seen, found):
            return "open"
        return "disguised" if seen & _DISGUISE else "closed"

    def _enough(self, seen: int, found: Iterable[tuple[int, int, int]]) -> bool:
        hint, woken = "", self._woken
        for index, _, _ in found:
            for need, hinted in woken[index]:
                if need & seen == need:
                    if not hinted or (hint and hinted != hint):
                        return True
                    hint = hinted
        return False


def _each(bits: int) -> Iterator[int]:
    while bits:
        bit = bits & -bits
        bits ^= bit
        yield bit
