"""A chunk passes through Faust as it is: decoding is the judge's business, and Faust would acknowledge what it can't decode."""

from collections.abc import Awaitable, Callable
from typing import Any

from faust import Schema
from faust.types import AppT


class Whole(Schema):  # type: ignore[misc]  # faust has no types that mypy is shown
    """Hands a message's value on untouched."""

    def compile(self, app: AppT, **_: Any) -> Callable[..., Awaitable[Any]]:
        """A decoder that decodes nothing."""

        async def decode(message: Any, *, propagate: bool = False) -> Any:  # noqa: ARG001 -- faust's signature
            return app.create_event(message.key, message.value, message.headers, message)

        return decode
