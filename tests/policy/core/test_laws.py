from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.core.driver import NOW, Core, assessment, message, post, profile

START = NOW - timedelta(days=40)
ANSWER = st.sampled_from(["yes", "no", "unknown"])
WHO = st.sampled_from(
    [
        None,
        {"relation": "friend"},
        {"relation": "friend", "age": 15},
        {"relation": "sibling", "minor": "yes"},
        {"relation": "x", "ref": "r"},
    ]
)


def concern(kind: str, **facts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Concerns of a kind."""
    return st.fixed_dictionaries({"kind": st.just(kind), "person_at_risk": WHO, **facts})


CONCERN = st.one_of(
    concern(
        "suicide",
        thoughts=ANSWER,
        plan=ANSWER,
        means=ANSWER,
        timeframe=st.sampled_from(["immediate", "within_30_days", "later", "none", "unknown"]),
        assurance=ANSWER,
    ),
    concern("abuse", ongoing=ANSWER, contact_with_abuser=ANSWER, position_of_trust=ANSWER, danger_to_other_young_people=ANSWER),
    concern("self_injury", recent=ANSWER, life_threatening=ANSWER),
    concern("harm_to_others", might_harm=ANSWER),
    concern("pregnancy", pregnant=ANSWER, professionals_told=ANSWER),
    concern("homelessness", homeless_or_at_risk=ANSWER),
)
HOURS = st.integers(0, 30 * 24)
EVENTS = st.lists(st.tuples(HOURS, st.booleans(), st.lists(CONCERN, max_size=2)), min_size=1, max_size=6, unique_by=lambda event: event[0])


def records(events: list[tuple[int, bool, list[dict[str, Any]]]]) -> list[tuple[str, dict[str, Any]]]:
    """Events in the order of their times."""
    made = []
    for hours, as_post, concerns in sorted(events, key=lambda event: event[0]):
        at: datetime = START + timedelta(hours=hours)
        made.append(("posts", post(f"e{hours}", at, concerns)) if as_post else ("messages", message(f"e{hours}", at, concerns)))
    return made


def shown(core: Core) -> dict[str, Any]:
    """What the last decision about each event comes to; it is written again only where that differs, whatever else the picture shows."""
    return {event: (one.outcome, one.findings) for event, one in core.last().items()}


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_arrival_does_not_matter(events: Any, chance: Any, profile_late: Any) -> None:
    """Whatever order events (and the profile) arrive in, the last decision about each is the same (S4, O5)."""
    in_order, mixed = Core(), Core()
    told = records(events)
    in_order.feed("profiles", profile())
    for topic, value in told:
        in_order.feed(topic, value)
    shuffled = list(told)
    chance.shuffle(shuffled)
    where = len(shuffled) if profile_late else 0
    shuffled.insert(where, ("profiles", profile()))
    for topic, value in shuffled:
        mixed.feed(topic, value)
    assert shown(mixed) == shown(in_order)


@settings(max_examples=150, deadline=None)
@given(EVENTS, st.integers(0, 5))
def test_a_redelivery_changes_nothing(events: Any, again: int) -> None:
    """An event that comes again, at any point, writes nothing and leaves the state as it is."""
    core = Core()
    told = records(events)
    for topic, value in told:
        core.feed(topic, value)
    before = {person: dict(parts) for person, parts in core.state.parts.items()}
    topic, value = told[again % len(told)]
    assert core.feed(topic, value) == []
    assert core.state.parts == before


@settings(max_examples=150, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_ids_are_the_same_for_the_same_and_never_shared(events: Any, chance: Any) -> None:
    """Two runs give the same ids; and no two outputs of one run share one unless they say the same."""
    told = records(events)
    chance.shuffle(told)
    runs = [Core(), Core(now=NOW + timedelta(hours=1))]
    for core in runs:
        for topic, value in told:
            core.feed(topic, value)
    ids = [[(o.topic, identity(o.value)) for o in core.outputs] for core in runs]
    assert ids[0] == ids[1]
    said: dict[tuple[str, str], Any] = {}
    for output in runs[0].outputs:
        assert said.setdefault((output.topic, identity(output.value)), output.value) == output.value


def identity(value: Any) -> str:
    """An output's id."""
    names = ("decision_id", "alert_id", "referral_id", "review_id", "notice_id", "support_id")
    return next(getattr(value, name) for name in names if hasattr(value, name))


@settings(max_examples=150, deadline=None)
@given(EVENTS, CONCERN, st.integers(0, 5), st.booleans())
def test_a_finding_counts_the_same_before_and_after_its_event(events: Any, found: Any, which: int, first: Any) -> None:
    """A trained person's finding about an event gives the same last decisions whether it comes before or after the event (O5, O6)."""
    told = records(events)
    about = told[which % len(told)][1]["event_id"]
    finding = ("assessments", assessment("a1", NOW - timedelta(hours=1), [found], about))
    late, early = Core(), Core()
    for topic, value in [*told, finding]:
        late.feed(topic, value)
    order = [finding, *told] if first else [*told[: which % len(told)], finding, *told[which % len(told) :]]
    for topic, value in order:
        early.feed(topic, value)
    assert shown(early) == shown(late)


AUTHORS = st.lists(st.tuples(st.sampled_from(["2011-05-05", "1990-01-31", None]), ANSWER), min_size=2, max_size=5)


@settings(max_examples=300, deadline=None)
@given(EVENTS, AUTHORS, st.randoms(use_true_random=False))
def test_a_decision_that_counts_anew_has_an_id_of_its_own(events: Any, authors: Any, chance: Any) -> None:
    """However often what is known of the author turns, whoever keeps ids and drops what they know ends with the last decision (O5)."""
    core, told = Core(), records(events)
    chance.shuffle(told)
    for (born, at_risk), number in zip(authors, range(len(authors)), strict=True):
        for topic, value in told[number :: len(authors)]:
            core.feed(topic, value)
        core.feed("profiles", profile(born=born, at=f"2025-01-01T00:00:0{number}Z", adult_at_risk=at_risk))
    ids = [decision.decision_id for decision in core.on("decisions")]
    assert len(set(ids)) == len(ids)
