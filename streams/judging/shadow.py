"""A second policy version, judged beside the live one: what it would have decided, on a topic that nobody acts on.

It has a state of its own and gets a copy of what the live one was given, after the live one is done. Whatever goes wrong in it is counted
and goes no further.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from policy.core import Moment, Rules, Step, lapse, step
from schemas.wire import Read, Refusal
from streams.heart.ports import OutputRecord
from streams.judging.desk import Desk
from streams.judging.memory import StateUnavailableError
from streams.judging.outputs import instant

TOPIC = "shadow-decisions"
MARK = "\x01"
"""Before an owner's name where the state is the shadow's: no person's id begins so."""


@dataclass(slots=True)
class Shadow:
    """One version, forced on every event. `faults` counts records that it failed on."""

    rules: Rules
    faults: int = 0

    def judge(self, parsed: Read, digest: bytes, moment: Moment, desk: Desk) -> Iterator[OutputRecord]:
        """What it would have decided about one record."""
        owner = MARK + parsed.person_id
        done = self._safely(lambda: step(desk.chunk.view(owner), parsed, digest, moment, self.rules), owner, desk)
        yield from [] if done is None else self._shown(done, parsed.person_id, moment, desk)

    def lapse(self, owner: str, names: Iterable[str], desk: Desk) -> None:
        """Forget what is old; it tells nobody of deadlines."""
        self._safely(lambda: lapse(desk.chunk.view(owner), owner.removeprefix(MARK), names, instant(desk.now), self.rules), owner, desk)

    def _safely(self, judge: Callable[[], Step | Refusal], owner: str, desk: Desk) -> Step | None:
        try:
            done = judge()
            if not isinstance(done, Step):
                return None
            desk.chunk.remember(owner, done.changes)
        except (StateUnavailableError, MemoryError):
            raise
        except Exception:  # noqa: BLE001 - a fault in the shadow can't touch the live version
            self.faults += 1
            return None
        return done

    def _shown(self, done: Step, person: str, moment: Moment, desk: Desk) -> list[OutputRecord]:
        decisions = Step({}, tuple(output for output in done.outputs if output.topic == "decisions"))
        return [record._replace(topic=TOPIC) for record in desk.keep(person, decisions, moment.trace)]
