import pytest

from tests.tryon.input_policies.calls import Call, calls_of

POLICY = "BarrierInputStreamHandler"


@pytest.mark.parametrize(
    ("steps", "calls"),
    [
        ("a1 b50 a2 b7", [(1, [1, 50]), (2, [2, 7])]),
        ("a9 a3 b5 b4", [(5, [9, 5]), (3, [3, 4])]),
        ("a1 a2 b1 b| a3", [(1, [1, 1])]),
        ("a1 a| b1", [(1, [1, 1])]),
        ("a| b1", []),
    ],
    ids=["any timestamps", "decreasing", "ends with one stream", "what waits is used", "never"],
)
def test_calls(steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps) == calls
