import pytest

from tests.tryon.input_policies.calls import Call, calls_of

POLICY = "FixedSizeInputStreamHandler"


@pytest.mark.parametrize(
    ("options", "steps", "calls"),
    [
        ("", "a1 a2 a3 b3", [(3, [3, 3])]),
        ("", "a1 b1 a2 b2", [(1, [1, 1]), (2, [2, 2])]),
        ("", "a1 a2 a3 b1 b2 b4", [(3, [3, None]), (4, [None, 4])]),
        ("trigger_queue_size: 3 target_queue_size: 2", "a1 a2 a3 b2 b3", [(2, [2, 2]), (3, [3, 3])]),
        ("trigger_queue_size: 3 target_queue_size: 1", "a1 a2 b1 b2", [(1, [1, 1]), (2, [2, 2])]),
        ("trigger_queue_size: 1 target_queue_size: 0", "a1 b1 a2", []),
        ("fixed_min_size: true", "a1 a2 a3 b1 b2", [(1, [1, 1]), (2, [2, 2]), (3, [3, None])]),
    ],
    ids=["newest", "in step", "older ones of others", "target 2", "below trigger", "none", "all queues"],
)
def test_calls(options: str, steps: str, calls: list[Call]) -> None:
    assert calls_of(POLICY, steps, options=options) == calls


def test_no_call_at_a_settled_timestamp_before_a_dropped_packet() -> None:
    assert calls_of(POLICY, "a1 a2 b>2 a3 b3", bounds=True) == [(3, [3, 3])]
