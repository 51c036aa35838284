import pytest

from tests.tryon.input_policies.calls import Call, calls_of
from tryon import GraphError

POLICY = "DefaultInputStreamHandler"


@pytest.mark.parametrize(
    ("steps", "calls"),
    [
        ("a1 b1", [(1, [1, 1])]),
        ("a1 a2 b2", [(1, [1, None]), (2, [2, 2])]),
        ("a1 b| a2", [(1, [1, None]), (2, [2, None])]),
        ("a| b|", []),
    ],
)
def test_calls(steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps) == calls


def test_settled_timestamps_are_calls_too() -> None:
    calls = [(2, [2, 2]), (4, [None, None]), (6, [6, None])]
    assert calls_of(POLICY, "a2 b2 a>5 b>9 a6", bounds=True)[:3] == calls


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_batch_hands_over_every_set(count: int) -> None:
    steps = " ".join(f"a{number}" for number in range(1, count + 1))
    calls = [(number, [number]) for number in range(1, count + 1)]
    assert calls_of(POLICY, steps, "a", "batch_size: 2") == calls


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_has_at_least_one_set(size: int) -> None:
    with pytest.raises(GraphError, match="greater than or equal to 1"):
        calls_of(POLICY, "", options=f"batch_size: {size}")
