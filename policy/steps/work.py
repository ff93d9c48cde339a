"""One step at work: the draft of the state, the moment, and what is to be written."""

from policy.edge import Moment, Output, Step, View
from policy.rules import Rules
from policy.state.draft import Draft, expiry
from policy.times import micros
from policy.versions.version import Version
from schemas import catalogue

_ORDER = {
    name: rank for rank, name in enumerate(("decisions", "emergency-alerts", "non-emergency-referrals", "reviews", "notices", "support"))
}


class Work:
    """What all parts of one step share. Times in microseconds."""

    def __init__(self, view: View, person_id: str, at: Moment, rules: Rules) -> None:
        self.draft = Draft(view)
        self.person_id = person_id
        self.rules = rules
        self.trace = at.trace
        self.now = micros(at.now)
        self.arrival = micros(at.arrival)
        self.merger = rules.calendar.merger
        self.due = expiry(self.arrival, rules.state_days)
        self.outputs: list[Output] = []

    def emit(self, topic: str, value: catalogue.Output, key: str | None = None) -> None:
        """Write a record, in its topic's turn."""
        self.outputs.append(Output(topic, value, key))

    def version(self, at: int) -> Version:
        """The policy version that an event of that time is judged by."""
        if self.rules.forced is not None:
            return self.rules.versions[self.rules.forced]
        return self.rules.calendar.at(at)

    def early(self, at: int) -> bool:
        """Whether an event was written before the merger, so that it doesn't count (S1)."""
        forced = self.rules.versions[self.rules.forced] if self.rules.forced is not None else None
        return at < self.merger and (forced is None or forced.in_force.since is not None)

    def done(self) -> Step:
        """The step as it leaves the core: outputs by topic, each topic in the order in which it was told."""
        if len(self.outputs) > 1:
            self.outputs.sort(key=lambda output: _ORDER[output.topic])
        return Step(self.draft.changes, tuple(self.outputs))
