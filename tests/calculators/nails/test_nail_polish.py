import numpy as np
import pytest

from calculators.color.look_pb2 import Look, LookPalette
from calculators.nails import polish_choice
from calculators.nails.polish_coat import finger_coats
from tests.calculators.image.run import run_node
from tests.calculators.nails.ellipses import Ellipse, true_nail
from tryon import GraphError

SIZE = (50, 120)
NODE = """node {
  calculator: "NailPolishCalculator"
  input_stream: "IMAGE:image" input_stream: "NAILS:nails" input_side_packet: "LOOK:look"
  output_stream: "IMAGE:painted"
}"""
STREAM = NODE.replace('input_side_packet: "LOOK:look"', 'input_stream: "LOOK:looks"')
FRAME = np.full((*SIZE, 3), (200, 160, 150), np.uint8)
# Left index and ring, right ring, one whose finger is not known.
NAILS = [
    true_nail(Ellipse(15 + 30 * i, 25, -1.57), SIZE, finger=finger, id=i)
    for i, finger in enumerate((1, 3, 8, None))
]


def look(*effects: tuple[str, list[str]]) -> Look:
    """Matte effects, each a colour and its fingers."""
    made = Look()
    for color, fingers in effects:
        palettes = [LookPalette(color=color, texture="matte")]
        made.effects.add(category="nail_polish", palettes=palettes, fingers=fingers)
    return made


def run(chosen: Look, nails: list, image: np.ndarray = FRAME) -> np.ndarray:
    outputs = run_node(NODE, {"image": [(1, image)], "nails": [(1, nails)]}, {"look": chosen})
    ((timestamp, frame),) = outputs["painted"]
    assert timestamp == 1
    return frame


def colors(frame: np.ndarray) -> str:
    """Of each nail the strongest primary; "-" is bare."""
    middles = [frame[25, 15 + 30 * i] for i in range(4)]
    return "".join("-" if (color == FRAME[0, 0]).all() else "rgb"[color.argmax()] for color in middles)


@pytest.mark.parametrize(
    ("effects", "seen"),
    [
        ([("#FF0000", [])], "rrrr"),
        ([("#FF0000", []), ("#0000FF", ["ring"])], "rbbr"),
        ([("#FF0000", []), ("#00FF00", ["left_ring"]), ("#0000FF", ["right_ring"])], "rgbr"),
        ([("#0000FF", ["ring"]), ("#FF0000", [])], "rrrr"),
        ([("#0000FF", ["ring", "thumb"])], "-bb-"),
    ],
)
def test_fingers(effects, seen):
    assert colors(run(look(*effects), NAILS)) == seen


@pytest.mark.parametrize(
    ("effects", "nails"),
    [([("#FF0000", [])], []), ([("#FF0000", ["little"])], NAILS)],
    ids=["no nails", "no finger of the look"],
)
def test_nothing_to_paint_sends_the_same_frame(effects, nails):
    assert run(look(*effects), nails) is FRAME


def test_frames_without_nails_pass():
    inputs = {"image": [(1, FRAME), (2, FRAME)], "nails": [(2, NAILS)]}
    (first, second) = run_node(NODE, inputs, {"look": look(("#FF0000", []))})["painted"]
    assert first[1] is FRAME
    assert second[1] is not FRAME
    assert second[1].shape == FRAME.shape
    assert second[1].dtype == np.uint8


def test_the_look_changes_in_mid_run():
    times = range(1, 4)
    inputs = {"image": [(t, FRAME) for t in times], "nails": [(t, NAILS) for t in times]}
    looks = [(2, look(("#FF0000", []))), (3, look(("#0000FF", [])))]
    frames = run_node(STREAM, inputs | {"looks": looks})["painted"]
    assert [colors(frame) for _, frame in frames] == ["----", "rrrr", "bbbb"]


def test_a_look_that_comes_again_is_not_made_again(monkeypatch):
    made = []
    monkeypatch.setattr(
        polish_choice, "finger_coats", lambda effects: made.append(effects) or finger_coats(effects)
    )
    inputs = {"image": [(t, FRAME) for t in range(4)], "nails": [(t, NAILS) for t in range(4)]}
    looks = [(t, look((color, []))) for t, color in enumerate(("#FF0000", "#FF0000", "#0000FF", "#0000FF"))]
    frames = run_node(STREAM, inputs | {"looks": looks})["painted"]
    assert [colors(frame) for _, frame in frames] == ["rrrr", "rrrr", "bbbb", "bbbb"]
    assert len(made) == 2


def test_a_look_is_needed():
    with pytest.raises(GraphError, match="connect LOOK, as a side packet or as a stream"):
        run_node(NODE.replace('input_side_packet: "LOOK:look"', ""), {"image": [], "nails": []})


def test_a_look_without_nails_leaves_frames_alone():
    hair = Look()
    hair.effects.add(category="hair_color", palettes=[LookPalette(color="#102030")])
    assert run(hair, NAILS) is FRAME


def test_bad_looks():
    with pytest.raises(GraphError, match=r'effects\[0\]\.fingers\[0\] is "rin"; did you mean "ring"'):
        run(look(("#FF0000", ["rin"])), NAILS)
