"""The pure middle of the pipeline: `(state, record, moment) -> (state, outputs)`. The worker, `assess`, `replay` and the tests call this.

A person's state is a mapping from part names to immutable parts. A step reads parts through a view and returns those that change.
"""

from collections.abc import Iterable
from datetime import datetime

from policy.edge import Moment, Output, Step, View
from policy.rules import NullReader, RespondWithin, Rules
from policy.state.codec import decode_part, encode_part
from policy.state.parts import Part
from schemas.wire import Read, Refusal

__all__ = [
    "Moment", "NullReader", "Output", "Part", "RespondWithin", "Rules", "Step", "View", "decode_part", "encode_part", "lapse", "set_aside", "step",
]


def step(view: View, record: Read, digest: bytes, moment: Moment, rules: Rules) -> Step | Refusal:
    """Judge one record of one person. A `Refusal` (`duplicate_id`) means: nothing was done; write a dead letter and `set_aside`."""
    raise NotImplementedError


def set_aside(view: View, key: str, refusal: Refusal, moment: Moment, rules: Rules, count: int | None = None) -> Step:  # noqa: PLR0913
    """Tell a supervisor of a record that could not be judged (U2). `key`: the record's own, or the name of its topic where it has none.

    `count`: one review that stands for so many more records of the topic and reason (`moment.source` then names the topic and the first
    arrival of their window in place of an offset, so that the id is that window's); it says so in its reasons and its `count`.
    """
    raise NotImplementedError


def lapse(view: View, names: Iterable[str], now: datetime, rules: Rules) -> Step:
    """Look again at parts whose time has come: what nobody answered is told again, what is old is forgotten."""
    raise NotImplementedError
