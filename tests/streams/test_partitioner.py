import pytest
from aiokafka.partitioner import murmur2 as aiokafka_murmur2
from hypothesis import given
from hypothesis import strategies as st

from streams.partitioner import home, murmur2

# What org.apache.kafka.common.utils.Utils.murmur2 of Kafka 4.3.0 gives, as Java's signed int, and toPositive(...) % 8.
JAVA = [
    (b"", 275646681, 1),
    (b"a", -1563381124, 4),
    (b"ab", 316155434, 2),
    (b"abc", 479470107, 3),
    (b"u1", 745337584, 0),
    (b"21", -973932308, 4),
    (b"foobar", -790332482, 6),
    (b"person-0123456789", -814817072, 0),
    ("é€😀".encode(), -232818566, 2),
    (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971, 5),
]


@pytest.mark.parametrize(("key", "signed", "partition"), JAVA)
def test_a_key_lives_where_javas_client_puts_it(key: bytes, signed: int, partition: int) -> None:
    """Hash and partition are those of Kafka's own client."""
    assert murmur2(key) == signed % 2**32
    assert home(key, 8) == partition


def test_bytes_that_are_no_text_hash_as_in_java() -> None:
    """Bytes are unsigned, as in Java's client."""
    assert murmur2(bytes([0xFF, 0xFE, 0x80, 0x00, 0xFF])) == -2032350070 % 2**32


@given(st.binary(max_size=200))
def test_the_hash_is_the_one_of_aiokafka(key: bytes) -> None:
    """Any key at all: the same as the independent implementation in aiokafka."""
    assert murmur2(key) == aiokafka_murmur2(key) % 2**32


@given(st.binary(max_size=40), st.integers(1, 1000))
def test_a_home_is_a_partition(key: bytes, partitions: int) -> None:
    """Every key has a home among the partitions there are."""
    assert 0 <= home(key, partitions) < partitions
