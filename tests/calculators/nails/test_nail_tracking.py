import numpy as np
import pytest

from calculators.nails.nail import Nail
from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, true_nail
from tryon import GraphError

SIZE = (80, 120)
IMAGE = np.zeros((*SIZE, 3), np.uint8)


def track(frames: list[list[Nail]], options: str = "") -> list[tuple[int, list[Nail]]]:
    node = f"""node {{
      calculator: "NailTrackingCalculator"
      input_stream: "IMAGE:image" input_stream: "NAILS:raw_nails" output_stream: "NAILS:nails"
      node_options {{ [type.googleapis.com/tryon.NailTrackingCalculatorOptions] {{ {options} }} }}
    }}"""
    times = range(1000, 1000 + 33_333 * len(frames), 33_333)
    inputs = {"image": [(time, IMAGE) for time in times], "raw_nails": list(zip(times, frames, strict=True))}
    return run_node(node, inputs)["nails"]


def nail(x: float) -> Nail:
    return true_nail(Ellipse(x, 40, -1.2, 24, 16, 3), SIZE)


def test_ids_and_times():
    outputs = track([[nail(30), nail(80)], [nail(81), nail(31)], []])
    assert [time for time, _ in outputs] == [1000, 34_333, 67_666]
    assert [[found.id for found in nails] for _, nails in outputs] == [[0, 1], [1, 0], []]
    assert [found.finger for found in outputs[1][1]] == [3, 3]


def test_no_hand():
    assert track([[], []]) == [(1000, []), (34_333, [])]


@pytest.mark.parametrize(("options", "count"), [("", 0), ("appear_after: 0", 1), ("appear_after: 5", 0)])
def test_appear_after(options, count):
    assert len(track([[], [nail(30)]], options)[1][1]) == count


@pytest.mark.parametrize(("options", "counts"), [("", [1, 1, 0]), ("keep_for: 0", [0, 0, 0])])
def test_keep_for(options, counts):
    assert [len(nails) for _, nails in track([[nail(30)]] * 6 + [[]] * 3, options)[6:]] == counts


def test_without_smoothing_nails_stay_as_they_are():
    """Filters that let all pass, masks that are not mixed: what comes in, with an id."""
    frames = [[nail(30 + 2 * i)] for i in range(4)]
    outputs = track(frames, "min_cutoff: 100000 mask_smoothing: 0")
    for (_, (found,)), (given,) in zip(outputs, frames, strict=True):
        assert found.center == pytest.approx(given.center, abs=1e-2)
        assert (found.left, found.top) == pytest.approx((given.left, given.top), abs=1)
        assert found.mask.sum() == pytest.approx(given.mask.sum(), rel=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("min_cutoff: 0", "min_cutoff is 0; it must be larger than 0"),
        ("beta: -1", "beta is -1; it must be at least 0"),
        ("mask_smoothing: 1", "mask_smoothing is 1; it must be at least 0 and less than 1"),
        ("appear_after: -1", "appear_after is -1; it must be at least 0"),
        ("keep_for: -2", "keep_for is -2; it must be at least 0"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(GraphError, match=message):
        track([[]], options)
