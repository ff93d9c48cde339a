import re

import pytest
from confluent_kafka import KafkaError

from streams.refusals import Complaints

TOPIC = "vigil.responses"


@pytest.mark.parametrize(
    ("code", "complaints", "says"),
    [
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, (), r"may not read `vigil.responses`: log in as .* deploy/acls.sh"),
        (KafkaError.CLUSTER_AUTHORIZATION_FAILED, (), r"may not read `vigil.responses`"),
        (KafkaError._PURGE_QUEUE, (KafkaError.TOPIC_AUTHORIZATION_FAILED,), r"may not read `vigil.responses`"),
        (KafkaError.UNKNOWN_TOPIC_OR_PART, (), r"there is no topic `vigil.responses`, .* run `vigil topics plan`"),
        (KafkaError._TRANSPORT, (KafkaError._AUTHENTICATION,), r"refuse the login: check `VIGIL_SASL_USERNAME`"),
        (KafkaError._TIMED_OUT, (KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT), r"no connection: check that Kafka runs"),
        (KafkaError.NOT_COORDINATOR, (), r"`vigil.responses` gave `NOT_COORDINATOR`: look at the brokers"),
    ],
)
def test_each_refusal_says_what_to_do(code: int, complaints: tuple[int, ...], says: str) -> None:
    """A missing right, topic, login or broker are told apart, also where only the client's complaints tell why; never in Kafka's words."""
    heard = Complaints()
    for each in complaints:
        heard(KafkaError(each, "SECRET"))
    told = heard.why(KafkaError(code, "SECRET"), TOPIC, "read")
    assert re.search(says, told), told
    assert "SECRET" not in told


def test_what_was_complained_of_before_is_forgotten() -> None:
    """A login that was refused and then accepted explains nothing."""
    heard = Complaints()
    heard(KafkaError(KafkaError._AUTHENTICATION))
    heard.forget()
    assert "login" not in heard.why(KafkaError(KafkaError._TIMED_OUT), TOPIC, "read")
