"""Packets and their types."""

import numpy as np
import pytest

from tryon.errors import GraphError
from tryon.packet import Packet, check_type, empty_packet
from tryon.timestamp import Timestamp


def test_at_keeps_the_value() -> None:
    value = np.zeros(3)
    packet = Packet(value).at(5)
    assert packet.value is value
    assert packet.timestamp == 5


def test_empty() -> None:
    assert empty_packet(3).is_empty
    assert not Packet(None, 3).is_empty
    assert Packet(1).timestamp == Timestamp.UNSET


@pytest.mark.parametrize(
    ("value", "allowed"), [(1, (int,)), (True, (bool,)), (1.0, (float, int)), ("x", ()), (None, ())]
)
def test_type_fits(value: object, allowed: tuple[type, ...]) -> None:
    check_type(value, allowed)


@pytest.mark.parametrize(
    ("value", "allowed", "message"),
    [
        (1, (float,), 'The Packet stores "int", but "float" was requested.'),
        (True, (int,), 'The Packet stores "bool", but "int" was requested.'),
        (
            "x",
            (np.ndarray, float),
            'The Packet stores "string", but one of "ndarray", "float" was requested.',
        ),
    ],
)
def test_type_does_not_fit(value: object, allowed: tuple[type, ...], message: str) -> None:
    with pytest.raises(GraphError) as error:
        check_type(value, allowed)
    assert str(error.value) == message
