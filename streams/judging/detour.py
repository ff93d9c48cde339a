"""The detour: how a record that lies in another partition than its person's reaches it, and how orders of our own reach a key's home.

A detoured record keeps key, value, headers and timestamp; where it came from stands in `vigil.detour.*` headers.
"""

from dataclasses import dataclass

from streams.heart.ports import Headers, OutputRecord, SourceRecord

TOPIC = "detour"
_TOPIC, _PARTITION, _OFFSET, _ORDER = "vigil.detour.topic", "vigil.detour.partition", "vigil.detour.offset", "vigil.detour.order"
_OURS = frozenset({_TOPIC, _PARTITION, _OFFSET, _ORDER})


class NotADetourError(ValueError):
    """A record on the detour topic that no worker of ours wrote."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of our own to the owner of a key: `name` says which, the record's value what it needs."""

    name: str
    record: SourceRecord


def send(record: SourceRecord, home: int) -> OutputRecord:
    """The record as it travels to its person's partition. Headers that only we may set are taken off: no publisher gives orders."""
    return _travelling(record, home, tuple(header for header in record.headers if header[0] not in _OURS))


def order(name: str, record: SourceRecord, home: int) -> OutputRecord:
    """An order as it travels to the partition of its key; the record says what it is about and where that came from."""
    return _travelling(record, home, (*record.headers, (_ORDER, name.encode())))


def arrive(record: SourceRecord) -> SourceRecord | Order:
    """What travelled, as it was before; raises `NotADetourError` for a record that lacks its origin."""
    found = {name: value for name, value in record.headers if name in _OURS}
    try:
        origin = record._replace(
            topic=found[_TOPIC].decode(),
            partition=int(found[_PARTITION]),
            offset=int(found[_OFFSET]),
            headers=tuple(header for header in record.headers if header[0] not in _OURS),
        )
    except (KeyError, ValueError) as error:
        raise NotADetourError("a record of the detour does not say where it came from; let only workers write there") from error
    name = found.get(_ORDER)
    return origin if name is None else Order(name.decode(), origin)


def _travelling(record: SourceRecord, home: int, headers: Headers) -> OutputRecord:
    origin: Headers = (
        (_TOPIC, record.topic.encode()),
        (_PARTITION, str(record.partition).encode()),
        (_OFFSET, str(record.offset).encode()),
    )
    return OutputRecord(TOPIC, home, record.key, record.value, (*headers, *origin), record.timestamp)
