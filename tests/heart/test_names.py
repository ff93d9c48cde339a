import pytest
from aiokafka.record.memory_records import MemoryRecords

from streams.heart.names import Records
from streams.heart.ports import Headers
from tests.support.misnamed import Misnamed, batch

ZSTD, PLAIN = 4, 0
ENTRIES: list[tuple[bytes | None, bytes | None, Headers]] = [
    (b"u1", b"\xff\x00", (("ok", b"1"), ("ok", b"2"))),
    (None, b"words", ((Misnamed("x"), b"\xfe"),)),
    (b"u2", None, ()),
]


def read(kind: type, data: bytes) -> list[tuple[int, bytes | None, bytes | None, list[tuple[str, bytes | None]]]]:
    """All records of a fetch, as a parser of this kind gives them."""
    records, found = kind(data), []
    while records.has_next():
        taken = records.next_batch()
        assert taken.validate_crc()
        assert not taken.is_control_batch
        found += [(one.offset, one.key, one.value, list(one.headers)) for one in taken]
        assert taken.next_offset == found[-1][0] + 1
    return found


@pytest.mark.parametrize("codec", [PLAIN, ZSTD])
def test_a_record_with_a_misnamed_header_is_read_like_any_other(codec: int) -> None:
    """Keys, values, and all that the client can read are as they were; a name that is no UTF-8 is written out."""
    data = batch(ENTRIES, codec)
    with pytest.raises(UnicodeDecodeError):
        read(MemoryRecords, data)
    assert read(Records, data) == [
        (0, b"u1", b"\xff\x00", [("ok", b"1"), ("ok", b"2")]),
        (1, None, b"words", [("\\xff\\xfe", b"\xfe")]),
        (2, b"u2", None, []),
    ]


def test_other_records_are_read_by_the_client_itself() -> None:
    """A fetch without such a name gives what the client gives."""
    data = batch([ENTRIES[0], ENTRIES[2]], ZSTD)
    assert read(Records, data * 2) == read(MemoryRecords, data * 2)
