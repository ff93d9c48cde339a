"""Expressions: every pattern that fits, with how it is meant and whom it is about."""

from collections.abc import Iterator

from policy.reading.actors import NOBODY, ActorReader, Doer
from policy.reading.catalogue import Catalogue
from policy.reading.finding import Found
from policy.reading.fitting import first_and_last, fitting
from policy.reading.matching import Match
from policy.reading.mentions import Mentions
from policy.reading.patterns_file import HINT, Pattern
from policy.reading.persons import ANYBODY, AUTHOR, SOMEBODY, Addressed, Anybody, Author, PersonReader, Who
from policy.reading.standing import StandingReader, Text

_AROUND = 9  # words to either side in which `unless` is looked for
_BEFORE = 7  # words before in which `not_after` is looked for
_DONE_TO = frozenset({"abuse", "sexual_coercion", "other"})  # the subject does it; at risk is who is marked `@`, or the author
_BY = 7  # words after a passive in which its doer is named
_BESIDE = 4  # words between a subject and its verb


class ExpressionReader:
    """Finds what a text says, sentence by sentence."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._persons = PersonReader(catalogue)
        self._standing = StandingReader(catalogue)
        self._actors = ActorReader(catalogue)
        self._anyone_else = catalogue.number("anyone_else")
        self._around = [
            tuple(frozenset(catalogue.number(name) for name in names) for names in (pattern.near, pattern.unless, pattern.not_after))
            for pattern in catalogue.patterns
        ]

    def matches(self, text: Text, *, topic: bool) -> list[tuple[int, Match]]:
        """Every line that fits somewhere, with the number of its sentence; `topic` where something was raised before the text."""
        found = list(fitting(text, self._catalogue.lines))
        if found or topic:
            found.extend(fitting(text, self._catalogue.topic_lines))
        return sorted(first_and_last(found), key=lambda one: one[1].start) if found else found

    def read(self, text: Text, matches: list[tuple[int, Match]], silent: list[bool], mentions: Mentions) -> list[Found]:
        """What the text says, without what is quoted, made up, in jest or only supposed."""
        made_up = self._standing.made_up(text)
        found: list[Found] = []
        for number, match in matches:
            if not any(silent[match.start : match.end]):
                found.extend(self._meant(text, match, number, mentions, fiction=made_up[number]))
        return found

    def asked(self, text: Text, mentions: Mentions) -> list[Found]:
        """What the words of a helper ask about, or sum up for the other to confirm."""
        found = []
        for number, match in self.matches(text, topic=True):
            low, high = text.words.sentences[number]
            pattern = self._catalogue.patterns[match.pattern]
            who = self._who(text, match, low, mentions)
            if not isinstance(who, Author) and self._fits(text, match, low, high):
                about = None if isinstance(who, Addressed | Anybody) else who
                found.append(Found(pattern.says, about, match.start, match.end, pattern.topic, pattern.id))
        return found

    def _meant(self, text: Text, match: Match, sentence: int, mentions: Mentions, *, fiction: bool) -> Iterator[Found]:
        pattern = self._catalogue.patterns[match.pattern]
        low, high = text.words.sentences[sentence]
        if pattern.asks or not self._fits(text, match, low, high):
            return
        who = self._who(text, match, low, mentions)
        denied = self._denied(text, match, low)
        until = self._clause_end(text, match, high) if pattern.says[0][0] == "abuse" else high
        facts = pattern.negated if denied else pattern.past if self._standing.past(text, low, until) else pattern.says
        if not facts or isinstance(who, Addressed | Anybody) or self._unreal(text, match, sentence, who, fiction=fiction):
            return
        abuse = any(kind == "abuse" for kind, _, _ in facts)
        doer = self._doer(text, match, low) if abuse else NOBODY
        doer = NOBODY if doer.actor == "author" and who in {None, AUTHOR} else doer  # nobody does it to themselves here
        unknown = doer.actor == "" and who == SOMEBODY  # "it hits him": nobody whom anybody can be asked about
        if doer.actor not in {"author", "peer"} and not (abuse and unknown):
            happened = not denied and (pattern.says[0][2] == "yes" or (not pattern.topic and pattern.past == pattern.says))
            yield Found(facts, who, match.start, match.end, pattern.topic, pattern.id, doer, happened, pattern.ended, pattern.by == "topic")

    def _fits(self, text: Text, match: Match, low: int, high: int) -> bool:
        """Whether the words around a match are as its pattern wants them."""
        near, unless, not_after = self._around[match.pattern]
        if not_after and not not_after.isdisjoint(text.classes(max(low, match.start - _BEFORE), match.start + 1)):
            return False
        if unless and not unless.isdisjoint(text.classes(max(low, match.start - _AROUND), min(high, match.end + _AROUND))):
            return False
        return not near or not near.isdisjoint(self._nearby(text, low, high))

    @staticmethod
    def _nearby(text: Text, low: int, high: int) -> frozenset[int]:
        """The classes of a sentence and of its neighbours."""
        sentences = text.words.sentences
        number = text.words.sentence_of(low)
        before, after = sentences[max(0, number - 1)], sentences[min(number + 1, len(sentences) - 1)]
        return text.classes(before[0], before[1]) | text.classes(low, high) | text.classes(after[0], after[1])

    def _who(self, text: Text, match: Match, low: int, mentions: Mentions) -> Who | None:
        pattern = self._catalogue.patterns[match.pattern]
        if pattern.about == "topic" and not any(role == "at_risk" for role, _, _ in match.roles):
            return None
        who = self._named(text, match, low, mentions)
        if isinstance(who, Anybody | Addressed) and pattern.says[0][0] == "suicide" and self._shared(text, low, match.start):
            return AUTHOR
        return None if who == ANYBODY and (pattern.topic or pattern.says[0][0] == HINT) else who

    def _shared(self, text: Text, low: int, start: int) -> bool:
        """Whether others are asked about only as company: "does anyone else want to die"."""
        return any(self._anyone_else in text.heads[index] for index in range(low, start))

    def _named(self, text: Text, match: Match, low: int, mentions: Mentions) -> Who | None:
        texts, heads = text.words.texts, text.heads
        for role, start, end in match.roles:
            if role == "at_risk":
                reflexive = texts[start].endswith(("self", "selves"))
                doer = range(max(low, match.start - _BESIDE), match.start) if start > match.start and not reflexive else range(0)
                named = [self._persons.named_at(texts, heads, index, mentions, not_beside=doer) for index in range(start, end)]
                return next((who for who in named if who is not None), ANYBODY)
        pattern = self._catalogue.patterns[match.pattern]
        if pattern.says[0][0] in _DONE_TO and not pattern.passive:
            return None
        inside = self._persons.named_at(texts, heads, match.start, mentions)
        return inside or self._persons.subject(texts, heads, low, match.start, mentions)

    def _clause_end(self, text: Text, match: Match, high: int) -> int:
        """Where another doer's part of the sentence begins: "dad hits me and my priest touched me when i was 9"."""
        for index in range(match.end, high - 1):
            if text.words.texts[index] in {"and", "but"} and self._actors.names(text.tails, index + 1, min(index + 3, high)):
                return index
        return high

    def _doer(self, text: Text, match: Match, low: int) -> Doer:
        """Who does it: named within the expression (`^`), else before it."""
        texts, tails = text.words.texts, text.tails
        for role, start, end in match.roles:
            if role == "actor":
                return self._actors.within(texts, tails, start, end)
        if self._catalogue.patterns[match.pattern].passive:
            return self._actors.within(texts, tails, match.end, min(match.end + _BY, len(texts))) if _by(text, match.end) else NOBODY
        if self._catalogue.patterns[match.pattern].by == "topic":
            return NOBODY
        author = any(role == "at_risk" for role, _, _ in match.roles)
        return self._actors.before(texts, tails, low, match.start, author=author)

    def _denied(self, text: Text, match: Match, low: int) -> bool:
        return self._standing.denied(text, low, match.start) or (match.plain and self._standing.denied_within(text, match.start, match.end))

    def _unreal(self, text: Text, match: Match, sentence: int, who: Who | None, *, fiction: bool) -> bool:
        pattern = self._catalogue.patterns[match.pattern]
        low, high = text.words.sentences[sentence]
        if fiction and "made_up" not in pattern.even:
            return True
        if who not in {None, AUTHOR} and self._standing.hints_of_fiction(text, low, high):
            return True
        if "supposed" not in pattern.even and self._standing.supposed(text, low, match.start):
            return True
        return "jest" not in pattern.even and self._jesting(text, pattern, sentence)

    def _jesting(self, text: Text, pattern: Pattern, sentence: int) -> bool:
        sentences = text.words.sentences
        low, high = sentences[sentence]
        last = sentences[min(sentence + 1, len(sentences) - 1)][1]
        surely, laughing, _ = self._standing.in_jest(text, low, last)
        _, _, trifle = self._standing.in_jest(text, low, high)
        return surely or (laughing and (trifle or pattern.hyperbole)) or (pattern.hyperbole and trifle)


def _by(text: Text, index: int) -> bool:
    return index < len(text.heads) and text.words.texts[index] == "by"
