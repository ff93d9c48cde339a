import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.tracing import carried, parent, parse

VALID = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
MARKER = b"MARKER-of-a-person-7c1f"


def test_a_valid_header_is_carried_as_it_is() -> None:
    """Byte for byte, with its fields to hand."""
    found = parse(VALID)
    assert found is not None
    assert (found.text.encode(), found.sampled) == (VALID, True)
    assert (f"{found.trace_id:032x}", f"{found.span_id:016x}") == ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")


@pytest.mark.parametrize("flags", [b"00", b"02", b"fe"])
def test_only_the_sampled_flag_samples(flags: bytes) -> None:
    """Other flags are carried and mean nothing here."""
    found = parse(VALID[:-2] + flags)
    assert found is not None
    assert not found.sampled


@pytest.mark.parametrize(
    "value",
    [
        b"",
        MARKER,
        VALID[:-1],
        VALID + b"0",
        VALID + b"-" + MARKER,
        VALID + b"\n",
        VALID.upper(),
        b"ff" + VALID[2:],
        b"00-" + b"0" * 32 + VALID[35:],
        VALID[:36] + b"0" * 16 + VALID[52:],
        "00-4bf92f3577b34da6a3ce929d0e0e473٣-00f067aa0ba902b7-01".encode(),
    ],
)
def test_what_is_no_trace_is_dropped(value: bytes) -> None:
    """What the W3C calls invalid could hold anything, and would stand in an alert."""
    assert parse(value) is None


def test_a_later_version_carries_what_is_known_of_it() -> None:
    """Fields that a later version may add are not carried: nobody knows what they hold."""
    later = b"01" + VALID[2:]
    found = parse(later + b"-" + MARKER)
    assert found is not None
    assert found.text.encode() == later


def test_the_last_header_counts() -> None:
    """Where a record has several, and other headers beside."""
    other = b"00-" + b"1" * 32 + b"-" + b"2" * 16 + b"-00"
    assert carried((("traceparent", other), ("a", MARKER), ("traceparent", VALID))) == VALID.decode()
    assert carried((("a", MARKER),)) is None
    assert parent((("traceparent", VALID), ("traceparent", MARKER))) is None


@given(st.binary(max_size=80))
def test_whatever_comes_out_is_of_the_form(value: bytes) -> None:
    """Nothing but 55 characters of hexadecimal digits and dashes is ever carried."""
    found = parse(value)
    assert found is None or (len(found.text) == 55 and set(found.text) <= set("0123456789abcdef-"))
