"""The page as somebody uses it: paused, announcing, cut off, by keyboard alone, without scripts, with a login."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from streams.console.guard import Guard
from streams.console.held import Came
from tests.support.browser import Browser, Page

if TYPE_CHECKING:
    from tests.streams.console.conftest import Served

ALERT = Callable[..., Came]
SAID = """
window.said = [];
new MutationObserver(() => said.push(document.getElementById("announce").textContent)).observe(document.getElementById("announce"),
  {childList: true, characterData: true, subtree: true}); 0
"""
HIDE = "Object.defineProperty(document, 'hidden', {{value: {}, configurable: true}}); document.dispatchEvent(new Event('visibilitychange'))"
LATER = "(() => { const real = Date.now; Date.now = () => real() + 11000; })()"
TICKS = "new Promise((done) => { let left = 4; source.addEventListener('tick', () => { left -= 1; if (!left) done(true); }); })"


def another(number: int, alert: ALERT) -> Came:
    """An emergency of a case of its own."""
    return alert(alert_id=f"a{number}", case_id=f"k{number}", conversation_id=f"conversation-{number}")


def shown(page: Page) -> str:
    """What the living part shows."""
    return str(page.js("document.getElementById('live').innerText"))


def focused(page: Page) -> str:
    """What has the focus: its address, id or text."""
    found = "((one) => one.getAttribute('href') || one.id || one.getAttribute('aria-label') || one.textContent)(document.activeElement)"
    return str(page.js(found))


def test_what_is_new_comes_by_itself(served: "Served", browser: Browser, alert: ALERT) -> None:
    """A page that is left alone shows a new emergency, and what was focused stays focused."""
    page = browser.open(served.address + "/")
    page.js("document.querySelector('.case a').focus()")
    served.desk.read(another(7, alert))

    page.until("document.getElementById('live').innerText.includes('conversation-7')")
    assert focused(page) == "/decisions/d1"
    page.close()


def test_a_paused_page_does_not_move(served: "Served", browser: Browser, alert: ALERT) -> None:
    """While paused nothing on the page changes, it says since when and claims no longer to be up to date; resumed it has all."""
    page = browser.open(served.address + "/")
    page.js("document.getElementById('pause').click()")
    before = shown(page)
    served.desk.read(another(7, alert))
    page.js(TICKS)

    assert shown(page) == before
    assert "Paused. This is as of " in page.text()
    assert "Up to date" not in page.text()
    assert page.js("document.getElementById('pause').textContent") == "Resume updates"
    page.js("document.getElementById('pause').click()")
    page.until("document.getElementById('live').innerText.includes('conversation-7')")
    assert "Paused" not in page.text()
    assert "Up to date" in page.text()
    page.close()


def test_a_page_holds_still_for_whoever_selects(served: "Served", browser: Browser, alert: ALERT) -> None:
    """Selected text is not taken away, and the page says that it waits."""
    page = browser.open(served.address + "/")
    page.js("getSelection().selectAllChildren(document.querySelector('.case h3'))")
    served.desk.read(another(7, alert))

    page.until("document.body.innerText.includes('Held still while text is selected')")
    assert "conversation-7" not in shown(page)
    page.js("getSelection().removeAllRanges()")
    page.until("document.getElementById('live').innerText.includes('conversation-7')")
    page.close()


def test_a_new_emergency_is_announced_once(served: "Served", browser: Browser, alert: ALERT) -> None:
    """On any page, paused too, and in the title; by no words that tell whose it is. Those that were there are not announced."""
    page = browser.open(served.address + "/lag")
    page.js(SAID)
    page.js("document.getElementById('pause').click()")
    served.desk.read(another(7, alert))
    page.until("said.length")
    page.js(TICKS)

    (words,) = page.js("said")
    assert words.endswith(" UTC: a new emergency.")
    assert page.js("document.title") == "(1) Lag · Vigil"
    assert page.js("document.getElementById('said').textContent") == words
    assert page.js("document.getElementById('announce').getAttribute('aria-live')") == "assertive"
    page.close()


def test_what_came_while_cut_off_is_announced_once(served: "Served", browser: Browser, alert: ALERT) -> None:
    """A page without a connection says as of when it is; when the console is back it has all, and announces what came meanwhile once."""
    page = browser.open(served.address + "/")
    page.until("document.getElementById('live').innerText.includes('Up to date') && told")
    page.js(SAID)
    served.stop()
    page.js(LATER)
    page.until("document.body.innerText.includes('No connection to the console. This is as of ')")
    assert "Up to date" not in page.text()

    served.desk.read(another(7, alert), another(8, alert))
    served.start()
    page.until("document.getElementById('live').innerText.includes('conversation-8')")
    page.until("said.length")
    page.js(TICKS)
    assert [words.partition(": ")[2] for words in page.js("said")] == ["2 new emergencies."]
    assert "No connection" not in page.text()
    page.close()


def test_a_page_that_nobody_looks_at_gives_its_connection_back(served: "Served", browser: Browser, alert: ALERT) -> None:
    """Hidden, a page lets go of its stream, so that many can be open; seen again it has all and announces what came once. *Now* goes on."""
    page, now = browser.open(served.address + "/lag"), browser.open(served.address + "/")
    for one in (page, now):
        one.until("ticks > 0")
        one.js(SAID)
        one.js(HIDE.format("true"))
    assert page.js("source.readyState == EventSource.CLOSED")
    served.desk.read(another(7, alert))
    now.until("said.length")
    assert page.js("said") == []

    page.js(HIDE.format("false"))
    page.until("said.length")
    page.js(TICKS)
    assert [words.partition(": ")[2] for words in page.js("said")] == ["a new emergency."]
    page.close()
    now.close()


def test_all_can_be_done_by_keyboard(served: "Served", browser: Browser) -> None:
    """The first key leads past the navigation; what has the focus can be seen; pausing and choosing a decision need no mouse."""
    page = browser.open(served.address + "/decisions")
    page.press("Tab")
    assert focused(page) == "#live"
    order = []
    for _ in range(20):
        page.press("Tab")
        order.append(focused(page))
        assert page.js("getComputedStyle(document.activeElement).outlineStyle") != "none", order
        if order[-1] == "/decisions/d1":
            break
    assert order[:6] == ["/", "/lag", "/decisions", "/dead-letters", "pause", "/lag"]
    page.press("Enter")
    page.until("location.pathname == '/decisions/d1' && document.readyState == 'complete'")
    page.press("Tab")
    page.press("Enter")
    assert focused(page) == "live"
    page.js("document.getElementById('pause').focus()")
    page.press(" ")
    assert "Paused." in page.text()
    page.press("Enter")
    assert "Paused." not in page.text()
    page.close()


def test_nothing_moves_for_whoever_wants_no_motion(served: "Served", browser: Browser, alert: ALERT) -> None:
    """With reduced motion asked for nothing is animated, also when news come."""
    page = browser.open(served.address + "/", media={"prefers-reduced-motion": "reduce"})
    served.desk.read(another(7, alert))
    page.until("!document.getElementById('news').hidden")

    assert page.js("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.js("document.getAnimations().length") == 0
    assert page.js("[...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration != '0s').length") == 0
    assert page.js("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.close()


def test_without_scripts_all_is_there_and_said_to_stand_still(served: "Served", browser: Browser) -> None:
    """A browser without JavaScript shows the same, offers no button that does nothing, and says that it does not update."""
    page = browser.open("about:blank")
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.call("Page.navigate", url=served.address + "/")
    page.until("document.body && document.body.innerText.includes('E1 applies: a plan')")

    assert "This page does not update itself without JavaScript" in page.text()
    assert "Pause updates" not in page.text()
    page.close()


def test_whoever_has_the_login_sees_it_live(served: "Served", browser: Browser, alert: ALERT) -> None:
    """With a login in the address the page and its stream work; without one nothing is shown."""
    served.stop()
    served.desk.app = Guard(served.desk.app._app, "lead", "a long password")
    served.start()
    stranger = browser.open("about:blank")
    assert stranger.call("Page.navigate", url=served.address + "/")["errorText"] == "net::ERR_INVALID_AUTH_CREDENTIALS"
    stranger.close()

    page = browser.open(served.address.replace("//", "//lead:a%20long%20password@") + "/")
    served.desk.read(another(7, alert))
    page.until("document.getElementById('live').innerText.includes('conversation-7')")
    assert page.complaints() == []
    page.close()
