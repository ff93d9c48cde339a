"""Faust's Kafka transport with the heart's consumer and producer. URL scheme `heart`."""

from faust.transport.drivers.aiokafka import Transport as FaustTransport

from streams.heart.consumer import Consumer
from streams.heart.producer import Producer


class Transport(FaustTransport):  # type: ignore[misc]  # faust has no types that mypy is shown
    """The driver that `faust.transports` finds by the scheme of the broker's URL."""

    Consumer = Consumer
    Producer = Producer
    driver_version = f"heart over {FaustTransport.driver_version}"
