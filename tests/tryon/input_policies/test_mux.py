import pytest

from tests.tryon.input_policies.calls import Call, calls_of
from tryon import GraphError

POLICY = "MuxInputStreamHandler"
TAGGED = "SELECT:s INPUT:0:a INPUT:1:b"


@pytest.mark.parametrize(
    ("steps", "calls"),
    [
        ("a1 s1=0", [(1, [0, 1, None])]),
        ("s1=1 a1 b1", [(1, [1, None, 1])]),
        ("s1=0 b1 a2", [(1, [0, None, None])]),
        ("a1 b1 b2 s1=0 s2=1", [(1, [0, 1, None]), (2, [1, None, 2])]),
        ("s1=1 b|", [(1, [1, None, None])]),
        ("a1 s|", []),
        ("s1=7 s2=-1", [(1, [7, None, None]), (2, [-1, None, None])]),
    ],
    ids=[
        "data first",
        "control first",
        "nothing there",
        "switch",
        "selected ends",
        "control ends",
        "no such",
    ],
)
def test_calls(steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps, TAGGED) == calls


def test_what_cannot_be_selected_any_more_fills_no_queue() -> None:
    graph = "max_queue_size: 2 report_deadlock: true"
    steps = " ".join(f"s{number}=0 a{number} b{number}" for number in range(1, 5))
    assert len(calls_of(POLICY, steps, TAGGED, graph=graph)) == 4


def test_one_stream_is_too_few() -> None:
    with pytest.raises(GraphError, match="only one input stream"):
        calls_of(POLICY, "", "a")
