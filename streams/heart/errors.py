"""What ends a worker, and how it is said without a word of any record."""

import logging
import traceback
from collections.abc import Mapping
from typing import Any

from aiokafka.errors import KafkaError

logger = logging.getLogger(__name__)


class HeartError(Exception):
    """The worker can't go on without risking a loss. The message names the cause and the next step.

    HeartError
    |- JudgeFailedError        the judge raised: it should have turned the record into an output
    |- WriteFailedError        brokers did not take outputs or changelog
    |- StoreFailedError        the local store can't be read or written
    |- OvertakenError          another worker wrote to the changelog: the state is read again, the worker goes on
    |- AssignmentBrokenError   topics of one partition number came to different workers
    |- StandstillError         a chunk was handed over and never came back
    """


class JudgeFailedError(HeartError):
    """The judge raised."""


class WriteFailedError(HeartError):
    """Brokers did not take outputs or changelog."""


class StoreFailedError(HeartError):
    """The local store failed."""


class OvertakenError(HeartError):
    """Another worker wrote to the changelog since this one claimed it: nothing is wrong here, but the state must be read again."""


class AssignmentBrokenError(HeartError):
    """Topics of one partition number came to different workers."""


class StandstillError(HeartError):
    """A chunk was handed over and never came back."""


def quote_nothing(_loop: object, context: Mapping[str, Any]) -> None:
    """A loop's exception handler: asyncio's own prints arguments, and ours are records."""
    error = context.get("exception")
    what = describe(error) if isinstance(error, BaseException) else "no exception"
    logger.error("a task of the worker failed: %s", what)


def describe(error: BaseException) -> str:
    """An error's kind and place. What it says is kept only where it comes from a broker or the disk: elsewhere it may quote a record."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    said = f" ({error})" if isinstance(error, (KafkaError, OSError, HeartError)) else ""
    return f"`{type(error).__name__}`{said}{place}"
