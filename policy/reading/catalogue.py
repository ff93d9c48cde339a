"""The catalogue: classes and patterns compiled, with the automaton that tells at a first look whether any pattern can fit."""

from dataclasses import dataclass

from policy.reading.anchors import Anchors
from policy.reading.gate import Gate, GateBuilder
from policy.reading.lexicon import Lexicon, expand_classes
from policy.reading.matching import Line, Step
from policy.reading.notation import Item, parse_line
from policy.reading.own_age import age_openings
from policy.reading.patterns_file import HINT, Pattern, load_patterns, load_spellings, load_words
from policy.reading.spelling import misspellings

_RARE = 3  # common words in a row that together are rare
COMMON = "common"  # the class of words too frequent to tell anything alone


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that was loaded, compiled for reading."""

    lexicon: Lexicon
    patterns: tuple[Pattern, ...]
    lines: Anchors  # those that need nothing said before
    topic_lines: Anchors  # those that need a topic, and those of questions
    gate: Gate
    aliases: dict[str, str]  # misspelling -> the word it is read as

    def number(self, name: str) -> int:
        """The number of a class of words."""
        return self.lexicon.number(name)


def load_catalogue() -> Catalogue:
    """Load and compile all data files.

    Raises:
        ValueError: a file cannot be used; the message names the pattern.
    """
    classes = expand_classes(load_words() | counted_classes())
    lexicon = Lexicon(known=frozenset(word for words in classes.values() for word in words))
    for name, words in classes.items():
        lexicon.add(name, misspellings(words, lexicon.known))
    patterns = load_patterns()
    return _Compiler(lexicon, patterns).compile()


def counted_classes() -> dict[str, str]:
    """Classes of numbers, made rather than written: `n_many` (5 or more to swallow), `mg_many` (a dose beyond any usual one)."""
    many = [str(number) for number in range(5, 301)]
    doses = [f"{number}{unit}" for unit in ("mg", "mgs") for number in (*range(1500, 10001, 50), *range(10500, 100001, 500))]
    doses_some = [f"{number}{unit}" for unit in ("mg", "mgs") for number in range(50, 1500, 10)]
    grams = [f"{number}{unit}" for unit in ("g", "grams") for number in range(3, 101)]
    return {
        "n_many": ", ".join(many) + ", <n_words>",
        "mg_many": ", ".join(doses + grams) + ", <n_thousands>",
        "n_thousands": _thousands(),
        "mg_some": ", ".join(doses_some),
    }


def _thousands() -> str:
    return ", ".join(str(number) for number in (*range(1500, 10001, 50), *range(10500, 100001, 500)))


class _Compiler:
    """Builds a catalogue step by step."""

    def __init__(self, lexicon: Lexicon, patterns: list[Pattern]) -> None:
        self.lexicon = lexicon
        self.patterns = patterns
        self.common = frozenset(lexicon.members[lexicon.number(COMMON)])
        self.denials = frozenset(word for word in lexicon.members[lexicon.number("deny")] if " " not in word)
        self.gate = GateBuilder()
        self.spellings = load_spellings()

    def compile(self) -> Catalogue:
        lines: list[Line] = []
        topic_lines: list[Line] = []
        for number, pattern in enumerate(self.patterns):
            for written in pattern.words:
                line = self._line(number, pattern, written)
                (topic_lines if pattern.topic or pattern.asks else lines).append(line)
        self.gate.add([("ages", age_openings())], [0], "")
        secret = self.lexicon.members[self.lexicon.number("secret")]
        gate = self.gate.build(secret, self._telling_slips())
        anchors, topic_anchors = Anchors(lines, self.lexicon), Anchors(topic_lines, self.lexicon)
        return Catalogue(self.lexicon, tuple(self.patterns), anchors, topic_anchors, gate, self._aliases())

    def _telling_slips(self) -> list[str]:
        return [slip for word, slips in self.spellings.items() if word not in self.common for slip in slips]

    def _aliases(self) -> dict[str, str]:
        return {slip: word for word, slips in self.spellings.items() for slip in slips}

    def _line(self, number: int, pattern: Pattern, written: str) -> Line:
        steps = [self._step(item) for item in parse_line(written)]
        firm = [index for index, step in enumerate(steps) if not step.optional and not step.gap]
        telling = [index for index in firm if self._tells(steps[index].number)]
        if not pattern.topic and not pattern.asks and not self._opens(pattern, steps, telling):
            raise ValueError(f"pattern `{pattern.id}`: `{written}` has nothing rare enough to look for: add a word, or give it a topic")
        at = min(telling or firm, key=lambda index: len(self.lexicon.members[steps[index].number]))
        need = frozenset(steps[index].number for index in firm)
        plain = not any(self.denials & set(word.split()) for step in steps if not step.gap for word in self.lexicon.members[step.number])
        before, after = tuple(reversed(steps[:at])), tuple(steps[at + 1 :])
        return Line(number, steps[at], before, after, _beside(before), _beside(after), need, plain)

    def _words_of(self, step: Step) -> tuple[str, ...]:
        words = self.lexicon.members[step.number]
        return (*words, "") if step.optional else words

    def _opens(self, pattern: Pattern, steps: list[Step], telling: list[int]) -> bool:
        """Teach the gate a line; False where it has neither a rare word nor a run of words."""
        kind, fact, _ = pattern.says[0]
        known = [None if step.gap else (str(step.number), self._words_of(step)) for step in steps]
        near = [word for name in pattern.near for word in self.lexicon.members[self.lexicon.number(name)]]
        return self.gate.add(known, telling, fact if kind == HINT else "", near=(" ".join(pattern.near), near))

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
        return self.lexicon.add("=" + "/".join(choices), misspellings(words, self.lexicon.known))

    def _tells(self, number: int) -> bool:
        return all(len(words) >= _RARE or not self.common.issuperset(words) for words in map(str.split, self.lexicon.members[number]))


def _beside(steps: tuple[Step, ...]) -> int | None:
    """The class that must stand right beside an anchor: most tries of a line end at it."""
    return steps[0].number if steps and not steps[0].gap and not steps[0].optional else None
