from dataclasses import dataclass, field, replace
from datetime import timedelta

from policy.reading.seam import Carry, Context, Place, ReadConcern, Reading
from tests.policy.core.driver import NOW, RULES, Core, message, post, profile

SOON = timedelta(minutes=10)


@dataclass
class Scripted:
    """A reader that knows a few texts by heart, and remembers what it was asked."""

    texts: dict[str, Reading]
    version: str = "scripted"
    sha256: str = "0" * 64
    asked: list[Context] = field(default_factory=list)

    def read(self, text: str, context: Context) -> Reading:
        """The reading of a sentence that the text holds; of several, all their concerns."""
        self.asked.append(context)
        found = [reading for known, reading in self.texts.items() if known in text]
        concerns = tuple(
            _moved(concern, text, known) for known, reading in self.texts.items() if known in text for concern in reading.concerns
        )
        return replace(found[0], concerns=concerns) if found else Reading()


def _moved(concern: ReadConcern, text: str, known: str) -> ReadConcern:
    start = text.index(known)
    return replace(concern, places=tuple(Place(place.fact, start, start + len(known)) for place in concern.places))


def told(kind: str, **facts: str) -> Reading:
    """A reading of one concern, each fact with a place."""
    return Reading(concerns=(ReadConcern(kind, facts, places=tuple(Place(f"{kind}.{fact}", 0, 1) for fact in facts)),))


def reading_core(**texts: Reading) -> tuple[Core, Scripted]:
    """A run with a scripted reader and an adult."""
    reader = Scripted({text.replace("_", " "): reading for text, reading in texts.items()})
    core = Core(replace(RULES, reader=reader))
    core.feed("profiles", profile(born="1990-01-01"))
    return core, reader


def test_a_fact_read_has_its_place() -> None:
    """Evidence by text has code points of that event's text; of a publisher's it has none."""
    core, _ = reading_core(took_too_many=told("overdose", taken="yes"))
    core.feed("messages", message("e1", NOW, text="Yes: I have took too many"))
    (evidence,) = core.last()["e1"].findings[0].evidence
    assert (evidence.by, evidence.fact, evidence.start, evidence.end) == ("text", "overdose.taken", 12, 25)


def test_a_publishers_word_stands_before_ours() -> None:
    """On a fact of one event the publisher wins over our reading; what it leaves unknown, our reading says (the contract)."""
    core, _ = reading_core(hurt=told("self_injury", recent="yes", life_threatening="yes"))
    core.feed("messages", message("e1", NOW, [{"kind": "self_injury", "life_threatening": "no"}], text="hurt"))
    assert core.last()["e1"].outcome == "none"
    assert core.last()["e1"].picture[0].facts == {"recent": "yes", "life_threatening": "no"}


def test_a_disclosure_taken_back_in_other_words_stays_and_is_looked_at() -> None:
    """Saying that one made it up is not a no: E5 stays, and a review is opened (A1); without anything raised it is nothing."""
    core, _ = reading_core(made_it_up=Reading(retracts=frozenset({"harm_to_others"})))
    core.feed("messages", message("e0", NOW - SOON, text="made it up"))
    assert core.last()["e0"].findings == ()
    core.feed("messages", message("e1", NOW - SOON / 2, [{"kind": "harm_to_others", "might_harm": "yes"}]))
    core.feed("messages", message("e2", NOW, text="I made it up"))
    assert {finding.clause: finding.outcome for finding in core.last()["e2"].findings} == {"E5": "emergency", "A1": "review"}
    assert core.on("reviews")[-1].clauses == ("A1",)


def test_sentences_of_the_earlier_version_are_no_news() -> None:
    """What an edit leaves standing was said before; a sentence that it adds is news of what it says (S3)."""
    core, _ = reading_core(took_pills=told("overdose", taken="yes"), cut_deep=told("self_injury", recent="yes", life_threatening="yes"))
    before = NOW.replace(year=2024, month=10, day=1)
    core.feed("posts", post("e1", before, text="Last night I took pills. Sorry.", post_id="p1"))
    core.feed(
        "posts",
        post("e2", NOW - SOON, text="Last night  I TOOK nothing? last night i took pills. Edited: hello.", post_id="p1", kind="edited"),
    )
    assert core.last()["e2"].findings == ()
    core.feed("posts", post("e3", NOW, text="Last night I took pills. Now I cut deep.", post_id="p1", kind="edited"))
    assert [finding.clause for finding in core.last()["e3"].findings] == ["E2"]


def test_the_same_told_in_a_new_sentence_is_told_anew() -> None:
    """An edit that says an old thing in new words is a new disclosure of it (S3)."""
    core, _ = reading_core(took_pills=told("overdose", taken="yes"))
    core.feed("posts", post("e1", NOW.replace(year=2024, month=10, day=1), text="I took pills.", post_id="p1"))
    core.feed("posts", post("e2", NOW, text="I took pills. Tonight again I took pills.", post_id="p1", kind="edited"))
    assert core.last()["e2"].outcome == "none", "the scripted reader points at the first place alone"
    core.feed("posts", post("e3", NOW + timedelta(seconds=1), text="Tonight again I took pills.", post_id="p1", kind="edited"))
    assert core.last()["e3"].outcome == "emergency"


def test_what_was_asked_goes_to_the_next_turn_of_its_conversation_alone() -> None:
    """A volunteer's question is remembered as the facts it asked for, and handed to the reading of the answer."""
    core, reader = reading_core(have_any=Reading(carry=Carry(("suicide.means",))))
    core.feed("messages", message("e1", NOW - SOON, sender="volunteer", text="do you have any"))
    core.feed("messages", message("e2", NOW, text="yes"))
    core.feed("messages", message("e3", NOW, text="yes", conversation_id="c2"))
    assert [context.carry.asked for context in reader.asked] == [(), ("suicide.means",), ()]
    assert [context.sender for context in reader.asked] == ["volunteer", "texter", "texter"]


def test_a_question_that_was_asked_later_does_not_read_an_earlier_answer() -> None:
    """A turn that arrives late is read without what was asked after it (S4)."""
    core, reader = reading_core(have_any=Reading(carry=Carry(("suicide.means",))))
    core.feed("messages", message("e2", NOW, sender="volunteer", text="do you have any"))
    core.feed("messages", message("e1", NOW - SOON, text="yes"))
    assert reader.asked[-1].carry == Carry()
