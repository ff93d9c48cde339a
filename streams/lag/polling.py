"""Samples, one poll after another, compared two by two."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from streams.errors import BrokerError
from streams.lag.report import Row, all_well, compare
from streams.lag.sampling import Sample, Sampler


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll found. `trouble` says why the brokers could not be asked; all that was known is then shown as UNKNOWN.

    `incomplete` says why groups may be missing.
    """

    rows: list[Row]
    trouble: str | None = None
    incomplete: str | None = None

    @property
    def well(self) -> bool:
        """Whether everything was seen, there is something to see, and all of it is OK."""
        return not self.trouble and not self.incomplete and all_well(self.rows)


def poll_once(sampler: Sampler, seconds: float, wait: Callable[[float], object]) -> Poll:
    """Two samples, `seconds` apart. Raises `BrokerError` where no broker answers."""
    first = sampler.sample()
    wait(seconds)
    return Poll(compare(first, sampler.sample()), incomplete=sampler.incomplete)


def polls(sampler: Sampler, seconds: float, wait: Callable[[float], object]) -> Iterator[Poll]:
    """Polls without end. Brokers that don't answer make a poll with `trouble`; the next is compared with the last sample that was had."""
    first: Sample | None = None
    while True:
        try:
            last = sampler.sample()
        except BrokerError as error:
            yield Poll(compare(first or {}, {}), str(error))
        else:
            if first is not None:
                yield Poll(compare(first, last), incomplete=sampler.incomplete)
            first = last
        wait(seconds)
