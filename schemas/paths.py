"""Where in a record a validation failed, told without a word of the record."""

from collections.abc import Iterator

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.concerns import KINDS, PersonAtRisk
from schemas.events import Assessment, Message, Post, Response
from schemas.profile import Profile

_MODELS: tuple[type[BaseModel], ...] = (Post, Message, Assessment, Response, Profile, PersonAtRisk, *KINDS.values())
# A path is made of these and of places in a list: another key's text may be anything, a person's name among it.
_KNOWN = frozenset(field.alias or name for model in _MODELS for name, field in model.model_fields.items())
# Only a concern with as many strange fields has more errors than this; listing them all would take seconds of a worker's time.
MOST_ERRORS = 200


def path_of(error: ValidationError) -> str:
    """The dotted path of the first field that failed, as `concerns.0.thoughts`; of a field that is none of ours, the path of its parent."""
    if error.error_count() > MOST_ERRORS:
        return "concerns"
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return ".".join((*_steps(first), *_last(first)))


def _steps(error: ErrorDetails) -> Iterator[str]:
    place = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    for index, step in enumerate(place):
        if isinstance(step, int):
            yield str(step)
        elif step in _KNOWN and not _is_tag(place, index):
            yield step


def _is_tag(place: tuple[int | str, ...], index: int) -> bool:
    """A concern's kind, which stands in the place of an error between its number and its field."""
    return index >= 2 and isinstance(place[index - 1], int) and place[index - 2] == "concerns"  # noqa: PLR2004 - a tag follows two steps


def _last(error: ErrorDetails) -> tuple[str, ...]:
    if error["type"].startswith("union_tag"):
        return ("kind",)
    return ("text",) if error["type"] == "text_missing" else ()
