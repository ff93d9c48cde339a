"""Asking brokers to take something for a partition, and what is said where they don't."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from streams.heart.errors import HeartError, WriteFailedError, describe

Told = TypeVar("Told")


class Asking:
    """For one partition number. `seconds`: without an acknowledgement for so long, it has failed for good."""

    def __init__(self, partition: int, seconds: float) -> None:
        self._partition, self._seconds = partition, seconds

    def enqueued(self, write: Callable[[], Awaitable[Told]], what: str) -> Awaitable[Told]:
        """Enqueue something.

        Raises:
            WriteFailedError: it was refused at once.
        """
        try:
            return write()
        except Exception as error:
            raise self._refused(what, error) from error

    async def acknowledged(self, written: Awaitable[Told], what: str) -> Told:
        """Wait for what was enqueued.

        Raises:
            WriteFailedError: it was refused, or nobody answered.
            OvertakenError: another worker writes here.
        """
        try:
            return await asyncio.wait_for(written, self._seconds)
        except TimeoutError:
            raise WriteFailedError(
                f"brokers have not acknowledged {what} of partition `{self._partition}` in `{self._seconds}` s; see to the brokers"
            ) from None
        except HeartError:
            raise
        except Exception as error:
            raise self._refused(what, error) from error

    def _refused(self, what: str, error: Exception) -> WriteFailedError:
        where = f"{what} of partition `{self._partition}`"
        return WriteFailedError(f"brokers refused {where}: {describe(error)}; see to topics, rights and brokers")
