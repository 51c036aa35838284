import pytest

from calculators.nails.votes import FingerVotes


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], None),
        ([None, None], None),
        ([None, 4], 4),
        ([2, None, None], 2),
        ([2, 3], 2),
        ([2, 2, 2, 3, 3], 2),
        ([2, 2, 3, 3, 3, 3], 3),
    ],
)
def test_finger(seen, expected):
    votes = FingerVotes()
    for finger in seen:
        votes.add(finger, 0.9)
    assert votes.finger == expected


def test_certain_nails_count_more():
    votes = FingerVotes()
    for finger, score in ((2, 0.2), (3, 0.9)):
        votes.add(finger, score)
    assert votes.finger == 3
