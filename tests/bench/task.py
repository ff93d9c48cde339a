"""What a contender is told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """`sources` and `outputs` are topics without their prefix; `folder` is for state; `judge` names one of `judges`."""

    servers: str
    group: str
    prefix: str
    partitions: int
    folder: str
    judge: str
    sources: tuple[str, ...]
    outputs: tuple[str, ...]
