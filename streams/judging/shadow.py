"""A second policy version, judged beside the live one: what it would have decided, on a topic that nobody acts on.

It has a state of its own and gets a copy of what the live one was given, after the live one is done. Whatever goes wrong in it is counted,
told to whoever watches, and goes no further.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from policy.core import Moment, Rules, Step, lapse, step
from schemas.wire import Read
from streams.heart.ports import OutputRecord
from streams.judging.desk import Desk
from streams.judging.outputs import instant

TOPIC = "shadow-decisions"
MARK = "\x01"
"""Before an owner's name where the state is the shadow's: no person's id begins so."""


def unheard(error: Exception) -> None:
    """Nobody watches: `assess`, and what replays."""
    del error


@dataclass(slots=True)
class Shadow:
    """One version, forced on every event. `faults` counts records and deadlines that it failed on; `failed` is told of each."""

    rules: Rules
    failed: Callable[[Exception], None] = unheard
    faults: int = 0

    def judge(self, parsed: Read, digest: bytes, moment: Moment, desk: Desk) -> Sequence[OutputRecord]:
        """What it would have decided about one record; nothing where it fails."""
        try:
            return self._judge(parsed, digest, moment, desk)
        except Exception as error:  # noqa: BLE001 - a fault in the shadow, or in its own state, can't touch the live version
            self._fail(error)
            return ()

    def lapse(self, owner: str, names: Iterable[str], desk: Desk) -> None:
        """Forget what is old; it tells nobody of deadlines. Where it fails on them, these parts go: they would stay due for ever."""
        try:
            done = lapse(desk.chunk.view(owner), owner.removeprefix(MARK), names, instant(desk.now), self.rules)
            desk.chunk.remember(owner, done.changes)
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(error)
            desk.chunk.remember(owner, dict.fromkeys(names))

    def _fail(self, error: Exception) -> None:
        self.faults += 1
        self.failed(error)

    def _judge(self, parsed: Read, digest: bytes, moment: Moment, desk: Desk) -> Sequence[OutputRecord]:
        owner = MARK + parsed.person_id
        done = step(desk.chunk.view(owner), parsed, digest, moment, self.rules)
        if not isinstance(done, Step):
            return ()
        decisions = Step({}, tuple(output for output in done.outputs if output.topic == "decisions"))
        written = [record._replace(topic=TOPIC) for record in desk.keep(parsed.person_id, decisions, moment.trace)]
        desk.chunk.remember(owner, done.changes)
        return written
