import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from policy.explaining import explanation
from streams.console.held import Came
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare

if TYPE_CHECKING:
    from tests.streams.console.conftest import Desk

PATHS = ("/", "/lag", "/decisions", "/decisions/d1", "/dead-letters")
ALERT = Callable[..., Came]
PLACE = Place("vigil", "vigil.posts", 0)
WELL: dict[str, Any] = {"begin": 0, "committed": 5, "end": 5, "members": 1, "held": True}


def test_no_data_is_not_no_alerts(desk: "Desk", decision: ALERT) -> None:
    """Until something is read the page says that it doesn't know, in words and with question marks; then that nothing waits."""
    before = desk.page("/")
    desk.read()
    empty = desk.page("/")
    desk.read(decision())
    desk.sample(**WELL)
    after = desk.page("/")

    assert "No data: it is not known yet whether anything waits." in before
    assert "No data: Vigil has not written anything" in empty
    assert all('<span class="figure">?</span> emergencies' in page for page in (before, empty))
    assert "Nothing waits: everything that was written has an answer." in after
    assert '<span class="figure">0</span> emergencies' in after
    assert "Nothing waits:" not in before + empty


def test_nothing_waits_only_where_all_is_judged(desk: "Desk", decision: ALERT) -> None:
    """While workers stand still, or it is not known how they stand, no page says that all is well because nothing was written."""
    desk.read(decision())
    unknown = desk.page("/")
    desk.sample(begin=0, committed=3, end=5, members=0, held=False, oldest_at=desk.now - 300)
    stopped = desk.page("/")

    assert "Whether all that came in is judged is not known yet." in unknown
    assert "STOPPED on 1 of 1 partitions; an event waits for 5 min" in stopped
    assert all("What is not judged yet may change that." in page and "Nothing waits:" not in page for page in (unknown, stopped))


def test_what_cannot_be_read_is_neither_no_data_nor_nothing(desk: "Desk") -> None:
    """Brokers that never answered make every page say that it can't be read and why; figures are question marks."""
    desk.feed.trouble = "the brokers can't be read (KafkaConnectionError)"
    pages = {path: desk.page(path) for path in ("/", "/lag", "/decisions", "/dead-letters")}

    assert all("<strong>Can't be read.</strong> Nothing is known: the brokers can&#39;t" in page for page in pages.values())
    assert "Can't be read: whether anything waits is not known." in pages["/"]
    assert '<span class="figure">?</span> emergencies' in pages["/"]
    assert not [path for path, page in pages.items() if "No data yet" in page or "Nothing waits:" in page]


def test_a_lag_that_cannot_be_asked_says_since_when(desk: "Desk") -> None:
    """Brokers that don't answer make the lag say so with the time of the last answer; sampling that stopped makes it out of date."""
    desk.read()
    desk.sample(**WELL)
    desk.now += 30
    desk.take(Poll(compare({PLACE: Reading(at=desk.now, **WELL)}, {}), "could not list the groups: `_TRANSPORT`"))
    asked = desk.page("/lag")
    desk.now += 3600
    old = desk.page("/lag")

    assert "<strong>Can't be asked.</strong> Brokers answered last at 2026-11-03 21:06:40 UTC, 30 s ago." in asked
    assert 'class="status UNKNOWN"' in asked
    assert "now not known" in asked
    assert "Judging keeps up" not in asked + old
    assert "<strong>Out of date.</strong> This is as of 2026-11-03 21:07:10 UTC, 60 min ago: sampling has stopped." in old


def test_what_is_old_is_said_to_be(desk: "Desk") -> None:
    """A feed that stands still makes the page out of date, and "nothing waits" a thing of the past."""
    desk.read()
    desk.now += 3600
    page = desk.page("/")

    assert "<strong>Out of date.</strong> This is as of 2026-11-03 21:06:40 UTC, 60 min ago" in page
    assert "Whether something does now is not known." in page


