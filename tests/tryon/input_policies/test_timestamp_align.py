import pytest

from tests.tryon.input_policies.calls import Call, calls_of
from tryon import GraphError

POLICY = "TimestampAlignInputStreamHandler"


@pytest.mark.parametrize(
    ("options", "steps", "calls"),
    [
        ("", "b10 a1 b11 a2", [(1, [1, 10]), (2, [2, 11])]),
        ("", "a1 a2 b10 a3 b11", [(1, [1, None]), (2, [2, None]), (3, [3, 10]), (4, [None, 11])]),
        ('timestamp_base_tag_index: ":1"', "a1 b10 a2 b11", [(10, [1, 10]), (11, [2, 11])]),
        ("", "b10 a1 b15 a4 a6", [(1, [1, 10]), (4, [4, None]), (6, [6, 15])]),
        ("", "a1 a| b5", [(1, [1, None])]),
        ("", "b5 a|", []),
    ],
    ids=["shifted", "alone until the shift is known", "other base", "gap", "ends", "base never came"],
)
def test_calls(options: str, steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps, options=options) == calls


def test_the_base_is_one_of_the_inputs() -> None:
    with pytest.raises(GraphError, match='"NOPE" is not found'):
        calls_of(POLICY, "", options='timestamp_base_tag_index: "NOPE"')
