"""When somebody means to end their life: expressions of time joined to the thoughts that they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from policy.reading.catalogue import Catalogue
from policy.reading.finding import Found
from policy.reading.seam import Carry
from policy.reading.standing import StandingReader, Text
from policy.reading.times import TimeReader, When

_ELLIPSIS = 14  # words of a sentence that may be no more than a time
_AFTERWARDS = 3  # sentences after a disclosure in which a bare time belongs to it
_TOPIC = frozenset({"suicide"})
_WISHES = ("hint-despair", "hint-cannot", "hint-nobody", "hint-sleep", "hint-away", "hint-means")  # no purpose that a time could belong to
_OPENING = 5  # words of a sentence that is nearly all time
_ITEMS = 6  # expressions of one sentence whose time is looked for
_INTENT_FACTS = frozenset({"thoughts", "plan"})


@dataclass(frozen=True, slots=True)
class _Scene:
    text: Text
    silent: list[bool]
    moment: datetime


class TimeframeReader:
    """Joins times to suicidal intent."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._times = TimeReader(catalogue)
        self._standing = StandingReader(catalogue)
        number = catalogue.number
        self._intent, self._musing, self._do_it, self._hedge = number("intent"), number("think_of"), number("do_it"), number("hedge")
        self._subject = number("i_subject")
        self._about_to, self._over = number("about_to"), number("was_then")

    def read(self, text: Text, silent: list[bool], found: list[Found], carry: Carry, moment: datetime) -> Iterator[Found]:
        """The timeframes that the text gives for what `found` holds, or for what was raised before."""
        told = "suicide" in carry.told or any(asked.startswith("suicide.") for asked in carry.asked)
        scene, here = _Scene(text, silent, moment), _by_sentence(text, found)
        last: int | None = -1 if told else None
        for number, (low, high) in enumerate(text.words.sentences):
            items = here.get(number, [])
            timed = list(self._with_intent(scene, items, low, high)) if items else []
            last = number if items else last
            if items and not timed and number:
                timed = list(self._said_just_before(scene, number))
            if timed:
                yield from timed
            elif (
                any(item.topic and _has_yes(item) for item in items) and self._over not in text.classes(low, high)
            ) or self._do_it in text.classes(low, high):  # a wish beside a plan or means: a time there is theirs
                yield from self._alone(scene, low, high)
            elif not items and last is not None and number - last <= _AFTERWARDS:
                yield from self._alone(scene, low, high, bare=True)

    def _said_just_before(self, scene: _Scene, number: int) -> Iterator[Found]:
        """A time that opens the sentence before a disclosure and is nearly all of it: `tonight wont be. i have a plan ...`."""
        low, high = scene.text.words.sentences[number - 1]
        whens = self._whens(scene, low, high) if high - low <= _OPENING else []
        if whens and whens[0].start == low:
            yield self._found(whens[0], topic=_TOPIC)

    def _whens(self, scene: _Scene, low: int, high: int) -> list[When]:
        text = scene.text
        whens = self._times.find(text.words.texts, text.heads, low, high, scene.moment)
        return [when for when in whens if not scene.silent[when.start] and not self._standing.denied(text, low, when.start, reach=3)]

    def _alone(self, scene: _Scene, low: int, high: int, *, bare: bool = False) -> Iterator[Found]:
        whens = self._whens(scene, low, high)
        if whens and (not bare or self._bare(scene.text, whens[0], low, high)):
            yield self._found(self._chosen(whens, low if bare else whens[0].start), topic=_TOPIC)

    def _with_intent(self, scene: _Scene, items: list[Found], low: int, high: int) -> Iterator[Found]:
        meant = [item for item in items if item.pattern and not item.pattern.startswith(_WISHES) and not item.topic and _is_intent(item)]
        whens = self._whens(scene, low, high) if meant else []
        for item in meant[:_ITEMS]:
            yield from self._of_item(scene.text, item, whens, low, high)

    def _of_item(self, text: Text, item: Found, whens: list[When], low: int, high: int) -> Iterator[Found]:
        heads, texts = text.heads, text.words.texts
        intent = any(self._intent in heads[index] for index in range(low, item.end))
        musing = any(self._musing in heads[index] for index in range(low, item.end)) or any(
            self._over in heads[index] for index in range(low, high)
        )
        if (item.end < high and texts[item.end] == "now" and not text.words.breaks[item.end]) or any(
            self._about_to in heads[index] for index in range(low, item.start + 1)
        ):
            yield Found((("suicide", "timeframe", "immediate"),), item.who, item.start, min(item.end + 1, high))
        fitting = [when for when in whens if intent or not when.exact or when.value != "immediate" or when.start == item.end]
        fitting = [when for when in fitting if not musing or when.value != "immediate" or when.start == item.end]
        if fitting:
            yield self._found(self._chosen(fitting, item.end), who=item)

    def _bare(self, text: Text, when: When, low: int, high: int) -> bool:
        """Whether a sentence is little more than a time: `maybe sunday`, `probably next week after my last shift`."""
        begun = all(self._hedge in text.heads[index] for index in range(low, when.start))
        goes_on = when.end < high and text.words.texts[when.end] == "and"
        goes_on |= (
            when.end < high
            and self._subject in text.heads[when.end]
            and not (when.end + 1 < high and self._hedge in text.heads[when.end + 1])
        )
        return high - low <= _ELLIPSIS and begun and not goes_on

    @staticmethod
    def _chosen(whens: list[When], near: int) -> When:
        return min(whens, key=lambda when: (not when.exact, when.start < near, abs(when.start - near)))

    @staticmethod
    def _found(when: When, *, who: Found | None = None, topic: frozenset[str] = frozenset()) -> Found:
        return Found((("suicide", "timeframe", when.value),), who.who if who else None, when.start, when.end, topic)


def _has_yes(item: Found) -> bool:
    return any(value == "yes" for _, _, value in item.facts)


def _is_intent(item: Found) -> bool:
    return any(kind == "suicide" and fact in _INTENT_FACTS and value == "yes" for kind, fact, value in item.facts)


def _by_sentence(text: Text, found: list[Found]) -> dict[int, list[Found]]:
    """What is said of suicide, by the number of its sentence."""
    here: dict[int, list[Found]] = {}
    for item in found:
        if any(kind == "suicide" for kind, _, _ in item.facts) and item.pattern != "answer":
            here.setdefault(text.words.sentence_of(item.start), []).append(item)
    return here
