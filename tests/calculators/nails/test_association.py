from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calculators.nails.association import FARTHEST, associate, association_costs
from calculators.nails.nail import Nail

NAIL = Nail(np.ones((1, 1), np.float32), 0, 0, (0.0, 0.0), 0.0, 25.0, 16.0, 1, 0.9)  # a nail size is 20


def nail(x: float, y: float = 0.0, **values: object) -> Nail:
    return replace(NAIL, center=(x, y), **values)


@pytest.mark.parametrize(
    ("expected", "nails", "pairs"),
    [
        ([], [], set()),
        ([nail(0)], [], set()),
        ([], [nail(0)], set()),
        ([nail(0)], [nail(10)], {(0, 0)}),
        ([nail(0)], [nail(29)], {(0, 0)}),
        ([nail(0)], [nail(31)], set()),
        # The nearest one, wherever it stands.
        ([nail(0), nail(40)], [nail(38), nail(3)], {(0, 1), (1, 0)}),
        ([nail(0)], [nail(12), nail(3)], {(0, 1)}),
        # The finger tells, as long as it is not far off.
        ([nail(0, finger=1)], [nail(3, finger=2), nail(8, finger=1)], {(0, 1)}),
        ([nail(0, finger=1)], [nail(3, finger=2), nail(25, finger=1)], {(0, 0)}),
        ([nail(0, finger=None)], [nail(3, finger=2), nail(8, finger=1)], {(0, 0)}),
        # So do direction and size.
        ([nail(0)], [nail(3, angle=3.1), nail(8)], {(0, 1)}),
        ([nail(0)], [nail(0, length=100.0, width=64.0), nail(8)], {(0, 1)}),
        ([nail(0, angle=3.1)], [nail(3, angle=-3.1), nail(4, angle=3.1)], {(0, 0)}),
    ],
)
def test_pairs(expected, nails, pairs):
    assert set(associate(expected, nails)) == pairs


NAILS = st.builds(
    nail,
    st.floats(0, 200),
    st.floats(0, 200),
    angle=st.floats(-3.1, 3.1),
    length=st.floats(1, 60),
    width=st.floats(1, 60),
    finger=st.none() | st.integers(0, 9),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(NAILS, max_size=7), st.lists(NAILS, max_size=7), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(expected, nails, random):
    costs = association_costs(expected, nails)
    assume(len(np.unique(costs)) == costs.size)
    pairs = associate(expected, nails)
    firsts, seconds = [first for first, _ in pairs], [second for _, second in pairs]
    assert len(set(firsts)) == len(set(seconds)) == len(pairs)
    assert all(costs[pair] <= FARTHEST for pair in pairs)
    # Nobody is left who could have had a partner that is left, too.
    left = [i for i in range(len(expected)) if i not in firsts]
    alone = [i for i in range(len(nails)) if i not in seconds]
    assert all(costs[i, j] > FARTHEST for i in left for j in alone)

    order, other = list(range(len(expected))), list(range(len(nails)))
    random.shuffle(order)
    random.shuffle(other)
    shuffled = associate([expected[i] for i in order], [nails[i] for i in other])
    assert {(order[first], other[second]) for first, second in shuffled} == set(pairs)
