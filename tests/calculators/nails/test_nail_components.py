import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, network_maps
from tryon import GraphError

SIZE = (120, 160)


def find(foreground: np.ndarray, fingers: np.ndarray, options: str = "") -> tuple[np.ndarray, list, list]:
    node = f"""node {{
      calculator: "NailComponentsCalculator"
      input_stream: "FOREGROUND:foreground" input_stream: "FINGERS:fingers"
      output_stream: "LABELS:labels" output_stream: "FINGER_SCORES:shares" output_stream: "SCORES:scores"
      node_options {{ [type.googleapis.com/tryon.NailComponentsCalculatorOptions] {{ {options} }} }}
    }}"""
    outputs = run_node(node, {"foreground": [(3, foreground)], "fingers": [(3, fingers)]})
    assert [[timestamp for timestamp, _ in stream] for stream in outputs.values()] == [[3]] * 3
    labels, shares, scores = (stream[0][1] for stream in outputs.values())
    assert (labels.dtype, shares.dtype) == (np.int32, np.float32)
    assert shares.shape == (labels.max(), 10)
    assert labels.max() == len(scores)
    return labels, shares.argmax(axis=1).tolist(), scores


def test_ten_nails():
    nails = [Ellipse(20 + 30 * (i % 5), 30 + 60 * (i // 5), -1.5, finger=i) for i in range(10)]
    foreground, fingers, _ = network_maps(nails, SIZE)
    labels, ids, scores = find(foreground, fingers)
    found = [labels[round(nail.y), round(nail.x)] for nail in nails]
    assert [ids[label - 1] for label in found] == list(range(10))
    assert min(scores) > 0.9


def test_more_than_two_hands():
    """Every finger three times, and each is sure of itself."""
    nails = [Ellipse(12 + 30 * (i % 5), 12 + 18 * (i // 5), -1.5, 14, 10, i % 10) for i in range(30)]
    foreground, fingers, _ = network_maps(nails, SIZE)
    _, ids, _ = find(foreground, fingers)
    assert sorted(ids) == sorted(nail.finger for nail in nails)


def test_no_hand():
    foreground, fingers, _ = network_maps([], SIZE)
    labels, ids, scores = find(foreground, fingers)
    assert not labels.any()
    assert (ids, scores) == ([], [])


def test_a_nail_as_large_as_the_frame():
    foreground, fingers, _ = network_maps([Ellipse(80, 60, 0, 400, 300, 7)], SIZE)
    labels, ids, _ = find(foreground, fingers)
    assert (labels == 1).all()
    assert ids == [7]


def test_noise_in_the_classes_does_not_split():
    foreground, fingers, _ = network_maps([Ellipse(80, 60, 0, 40, 28, 3)], SIZE)
    generator = np.random.default_rng(0)
    swapped = generator.random(fingers.shape[:2]) < 0.4
    fingers[swapped] = np.roll(fingers[swapped], 5, axis=1)
    _, ids, _ = find(foreground, fingers)
    assert ids == [3]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("", 2),
        ("min_area: 0.01", 1),  # 192 pixels: the small one has some 63
        ("min_area: 0.05", 0),
        ("min_score: 0.99", 0),
        ("threshold: 0.999 min_score: 0", 2),
    ],
)
def test_options(options, count):
    foreground, fingers, _ = network_maps([Ellipse(40, 60), Ellipse(120, 60, 0, 10, 8)], SIZE)
    assert len(find(foreground, fingers, options)[1]) == count


def test_connectivity():
    foreground = np.zeros(SIZE, np.float32)
    foreground[20:30, 20:30] = foreground[30:40, 30:40] = 1
    fingers = np.full((30, 40, 10), 0.1, np.float32)
    fingers[..., 2] = 1
    # Squares that touch at a corner have a waist: two nails either way.
    assert len(find(foreground, fingers, "connectivity: 4")[1]) == 2
    assert len(find(foreground, fingers, "connectivity: 8")[1]) == 2
    line = np.zeros(SIZE, np.float32)
    line[range(20, 40), range(20, 40)] = 1
    assert len(find(line, fingers, "connectivity: 8 min_area: 0")[1]) == 1
    assert len(find(line, fingers, "connectivity: 4 min_area: 0")[1]) == 20


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("threshold: 0", "threshold is 0; it must lie between 0 and 1"),
        ("threshold: 1", "threshold is 1;"),
        ("connectivity: 6", "connectivity is 6; it must be 4 or 8"),
        ("min_area: 1", "min_area is 1; it must be at least 0 and less than 1"),
        ("min_area: -0.5", "min_area is -0.5"),
        ("min_score: 1.5", "min_score is 1.5; it must be in 0 to 1"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(GraphError, match=message):
        find(np.zeros(SIZE, np.float32), np.zeros((30, 40, 10), np.float32), options)
