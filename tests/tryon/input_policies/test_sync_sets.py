import pytest

from tests.tryon.input_policies.calls import Call, calls_of
from tryon import GraphError

POLICY = "SyncSetInputStreamHandler"
PAIR = 'sync_set { tag_index: ":0" tag_index: ":1" }'


@pytest.mark.parametrize(
    ("options", "steps", "calls"),
    [
        ("", "a1 b1 c1", [(1, [1, 1, 1])]),
        (PAIR, "c9 a1 b1 c10", [(9, [None, None, 9]), (1, [1, 1, None]), (10, [None, None, 10])]),
        (PAIR, "a1 a2 b2", [(1, [1, None, None]), (2, [2, 2, None])]),
        (PAIR, "a1 b| c3 a2", [(1, [1, None, None]), (3, [None, None, 3]), (2, [2, None, None])]),
        (
            'sync_set { tag_index: ":0" } sync_set { tag_index: ":1" tag_index: ":2" }',
            "a5 b5 c5",
            [(5, [5, None, None]), (5, [None, 5, 5])],
        ),
    ],
    ids=["no sets: one", "the rest is a set", "synchronised inside", "an end releases its set", "two sets"],
)
def test_calls(options: str, steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps, "a b c", options) == calls


def test_settled_timestamps_are_calls_of_their_set() -> None:
    calls = calls_of(POLICY, "a2 b2 a>5 b>9 c1", "a b c", PAIR, bounds=True)
    assert calls[:3] == [(2, [2, 2, None]), (4, [None, None, None]), (1, [None, None, 1])]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ('sync_set { tag_index: "NOPE" }', '"NOPE" is not found'),
        ("sync_set {}", "names no input stream"),
        (f'{PAIR} sync_set {{ tag_index: ":1" }}', '":1" is in more than one sync set'),
    ],
)
def test_bad_options(options: str, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        calls_of(POLICY, "", "a b c", options)
