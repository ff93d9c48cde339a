"""Answers: a bare "yeah", "no" or a thumb to what the other side asked, up to two turns ago."""

from typing import Literal

from policy.reading.catalogue import Catalogue
from policy.reading.finding import Found
from policy.reading.patterns_file import opposite, parse_fact
from policy.reading.seam import Carry
from policy.reading.standing import Text

_OPENING = 4  # words at the beginning of a turn that may hold the answer
_TURNS = 2  # turns for which a question waits


class AnswerReader:
    """Reads the beginning of a turn as an answer."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._yes, self._no, self._unsure = (catalogue.number(name) for name in ("answer_yes", "answer_no", "answer_unsure"))

    def answer(self, text: Text) -> tuple[Literal["yes", "no", "unsure"], int, int] | None:
        """The answer that a turn begins with, and its words; None where it begins with none."""
        for index in range(min(_OPENING, len(text.heads))):
            tags = text.heads[index]
            for value, number in (("unsure", self._unsure), ("no", self._no), ("yes", self._yes)):
                if number in tags:
                    return value, index, index + max(tags[number])  # type: ignore[return-value] # a str of the three
        return None

    def read(self, text: Text, carry: Carry) -> list[Found]:
        """The facts that the answer gives about what was asked."""
        answer = self.answer(text) if carry.asked else None
        if answer is None or answer[0] == "unsure":
            return []
        value, start, end = answer
        facts = []
        for asked in carry.asked:
            kind, fact, wanted = parse_fact(asked)
            said = wanted if value == "yes" else opposite(wanted)
            if said != "unknown" and not (fact == "timeframe" and said in {"yes", "no", "none"}):
                facts.append((kind, fact, said))
        return [Found(tuple(facts), carry.about, start, end, pattern="answer")] if facts else []


def waiting(carry: Carry, *, answered: bool) -> Carry:
    """What is left of the questions after a turn of the one who was asked, or of small talk."""
    if answered or carry.age >= _TURNS:
        return Carry(told=carry.told, about=carry.about)
    return Carry(carry.asked, carry.age + 1 if carry.asked else 0, carry.told, carry.about)
