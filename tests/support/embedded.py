"""The broker inside librdkafka, as the demo uses it."""

from streams.embedded import EmbeddedError, EmbeddedKafka

__all__ = ["EmbeddedError", "EmbeddedKafka"]
