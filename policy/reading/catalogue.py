"""The catalogue: classes and patterns compiled, with the automaton that tells at a first look whether any pattern can fit."""

from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from policy.reading.lexicon import Lexicon, Tags, expand_classes
from policy.reading.matching import Line, Step
from policy.reading.notation import Item, parse_line
from policy.reading.patterns_file import Pattern, load_patterns, load_words
from policy.reading.spelling import misspellings

_RARE = 3  # common words in a row that together are rare
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
    raw = load_words() | counted_classes()
    lexicon = Lexicon()
    for name, words in expand_classes(raw).items():
        lexicon.add(name, misspellings(words))
    patterns = load_patterns()
    return _Compiler(lexicon, patterns).compile()


def counted_classes() -> dict[str, str]:
    """Classes of numbers, made rather than written: `n_many` (5 or more of something to swallow), `mg_many` (a dose beyond any usual one)."""
    many = [str(number) for number in range(5, 301)]
    doses = [f"{number}{unit}" for unit in ("mg", "mgs") for number in (*range(1500, 10001, 50), *range(10500, 100001, 500))]
    grams = [f"{number}{unit}" for unit in ("g", "grams") for number in range(3, 101)]
    return {"n_many": ", ".join(many) + ", <n_words>", "mg_many": ", ".join(doses + grams) + ", <n_thousands>", "n_thousands": _thousands()}


def _thousands() -> str:
    return ", ".join(str(number) for number in (*range(1500, 10001, 50), *range(10500, 100001, 500)))


class _Compiler:
    """Builds a catalogue step by step."""

    def __init__(self, lexicon: Lexicon, patterns: list[Pattern]) -> None:
        self.lexicon = lexicon
        self.patterns = patterns
        self.common = frozenset(lexicon.members[lexicon.number(COMMON)])
        self.bits: dict[int, int] = {}

    def compile(self) -> Catalogue:
        lines: dict[int, list[Line]] = {}
        opening: list[Line] = []
        for number, pattern in enumerate(self.patterns):
            for written in pattern.words:
                line = self._line(number, pattern, written)
                lines.setdefault(line.anchor.number, []).append(line)
                if not pattern.topic and not pattern.asks:
                    opening.append(line)
        gate = self._gate_words(opening)
        return Catalogue(
            lexicon=self.lexicon,
            patterns=tuple(self.patterns),
            lines={anchor: tuple(found) for anchor, found in lines.items()},
            bits=self.bits,
            gate=AhoCorasick([f" {word} " for word in gate]),
            gate_bits=tuple(gate.values()),
            needs=self._needs(opening),
        )

    def _line(self, number: int, pattern: Pattern, written: str) -> Line:
        items = parse_line(written)
        steps = [self._step(item) for item in items]
        firm = [index for index, step in enumerate(steps) if not step.optional and not step.gap]
        telling = [index for index in firm if self._tells(steps[index].number)]
        if not telling and not pattern.topic and not pattern.asks:
            raise ValueError(f"pattern `{pattern.id}`: `{written}` has no word rare enough to look for: add one, or give it a topic")
        at = min(telling or firm, key=lambda index: len(self.lexicon.members[steps[index].number]))
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
        return all(len(words) >= _RARE or not self.common.issuperset(words) for words in map(str.split, self.lexicon.members[number]))

    def _bit(self, number: int) -> int:
        return self.bits.setdefault(number, 1 << len(self.bits))

    def _gate_words(self, opening: list[Line]) -> dict[str, int]:
        """The words that a first look finds: those of lines that need no topic."""
        wanted = 0
        for line in opening:
            wanted |= line.need
        gate: dict[str, int] = {}
        for number, bit in self.bits.items():
            for member in self.lexicon.members[number] if bit & wanted else ():
                gate[member] = gate.get(member, 0) | bit
        return gate

    def _needs(self, opening: list[Line]) -> dict[int, tuple[int, ...]]:
        needs: dict[int, set[int]] = {}
        for line in opening:
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
