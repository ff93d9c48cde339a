"""The page as an app: four views of what is held, each whole on the server, and a stream that says when to look again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from policy.explaining import explanation
from policy.versions.library import shipped
from policy.versions.version import Version
from streams.console import shown, ticks
from streams.console.course import Course
from streams.console.feed import Feed
from streams.console.plot import plot
from streams.waiting import identity, urgency

HERE = Path(__file__).parent
LISTED = 100
"""Rows of a list on one page."""
OUTCOMES = ("emergency", "non_emergency", "review", "none", "out_of_scope")
FILTERS = {"duration": shown.duration, "moment": shown.moment, "clock": shown.clock, "word": shown.word, "number": shown.number}


@dataclass(slots=True)
class Views:
    """What all pages show: the feed, the lag's course so far, the time in seconds since the epoch, and the policies to explain by."""

    feed: Feed
    course: Course
    clock: Callable[[], float] = field()
    versions: Mapping[str, Version] = field(default_factory=shipped)


def build(views: Views) -> Starlette:
    """The app. Every page answers with `?part=1` as the part of it that lives."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {**FILTERS, "identity": identity, "urgency": urgency}

    def page(name: str, content: Callable[[Request], dict[str, Any] | None]) -> Route:
        async def answer(request: Request) -> Response:
            found = content(request)
            values = _common(views, name) | (found or {})
            template = templates.get_template(f"{name if found is not None else 'missing'}.html")
            return HTMLResponse(template.render(values, part="part" in request.query_params), 200 if found is not None else 404)

        paths = {"now": "/", "decision": "/decisions/{decision_id}"}
        return Route(paths.get(name, f"/{name}"), answer, name=name)

    async def events(request: Request) -> Response:
        heard = ticks.read(request.headers.get("last-event-id") or request.query_params.get("heard"))
        return EventSourceResponse(ticks.ticks(views.feed, heard), ping=15)

    return Starlette(
        routes=[
            page("now", lambda _: _now(views.feed)),
            page("lag", lambda _: _lag(views.course)),
            page("decisions", lambda request: _decisions(views.feed, request.query_params.get("outcome"))),
            page("decision", lambda request: _decision(views, request.path_params["decision_id"])),
            page("dead-letters", lambda _: _dead_letters(views.feed)),
            Route("/events", events),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )


def _common(views: Views, name: str) -> dict[str, Any]:
    now, feed, course = views.clock(), views.feed, views.course
    return {
        "page": name,
        "now": _at(now),
        "state": feed.state(),
        "trouble": feed.trouble,
        "read_at": None if feed.current_at is None else _at(feed.current_at),
        "heard": ticks.written(feed.held.marks) if feed.through else "",
        "empty": feed.held.taken == 0,
        "unreadable": feed.held.unreadable,
        "judging": course.judging(now),
        "sampled_at": None if course.at is None else _at(course.at),
        "answered_at": None if course.answered_at is None else _at(course.answered_at),
        "is_old": course.is_old(now),
    }


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _now(feed: Feed) -> dict[str, Any]:
    cases = feed.held.urgent_first()
    return {
        "waiting": [case for case in cases if case.unanswered],
        "answered": [case for case in cases if not case.unanswered],
        "explained": feed.held.explained,
        "listed": LISTED,
    }


def _lag(course: Course) -> dict[str, Any]:
    plots = {measure: plot(course.points, measure) for measure in ("seconds", "records")} if course.points else {}
    return {"course": course, "plots": plots}


def _decisions(feed: Feed, outcome: str | None) -> dict[str, Any]:
    """The newest, of one outcome where one is asked for that there is."""
    chosen = outcome if outcome in OUTCOMES else None
    newest = (decision for decision in feed.held.decisions.newest_first() if chosen in {None, decision.outcome})
    return {"decisions": list(islice(newest, LISTED)), "chosen": chosen, "outcomes": OUTCOMES}


def _decision(views: Views, decision_id: str) -> dict[str, Any] | None:
    decision = views.feed.held.decisions.get(decision_id)
    return None if decision is None else {"decision": decision, "says": list(explanation(decision, views.versions))}


def _dead_letters(feed: Feed) -> dict[str, Any]:
    return {"letters": feed.held.letters.newest_first()[:LISTED], "reasons": feed.held.reasons}
