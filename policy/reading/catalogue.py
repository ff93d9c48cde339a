"""The catalogue: classes and patterns compiled, with the automaton that tells at a first look whether any pattern can fit."""

from collections.abc import Iterable
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from policy.reading.lexicon import Lexicon, Tags, expand_classes
from policy.reading.matching import Line, Step
from policy.reading.notation import Item, parse_line
from policy.reading.patterns_file import Pattern, load_patterns, load_words
from policy.reading.spelling import misspellings

COMMON = "common"  # the class of words too frequent to tell anything alone


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that was loaded, compiled for reading. `bits` are the classes that a first look can find."""

    lexicon: Lexicon
    patterns: tuple[Pattern, ...]
    lines: dict[int, tuple[Line, ...]]  # by the class of their anchor
    bits: dict[int, int]  # class -> bit
    gate: AhoCorasick
    gate_bits: tuple[int, ...]  # of each word of the gate
    word_bits: dict[str, int]
    needs: dict[int, tuple[int, ...]]  # bit of an anchor -> what else its lines need

    def number(self, name: str) -> int:
        """The number of a class of words."""
        return self.lexicon.number(name)

    def first_look(self, words: str) -> bool:
        """Whether any pattern at all can fit these words (`fold.words_of`): nearly all of everyday life ends here."""
        found = self.gate.find_matches_as_indexes(f" {words} ", overlapping=True)
        if not found:
            return False
        gate_bits = self.gate_bits
        seen = 0
        for index, _, _ in found:
            seen |= gate_bits[index]
        return self.possible(seen)

    def possible(self, seen: int) -> bool:
        """Whether the classes in `seen` hold all that some line needs."""
        rest = seen
        while rest:
            bit = rest & -rest
            rest ^= bit
            for need in self.needs.get(bit, ()):
                if need & seen == need:
                    return True
        return False


def load_catalogue() -> Catalogue:
    """Load and compile all data files.

    Raises:
        ValueError: a file cannot be used; the message names the pattern.
    """
    raw = load_words()
    lexicon = Lexicon()
    for name, words in expand_classes(raw).items():
        lexicon.add(name, misspellings(words))
    patterns = load_patterns()
    return _Compiler(lexicon, patterns).compile()


class _Compiler:
    """Builds a catalogue step by step."""

    def __init__(self, lexicon: Lexicon, patterns: list[Pattern]) -> None:
        self.lexicon = lexicon
        self.patterns = patterns
        self.common = frozenset(lexicon.members[lexicon.number(COMMON)])
        self.bits: dict[int, int] = {}

    def compile(self) -> Catalogue:
        lines: dict[int, list[Line]] = {}
        for number, pattern in enumerate(self.patterns):
            for written in pattern.words:
                line = self._line(number, pattern.id, written)
                lines.setdefault(line.anchor.number, []).append(line)
        gate = self._gate_words()
        return Catalogue(
            lexicon=self.lexicon,
            patterns=tuple(self.patterns),
            lines={anchor: tuple(found) for anchor, found in lines.items()},
            bits=self.bits,
            gate=AhoCorasick([f" {word} " for word in gate], implementation=Implementation.DFA if len(gate) < 4000 else None),
            gate_bits=tuple(gate.values()),
            word_bits=gate,
            needs=self._needs(lines.values()),
        )

    def _line(self, number: int, name: str, written: str) -> Line:
        items = parse_line(written)
        steps = [self._step(item) for item in items]
        telling = [index for index, step in enumerate(steps) if not step.optional and not step.gap and self._tells(step.number)]
        if not telling:
            raise ValueError(f"pattern `{name}`: `{written}` has no word rare enough to look for: add one or take it out of `common`")
        at = min(telling, key=lambda index: len(self.lexicon.members[steps[index].number]))
        need = 0
        for index in telling:
            need |= self._bit(steps[index].number)
        return Line(number, steps[at], tuple(reversed(steps[:at])), tuple(steps[at + 1 :]), need)

    def _step(self, item: Item) -> Step:
        if item.gap:
            return Step(-1, optional=False, gap=item.gap, role="")
        return Step(self._class_of(item.choices), item.optional, 0, item.role)

    def _class_of(self, choices: tuple[str, ...]) -> int:
        if len(choices) == 1 and choices[0].startswith("<"):
            return self.lexicon.number(choices[0][1:-1])
        words: list[str] = []
        for choice in choices:
            words.extend(self.lexicon.members[self.lexicon.number(choice[1:-1])] if choice.startswith("<") else [choice.replace("_", " ")])
        return self.lexicon.add("=" + "/".join(choices), misspellings(words))

    def _tells(self, number: int) -> bool:
        return all(any(word not in self.common for word in member.split()) for member in self.lexicon.members[number])

    def _bit(self, number: int) -> int:
        return self.bits.setdefault(number, 1 << len(self.bits))

    def _gate_words(self) -> dict[str, int]:
        gate: dict[str, int] = {}
        for number, bit in self.bits.items():
            for member in self.lexicon.members[number]:
                gate[member] = gate.get(member, 0) | bit
        return gate

    def _needs(self, lines: Iterable[list[Line]]) -> dict[int, tuple[int, ...]]:
        needs: dict[int, set[int]] = {}
        for found in lines:
            for line in found:
                needs.setdefault(self.bits[line.anchor.number], set()).add(line.need)
        return {bit: tuple(n for n in wanted if not any(o != n and o & n == o for o in wanted)) for bit, wanted in needs.items()}


def tag_bits(catalogue: Catalogue, heads: list[Tags], low: int, high: int) -> int:
    """The classes that stand among words `[low, high)`, as bits."""
    bits = catalogue.bits
    seen = 0
    for index in range(low, high):
        for number in heads[index]:
            seen |= bits.get(number, 0)
    return seen