def test_an_alert_waits_until_it_is_answered(desk: "Desk", alert: ALERT) -> None:
    """An open alert is shown with clause, reasons, deadline and where to help; one resolved is gone."""
    desk.read(alert())
    before = desk.page("/")
    answer = {
        "schema": "response/1",
        "event_id": "r1",
        "person_id": "u1",
        "alert_id": "a1",
        "responder_id": "s1",
        "state": "resolved",
        "occurred_at": "2026-11-03T17:02:00Z",
    }
    desk.read(Came("responses", b"u1", json.dumps(answer).encode(), (), 0))
    after = desk.page("/")

    assert all(words in before for words in ("Emergency", "E1 applies: a plan", "2026-11-03 17:05:01 UTC", "<code>c1</code>", "999"))
    assert "overdue by" in before
    assert "E1 applies" not in after


def test_emergencies_come_first_then_what_is_due(desk: "Desk", alert: ALERT) -> None:
    """The list is by severity, then by deadline."""
    desk.read(
        alert(alert_id="later", case_id="k1", respond_by="2026-11-03T17:09:00Z"),
        alert(alert_id="sooner", case_id="k2", respond_by="2026-11-03T17:02:00Z"),
    )

    assert re.findall(r"<code>(sooner|later)</code>", desk.page("/")) == ["sooner", "later"]


def test_a_decision_is_explained_in_full(full: "Desk") -> None:
    """Findings, why, what is missing, evidence by place, picture, age, policy, reader and the words of `vigil explain` are on its page."""
    page = full.page("/decisions/d1")
    decision = full.feed.held.decisions.get("d1")
    assert decision is not None
    says = list(explanation(decision))

    assert len(says) > 5
    assert [line for line in says if escape(line.strip()) not in page] == []

    for words in ("E1: review, incomplete", "suicide.thoughts", "suicide.means", "characters 4 to 31", "15, by stated", "merged", "b" * 12):
        assert words in page


def test_a_decision_that_is_not_kept_is_not_found(full: "Desk") -> None:
    """An unknown decision is a 404 that says where else to ask."""
    answer = full.client.get("/decisions/none")

    assert answer.status_code == 404
    assert "the topic <code>decisions</code>" in answer.text


def test_a_dead_letter_is_counted_and_its_value_shown_nowhere(full: "Desk", mark: str) -> None:
    """Reason and place are shown; what key, value and foreign headers say is on no page."""
    assert re.search(r"posts</th><td>invalid</td><td class=\"number\">1<", full.page("/dead-letters"))
    assert not [path for path in PATHS if mark in full.page(path)]


def test_what_cannot_be_read_is_told(desk: "Desk") -> None:
    """A record of an output topic that is not as it should be makes every page say that it isn't whole."""
    desk.read(Came("emergency-alerts", b"u1", b"{", (), 0), Came("decisions", b"u1", b"{", (), 0))

    assert all("<strong>Not whole.</strong> 2 records" in desk.page(path) for path in ("/", "/lag", "/decisions"))


def test_no_title_tells_of_a_person(full: "Desk") -> None:
    """Titles hold no ids: they stay in a browser's history."""
    titles = [re.findall(r"<title>(.*?)</title>", full.page(path)) for path in PATHS]

    assert titles == [["Now · Vigil"], ["Lag · Vigil"], ["Decisions · Vigil"], ["One decision · Vigil"], ["Dead letters · Vigil"]]


def test_what_is_shown_is_escaped(desk: "Desk", alert: ALERT) -> None:
    """An id that is HTML is shown, not run."""
    desk.read(alert(conversation_id="<script>x</script>"))

    assert "&lt;script&gt;x&lt;/script&gt;" in desk.page("/")


def test_the_lag_is_never_well_for_want_of_data(full: "Desk") -> None:
    """An unknown number is a question mark with the word UNKNOWN beside it."""
    page = full.page("/lag")

    assert "UNKNOWN" in page
    assert ">?</td>" in page


def test_an_alert_leads_to_its_decision(full: "Desk") -> None:
    """An open case has a link to the decision that raised it, while that is kept."""
    assert 'href="/decisions/d1"' in full.page("/")
    full.feed.held.events.clear()
    assert "/decisions/d1" not in full.page("/")


def test_decisions_can_be_chosen_by_outcome(full: "Desk") -> None:
    """The list of one outcome holds no other; a word that is no outcome is not repeated on the page."""
    assert "/decisions/d1" in full.page("/decisions?outcome=review")
    assert "/decisions/d1" not in full.page("/decisions?outcome=emergency")
    assert "zebra" not in full.page("/decisions?outcome=zebra")
