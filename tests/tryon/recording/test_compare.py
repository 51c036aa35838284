"""How replayed packets are compared with recorded ones."""

import math
from typing import Any

import numpy as np
import pytest

from calculators.color.look_pb2 import Look, LookEffect
from tryon.packet import Packet
from tryon.recording.compare import StreamComparison, compare


@pytest.mark.parametrize(
    "value",
    [
        1,
        None,
        math.nan,
        [1, (2.0, {"a": np.arange(3)})],
        np.array([1, math.nan]),
        np.array(["a"]),
        Look(effects=[LookEffect(category="x")]),
    ],
)
def test_equal(value: Any) -> None:
    assert compare(value, value) is None


@pytest.mark.parametrize(
    ("value", "recorded", "what", "size"),
    [
        (1, 1.0, "int, recorded float", math.inf),
        (3, 5, "3, recorded 5", 2),
        (0.5, 0.25, "0.5, recorded 0.25", 0.25),
        (math.nan, 1.0, "nan, recorded 1.0", math.inf),
        ("a", "b" * 99, f"'a', recorded '{'b' * 59}...", math.inf),
        ([1], [1, 2], "1 items, recorded 2", math.inf),
        ([1, 2, 3], [1, 4, 9], "[1]: 2, recorded 4", 6),
        ({"a": [1]}, {"a": [2]}, "['a']: [0]: 1, recorded 2", 1),
        ({"a": 1}, {"b": 1}, "['a'], recorded ['b']", math.inf),
        (np.zeros(2), np.zeros(3), "shape [2], recorded [3]", math.inf),
        (np.zeros(2), np.zeros(2, int), "float64, recorded int64", math.inf),
        (np.uint8([1, 255]), np.uint8([3, 0]), "2 of 2 numbers differ", 255),
        (np.float32([1, math.inf]), np.float32([1, math.inf]), "", None),
        (np.array([math.inf, 1]), np.array([math.inf, 1.5]), "1 of 2 numbers differ", 0.5),
        (np.array(["a"]), np.array(["b"]), "1 items differ", math.inf),
        (Look(), Look(effects=[LookEffect(category="x")]), ', recorded effects { category: "x" }', math.inf),
    ],
)
def test_different(value: Any, recorded: Any, what: str, size: float | None) -> None:
    difference = compare(value, recorded)
    if size is None:
        assert difference is None
        return
    assert difference is not None
    assert (difference.what, difference.size) == (what, size)


@pytest.mark.parametrize(
    ("replayed", "recorded", "counts", "first"),
    [
        ([(1, 5), (2, 6)], [(1, 5), (2, 6)], (2, 0), ""),
        ([], [], (0, 0), ""),
        ([(2, 6)], [(1, 5), (2, 6)], (2, 1), "at 1: no packet, recorded one"),
        ([(1, 5)], [(1, 5), (2, 6), (3, 7)], (3, 2), "at 2: no packet, recorded one"),
        ([(1, 5), (2, 6)], [(1, 5)], (2, 1), "at 2: a packet, recorded none"),
        ([(1, 5), (3, 6)], [(1, 5), (4, 6)], (3, 2), "at 3: a packet, recorded none"),
        ([(1, 5), (2, 7), (3, 9)], [(1, 5), (2, 6), (3, 7)], (3, 2), "at 2: 7, recorded 6"),
    ],
)
def test_streams(
    replayed: list[tuple[int, int]], recorded: list[tuple[int, int]], counts: tuple[int, int], first: str
) -> None:
    comparison = StreamComparison("x", iter([Packet(value, timestamp) for timestamp, value in recorded]))
    for timestamp, value in replayed:
        comparison.note("x", Packet(value, timestamp))
    comparison.finish()
    assert (comparison.packets, comparison.different) == counts
    assert comparison.first == first
