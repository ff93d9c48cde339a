"""Which of a library's log messages are its own words: those that stand as string literals in its code, and so hold nothing of a record."""

import re
import sys
from collections.abc import Iterator
from types import CodeType
from typing import Any

LIBRARIES = frozenset({"aiokafka", "asyncio", "concurrent", "confluent_kafka", "faust", "kafka", "mode", "py", "starlette", "uvicorn"})
"""Packages whose log messages are looked at; any other's are withheld."""
SERVICE = re.compile(r"^\[\^[^\]]*\]: ")
"""What mode puts before a service's message: its depth and name."""
WITHHELD = "<withheld>"


class Templates:
    """The literals of all libraries that are loaded; read (from compiled code, some milliseconds) when the first message comes."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._read: set[str] = set()

    def fill(self, message: object, args: object) -> str:
        """A library's message with numbers and the names of error types filled in and everything else withheld."""
        template = SERVICE.sub("", message) if isinstance(message, str) else ""
        if not template or not self._knows(template):
            return WITHHELD
        try:
            return template % _safe(args) if args else template
        except (TypeError, ValueError, KeyError):
            return template

    def _knows(self, template: str) -> bool:
        if template not in self._known:
            self._learn()
        return template in self._known

    def _learn(self) -> None:
        for name in set(sys.modules) - self._read:
            self._read.add(name)
            if name.partition(".")[0] in LIBRARIES:
                self._known.update(_literals(_code(name)))


def _code(name: str) -> CodeType | None:
    """A module's compiled code, where its loader has it."""
    loader: Any = getattr(getattr(sys.modules.get(name), "__spec__", None), "loader", None)
    try:
        code = loader.get_code(name) if hasattr(loader, "get_code") else None
    except (ImportError, OSError):
        return None
    return code if isinstance(code, CodeType) else None


def _literals(code: CodeType | None) -> Iterator[str]:
    for constant in code.co_consts if code else ():
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _literals(constant)


def _safe(args: object) -> Any:
    if isinstance(args, dict):
        return {name: _argument(value) for name, value in args.items()}
    return tuple(_argument(value) for value in args) if isinstance(args, tuple) else _argument(args)


def _argument(value: object) -> object:
    """Numbers say where and how often; a text may be a key, a value or a path with one in it."""
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if type(value) in {int, float, bool} else WITHHELD
