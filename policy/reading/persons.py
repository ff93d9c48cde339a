"""Who is spoken of: the author, the one addressed, somebody whom the words name by relation, or people in general."""

from dataclasses import dataclass

from policy.reading.catalogue import Catalogue
from policy.reading.lexicon import Tags
from policy.reading.lists import listed
from policy.reading.mentions import Mention, Mentions
from policy.reading.seam import Answer, Other
from policy.reading.words import Words

_SUBJECT_REACH = 14  # words before an expression in which its subject is looked for
_BEFORE_A_RELATION = frozenset(listed("best older big step half own poor other eldest oldest twin closest good old dear school"))
_MINDED = frozenset(listed("babysit nanny mind tutor coach teach next whos"))  # "the girl i babysit": one who can be told apart
_ANIMAL = "animal"  # a pet is nobody at risk here
_BABIES = frozenset(listed("baby toddler newborn"))
_ELDERS = frozenset(listed("nan nana gran grandma grandad grandpa granda uncle aunt auntie aunty husband wife"))
_NOWHERE = range(0)
_NO_SUBJECTS = frozenset(listed("him his her hers them their theirs himself herself themselves your yours"))
_FAMILY = frozenset({"parent", "sibling", "relative", "partner"})  # "mum" is one's own, said without a "my"
_NOT_OWN = frozenset(listed("a an the his her their your ur someones somebodys whose her's friends mates any no"))
_RELATIONS = ("sibling", "friend", "partner", "parent", "child", "relative", "young", "ex", "animal", "other")


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


def _with_me(texts: list[str], mention: Mention) -> bool:
    """`me and mum`, `mum and me`: the author, in company."""
    before = texts[max(0, mention.index - 3) : mention.index]
    return before[-2:] == ["me", "and"] or before == ["me", "and", "my"] or texts[mention.end : mention.end + 2] == ["and", "me"]


class PersonReader:
    """Tells who an expression is about."""

    def __init__(self, catalogue: Catalogue) -> None:
        number = catalogue.number
        self._i, self._you, self._anybody = number("i"), number("you"), number("anybody")
        self._singular = {number("he"): "he", number("she"): "she", number("they"): "they"}
        self._relations = {number(f"rel_{relation}"): relation for relation in _RELATIONS}
        self._young, self._own, self._i_poss = number("young"), number("own"), {"my", "ma", "our", "me"}
        self._male, self._female = number("male"), number("female")
        self._doers = frozenset({number("kin"), number("trusted")})

    def mentions(self, words: Words, heads: list[Tags]) -> Mentions:
        """Everybody whom the text names by relation, in order; `ages.py` adds their ages."""
        relations, texts = self._relations, words.texts
        found = []
        for index, tags in enumerate(heads):
            named = relations.keys() & tags.keys()
            if named:
                number = max(named, key=lambda one: (max(tags[one]), -one))
                found.append(self._mention(texts, heads, index, max(tags[number]), relations[number]))
        return Mentions(found, words.breaks)

    def _mention(self, texts: list[str], heads: list[Tags], index: int, length: int, relation: str) -> Mention:
        reach = 5 if index and texts[index - 1] == "old" else 3  # "my 13 year old sister"
        before = texts[max(0, index - reach) : index]
        small = any(self._young in heads[i] for i in range(max(0, index - 2), index))
        mine = any(word in self._i_poss for word in before)
        own = mine or relation == "ex" or (relation in _FAMILY and not (before and before[-1] in _NOT_OWN))
        if relation == "young" and any(word in _MINDED for word in texts[index + length : index + length + 4]):
            own = small = True
        if relation == "young":
            relation, small = "other", texts[index] not in {"lad", "lass", "boy", "girl"} or small
        if relation == "child" and not mine:
            relation = "other"
        minor = small and relation in {"sibling", "other", "child", "relative"}
        known: Answer = (
            "yes" if minor or texts[index] in _BABIES else "no" if relation == "parent" or texts[index] in _ELDERS else "unknown"
        )
        return Mention(index, index + length, Other("partner" if relation == "ex" else relation, known), own)

    def subject(self, texts: list[str], heads: list[Tags], low: int, start: int, mentions: Mentions) -> Who | None:
        """The subject of an expression that begins at word `start`: the nearest before it in its sentence; None where there is none."""
        for index in range(start - 1, max(low, start - _SUBJECT_REACH) - 1, -1):
            if texts[index] in _NO_SUBJECTS:
                continue
            who = self.named_at(texts, heads, index, mentions)
            if who is not None and not (who == AUTHOR and index + 1 < start and texts[index + 1] in _MINDED):
                return who
        return None

    def named_at(self, texts: list[str], heads: list[Tags], index: int, mentions: Mentions, *, not_beside: range = _NOWHERE) -> Who | None:
        """Whom word `index` names, if anybody; a pronoun never one in `not_beside` (dad, in "dad hits him")."""
        tags = heads[index]
        if self._i in tags:
            return self._through(texts, heads, index, mentions) or AUTHOR
        if self._you in tags:
            return ADDRESSED
        mention = mentions.at(index)
        if mention is not None and _with_me(texts, mention):
            return AUTHOR
        if mention is not None:
            known = mention.other.relation != _ANIMAL and (mention.own or mention.other.minor == "yes")
            return mention.other if known else ANYBODY
        if self._singular.keys() & tags.keys():
            return self._antecedent(texts, heads, index, mentions, not_beside)
        return ANYBODY if self._anybody in tags else None

    def _through(self, texts: list[str], heads: list[Tags], index: int, mentions: Mentions) -> Who | None:
        """`my little sister`: the possessive belongs to the one it names."""
        if texts[index] not in self._i_poss:
            return None
        for ahead in range(index + 1, min(index + 4, len(texts))):
            mention = mentions.starting(ahead)
            if mentions.breaks[ahead]:  # "choke me. mum ..." is not "me mum"
                return None
            if mention is not None:
                return None if not mention.own else ANYBODY if mention.other.relation == _ANIMAL else mention.other
            if self._young not in heads[ahead] and texts[ahead] not in _BEFORE_A_RELATION:
                return None
        return None

    def _antecedent(self, texts: list[str], heads: list[Tags], index: int, mentions: Mentions, not_beside: range) -> Who:
        """Whom a pronoun means: the last one named before it whom it fits."""
        pronoun = next(name for number, name in self._singular.items() if number in heads[index])
        doers: list[Other] = []
        for mention in mentions.before(index):
            tags = heads[mention.index]
            if mention.index in not_beside and self._may_do(texts, heads, mention, not_beside):
                doers.append(mention.other)
            if mention.other in doers:
                continue
            fits = pronoun == "they" or (self._female if pronoun == "he" else self._male) not in tags
            if fits and (mention.own or mention.other.minor == "yes"):
                return mention.other if mention.other.relation != _ANIMAL else ANYBODY
        return SOMEBODY if pronoun != "they" else ANYBODY

    def _may_do(self, texts: list[str], heads: list[Tags], mention: Mention, beside: range) -> bool:
        """Whether somebody right before a verb does it: not whose coach does (`my brothers coach hits him`), nor who tells of another."""
        after = heads[mention.end] if mention.end < len(heads) else {}
        if not self._doers.isdisjoint(after):
            return False
        last = not any(heads[index].keys() & self._doers for index in range(mention.end + 1, beside.stop))
        return last or texts[mention.end] in {"and", "or"}
