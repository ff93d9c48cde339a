"""Every page in a real browser, looked at by axe, under the very policy that its users' browsers have."""

from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from streams.console.held import Came
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare
from tests.support.browser import Browser, Page

if TYPE_CHECKING:
    from tests.streams.console.conftest import Served

PATHS = {"now": "/", "lag": "/lag", "decisions": "/decisions", "decision": "/decisions/d1", "dead letters": "/dead-letters"}
AXE = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PLACES = {Place(group, "vigil.posts", number): number for group in ("vigil", "other") for number in range(3)}


def lively(served: "Served", alert: Callable[..., Came], decision: Callable[..., Came]) -> None:
    """Several of everything: answered and not, overdue and not, another group, known and unknown."""
    far = {"respond_by": "2026-11-03T23:00:00Z"}
    outcomes = ("emergency", "non_emergency", "review", "none", "out_of_scope")
    served.desk.read(
        alert(alert_id="a2", case_id="k2", person_at_risk="sibling:s1", conversation_id=None, post_id="p1", thread_id="t1", **far),
        alert(alert_id="a3", case_id="k3", sequence=2, change="escalated", conversation_id=None, service=None),
        *(decision(decision_id=f"{outcome}-1", event_id=f"e-{outcome}", outcome=outcome) for outcome in outcomes),
    )
    first = {place: Reading(0, 0, number, 9, 1, True, 1.0) for place, number in PLACES.items()}  # noqa: FBT003 - held
    last = {place: Reading(10, 0, 3 * number, 9, 1, True, 1.0) for place, number in PLACES.items() if number < 2}  # noqa: FBT003 - held
    served.desk.take(Poll(compare(first, last), incomplete="brokers could not list their groups"))
    served.desk.take(Poll(compare(first, {}), "no broker answers"))


def check(page: Page) -> None:
    """No violation, and axe did look."""
    found = page.axe(AXE, RULES)
    page.close()
    assert found["violations"] == []
    assert found["passes"] > 20


@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing(
    name: str, served: "Served", browser: Browser, alert: Callable[..., Came], decision: Callable[..., Came]
) -> None:
    """No page breaks a rule of WCAG 2.2 AA or good practice that axe can check, nor loads anything from elsewhere."""
    lively(served, alert, decision)
    page = browser.open(served.address + PATHS[name])

    assert page.complaints() == []
    assert {address for address in page.loaded() if not address.startswith(served.address + "/")} == set()
    check(page)


def test_nothing_has_to_be_scrolled_sideways(
    served: "Served", browser: Browser, alert: Callable[..., Came], decision: Callable[..., Came]
) -> None:
    """At 320 pixels every page fits; only tables scroll, in regions of their own that a keyboard reaches."""
    lively(served, alert, decision)
    page = browser.open("about:blank", width=320)
    for name, path in PATHS.items():
        page.go(served.address + path)
        assert page.js("document.documentElement.scrollWidth <= innerWidth"), name
        wide = "[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth && one.tabIndex < 0).length"
        assert page.js(wide) == 0, name
    page.close()


STATES = {
    "still being read": (None, None, 0),
    "can't be read": (None, "no brokers", 0),
    "out of date": (-3600, None, 0),
    "not whole": (0, None, 3),
}
"""Seconds of which the page is, what troubles it, and how many records it could not read."""


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_however_it_stands(state: str, served: "Served", browser: Browser) -> None:
    """The page breaks no rule either where what it shows is not whole."""
    desk, (age, desk.feed.trouble, desk.feed.held.unreadable) = served.desk, STATES[state]
    desk.feed.current_at = None if age is None else desk.now + age
    page = browser.open(served.address + "/")

    assert state in page.text().lower()
    check(page)


def test_axe_finds_nothing_where_news_are_told(served: "Served", browser: Browser, alert: Callable[..., Came]) -> None:
    """Nor while it is paused and a new emergency was announced."""
    page = browser.open(served.address + "/decisions")
    page.js("document.getElementById('pause').click()")
    served.desk.read(alert(alert_id="a9", case_id="k9"))
    page.until("!document.getElementById('news').hidden")

    check(page)
