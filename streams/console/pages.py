"""The page as an app: four views of what is held, each whole on the server, and a stream that says when to look again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
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

from streams.console import shown
from streams.console.course import Course
from streams.console.feed import Feed

HERE = Path(__file__).parent
LISTED = 100
"""Rows of a list on one page."""
OUTCOMES = ("emergency", "non_emergency", "review", "none", "out_of_scope")
TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Views:
    """What all pages show: the feed, the lag's course, and the time in seconds since the epoch."""

    feed: Feed
    course: Course
    clock: Callable[[], float]


def build(views: Views) -> Starlette:
    """The app. Every page answers with `?part=1` as the part of it that lives."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    templates.filters |= {"duration": shown.duration, "moment": shown.moment, "word": shown.word}

    def page(name: str, content: Callable[[Request], dict[str, Any] | None]) -> Route:
        async def answer(request: Request) -> Response:
            found = content(request)
            values = _common(views, name) | (found or {})
            template = templates.get_template(f"{name if found is not None else 'missing'}.html")
            return HTMLResponse(template.render(values, part="part" in request.query_params), 200 if found is not None else 404)

        paths = {"now": "/", "decision": "/decisions/{decision_id}"}
        return Route(paths.get(name, f"/{name}"), answer, name=name)

    async def events(request: Request) -> Response:
        del request
        return EventSourceResponse(_ticks(views.feed), ping=15)

    return Starlette(
        routes=[
            page("now", lambda _: {"cases": views.feed.held.urgent_first()}),
            page("lag", lambda _: {"course": views.course}),
            page("decisions", lambda request: _decisions(views.feed, request.query_params.get("outcome"))),
            page("decision", lambda request: _decision(views.feed, request.path_params["decision_id"])),
            page(
                "dead-letters", lambda _: {"letters": list(reversed(views.feed.held.letters))[:LISTED], "reasons": views.feed.held.reasons}
            ),
            Route("/events", events),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )


def _common(views: Views, name: str) -> dict[str, Any]:
    now = views.clock()
    return {
        "page": name,
        "now": datetime.fromtimestamp(now, UTC),
        "state": views.feed.state(),
        "trouble": views.feed.trouble,
        "age": None if views.feed.current_at is None else now - views.feed.current_at,
        "lag_age": None if views.course.at is None else now - views.course.at,
        "unreadable": views.feed.held.unreadable,
    }


def _decisions(feed: Feed, outcome: str | None) -> dict[str, Any]:
    """The newest, of one outcome where one is asked for that there is."""
    chosen = outcome if outcome in OUTCOMES else None
    newest = (decision for decision in reversed(feed.held.decisions.values()) if chosen in {None, decision.outcome})
    return {"decisions": list(islice(newest, LISTED)), "chosen": chosen, "outcomes": OUTCOMES}


def _decision(feed: Feed, decision_id: str) -> dict[str, Any] | None:
    decision = feed.held.decisions.get(decision_id)
    return None if decision is None else {"decision": decision}


async def _ticks(feed: Feed) -> AsyncIterator[dict[str, str]]:
    """Each second: how the feed stands, whether there is something new, and how many emergencies came since the last time."""
    announced, changed = feed.held.emergencies if feed.state() != "reading" else None, -1
    while True:
        state = feed.state()
        fresh = 0 if announced is None else feed.held.emergencies - announced
        if state != "reading":
            announced = feed.held.emergencies
        yield {"event": "tick", "data": json.dumps({"state": state, "changed": feed.changed != changed, "emergencies": fresh})}
        changed = feed.changed
        await asyncio.sleep(TICK_SECONDS)
