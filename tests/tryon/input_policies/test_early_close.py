import pytest

from tests.tryon.input_policies.calls import Call, calls_of

POLICY = "EarlyCloseInputStreamHandler"


@pytest.mark.parametrize(
    ("steps", "calls"),
    [
        ("a1 b1 b| a2 a3", [(1, [1, 1])]),
        ("a1 a2 b1 b2 a|", [(1, [1, 1]), (2, [2, 2])]),
        ("b5 b| a1 a6", [(1, [1, None]), (5, [None, 5])]),
        ("a| b1", []),
    ],
    ids=["ends with b", "all used", "what waits is used first", "never"],
)
def test_calls(steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps) == calls


def test_settled_timestamps_are_calls_too() -> None:
    assert calls_of(POLICY, "a2 b2 a>5 b>9 a|", bounds=True) == [(2, [2, 2]), (4, [None, None])]
