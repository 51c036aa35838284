import pytest

from tests.tryon.input_policies.calls import Call, calls_of

POLICY = "ImmediateInputStreamHandler"


@pytest.mark.parametrize(
    ("steps", "calls"),
    [
        ("a10 b5", [(10, [10, None]), (5, [None, 5]), (6, [None, None])]),
        ("a1 b1", [(1, [1, None]), (1, [None, 1]), (2, [None, None])]),
        ("a5 b| a6", [(5, [5, None]), (6, [None, None]), (6, [6, None])]),
    ],
    ids=["out of order", "same timestamp", "a call when a stream ends"],
)
def test_calls(steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps) == calls


def test_for_the_whole_graph() -> None:
    graph = f'input_stream_handler {{ input_stream_handler: "{POLICY}" }}'
    assert calls_of("", "a10 b5", graph=graph)[:2] == [(10, [10, None]), (5, [None, 5])]


def test_settled_timestamps_are_calls_too() -> None:
    calls = [(2, [2, None]), (4, [None, None]), (1, [None, 1])]
    assert calls_of(POLICY, "a2 a>5 b1", bounds=True)[:3] == calls
