"""Who is spoken of: the author, the one addressed, somebody whom the words name by relation, or people in general."""

from dataclasses import dataclass, replace

from policy.reading.catalogue import Catalogue
from policy.reading.lexicon import Tags
from policy.reading.seam import Other

_SUBJECT_REACH = 14  # words before an expression in which its subject is looked for
_BEFORE_A_RELATION = frozenset("best older big step half own poor other eldest oldest twin closest good old dear school".split())
_RELATIONS = ("sibling", "friend", "partner", "parent", "child", "relative", "young", "ex", "other")


@dataclass(frozen=True, slots=True)
class Author:
    """The one who writes."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """The one written to: what is said of them is no disclosure."""


@dataclass(frozen=True, slots=True)
class Anybody:
    """People in general, or somebody in particular who cannot be told apart."""


Who = Author | Addressed | Anybody | Other
AUTHOR, ADDRESSED, ANYBODY = Author(), Addressed(), Anybody()
SOMEBODY = Other("other")  # one person, of whom the text says no more than "he"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named by relation at word `index`."""

    index: int
    end: int
    other: Other
    own: bool  # "my sister" rather than "a sister"


class PersonReader:
    """Tells who an expression is about."""

    def __init__(self, catalogue: Catalogue) -> None:
        number = catalogue.number
        self._i, self._you, self._anybody = number("i"), number("you"), number("anybody")
        self._singular = {number("he"): "he", number("she"): "she", number("they"): "they"}
        self._relations = {number(f"rel_{relation}"): relation for relation in _RELATIONS}
        self._young, self._own, self._i_poss = number("young"), number("own"), {"my", "ma", "our", "me"}
        self._male, self._female = number("male"), number("female")

    def mentions(self, texts: list[str], heads: list[Tags]) -> list[Mention]:
        """Everybody whom the text names by relation, in order; `ages.py` adds their ages."""
        found = []
        for index, tags in enumerate(heads):
            for number, relation in self._relations.items():
                if number in tags:
                    found.append(self._mention(texts, heads, index, max(tags[number]), relation))
                    break
        return found

    def _mention(self, texts: list[str], heads: list[Tags], index: int, length: int, relation: str) -> Mention:
        before = texts[max(0, index - 3) : index]
        small = any(self._young in heads[i] for i in range(max(0, index - 2), index))
        own = any(word in self._i_poss for word in before) or relation in {"ex"}
        if relation == "young":
            relation, small = "other", texts[index] not in {"lad", "lass", "boy", "girl"} or small
        if relation == "child" and not any(word in self._i_poss for word in before):
            relation = "other"
        minor = small and relation in {"sibling", "other", "child", "relative"}
        minor = minor or texts[index] in {"baby", "toddler", "newborn"}
        return Mention(index, index + length, Other("partner" if relation == "ex" else relation, "yes" if minor else "unknown"), own)

    def subject(self, texts: list[str], heads: list[Tags], low: int, start: int, mentions: list[Mention]) -> Who | None:
        """The subject of an expression that begins at word `start`: the nearest before it in its sentence; None where there is none."""
        for index in range(start - 1, max(low, start - _SUBJECT_REACH) - 1, -1):
            who = self.named_at(texts, heads, index, mentions)
            if who is not None:
                return who
        return None

    def named_at(self, texts: list[str], heads: list[Tags], index: int, mentions: list[Mention]) -> Who | None:
        """Whom word `index` names, if anybody."""
        tags = heads[index]
        if self._i in tags:
            return self._through(texts, heads, index, mentions) or AUTHOR
        if self._you in tags:
            return ADDRESSED
        for mention in mentions:
            if mention.index <= index < mention.end:
                return mention.other if mention.own or mention.other.minor == "yes" else ANYBODY
        if any(number in tags for number in self._singular):
            return self.antecedent(texts, heads, index, mentions)
        return ANYBODY if self._anybody in tags else None

    def _through(self, texts: list[str], heads: list[Tags], index: int, mentions: list[Mention]) -> Who | None:
        """`my little sister`: the possessive belongs to the one it names."""
        if texts[index] not in self._i_poss:
            return None
        for mention in mentions:
            if index < mention.index <= index + 3:
                between = range(index + 1, mention.index)
                joined = all(self._young in heads[i] or texts[i] in _BEFORE_A_RELATION for i in between)
                return mention.other if joined and mention.own else None
        return None

    def antecedent(self, texts: list[str], heads: list[Tags], index: int, mentions: list[Mention]) -> Who:
        """Whom a pronoun means: the last one named before it whom it fits."""
        pronoun = next(name for number, name in self._singular.items() if number in heads[index])
        for mention in reversed([m for m in mentions if m.index < index and m.own or m.other.minor == "yes" and m.index < index]):
            tags = heads[mention.index]
            male, female = self._male in tags, self._female in tags
            if pronoun == "they" or (pronoun == "he" and not female) or (pronoun == "she" and not male):
                return mention.other
        return SOMEBODY if pronoun != "they" else ANYBODY

    @staticmethod
    def same(who: Who, found: list[Mention]) -> Who:
        """The person with all that is known of them elsewhere in the text: an age told in the next sentence."""
        if not isinstance(who, Other):
            return who
        for mention in found:
            if mention.other.relation == who.relation and mention.other.age is not None and who.age is None:
                return replace(who, age=mention.other.age, minor=mention.other.minor)
        return who
