"""Which partition a person's records belong to: as Kafka's Java client chooses it, murmur2 over the key's bytes.

Publishers on librdkafka choose otherwise unless told `partitioner=murmur2_random`; what they put elsewhere takes the detour.
"""

from functools import lru_cache
from struct import iter_unpack

SEED = 0x9747B28C
MIX = 0x5BD1E995
WORD = 0xFFFFFFFF
POSITIVE = 0x7FFFFFFF


@lru_cache(maxsize=65_536)
def home(key: bytes, partitions: int) -> int:
    """The partition of a key on a topic of `partitions`."""
    return (murmur2(key) & POSITIVE) % partitions


def murmur2(data: bytes) -> int:
    """Kafka's 32-bit MurmurHash2, unsigned."""
    digest = SEED ^ len(data)
    whole = len(data) & ~3
    for (word,) in iter_unpack("<I", data[:whole]):
        mixed = word * MIX & WORD
        digest = (digest * MIX & WORD) ^ ((mixed ^ mixed >> 24) * MIX & WORD)
    if rest := data[whole:]:
        digest = (digest ^ int.from_bytes(rest, "little")) * MIX & WORD
    digest = (digest ^ digest >> 13) * MIX & WORD
    return digest ^ digest >> 15
