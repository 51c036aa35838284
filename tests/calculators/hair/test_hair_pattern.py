from pathlib import Path

import numpy as np
import pytest

from calculators.color.look import load_look
from calculators.color.look_pb2 import Look, LookHighlights, LookOmbre, LookPalette, LookRoot
from tests.calculators.hair.test_strands import HAIR, strands
from tests.calculators.image.run import run_node
from tryon import GraphError

NODE = """node {
  calculator: "HairPatternCalculator"
  input_stream: "IMAGE:image" input_stream: "MASK:mask" input_side_packet: "LOOK:look"
  output_stream: "SHARE:share" output_stream: "SHADOW:shadow"
}"""
STREAM = NODE.replace('input_side_packet: "LOOK:look"', 'input_stream: "LOOK:looks"')
FRAME = strands(0.4)


def look(pattern: str = "full", **fields) -> Look:
    palettes = [LookPalette(color="#804020")] * (1 if pattern == "full" else 2)
    made = Look()
    made.effects.add(category="hair_color", pattern=pattern, palettes=palettes, **fields)
    return made


def hair(top: int, bottom: int) -> np.ndarray:
    mask = np.zeros((100, 100), np.float32)
    mask[top:bottom, 20:80] = 1
    return mask


def run(chosen: Look, masks: list[tuple[int, np.ndarray]]) -> dict[str, list[tuple[int, np.ndarray]]]:
    return run_node(NODE, {"image": [(t, FRAME) for t, _ in masks], "mask": masks}, {"look": chosen})


@pytest.mark.parametrize(
    "chosen",
    [look(), load_look(Path("graphs/looks/hair/copper.json")), look(root=LookRoot(amount=0))],
    ids=["full", "copper", "no shadow"],
)
def test_a_plain_look_has_no_pattern(chosen):
    assert run(chosen, [(1, hair(20, 60))]) == {"share": [], "shadow": []}


def height_of(values: np.ndarray, level: float) -> float:
    """The place, from 0 to 1, where a rising column passes a level."""
    column = values[:, 0]
    return float(np.interp(level, column, (np.arange(len(column)) + 0.5) / len(column)))


def test_ombre_along_the_hair():
    outputs = run(look("ombre", ombre=LookOmbre(position=75, softness=20)), [(1, hair(20, 60))])
    ((timestamp, share),) = outputs["share"]
    assert timestamp == 1
    assert height_of(share, 0.5) == pytest.approx(0.5, abs=0.01)
    assert (share.min(), share.max()) == (0, 1)
    assert outputs["shadow"] == []


def test_root_with_its_defaults():
    ((_, shadow),) = run(look(root=LookRoot()), [(1, hair(20, 60))])["shadow"]
    assert shadow.max() == 0.5
    assert 1 - height_of(1 - shadow, 1 - 0.01) == pytest.approx(1 - (0.2 + 0.35 * 0.4), abs=0.02)


def test_the_transition_is_steady():
    """A mask that loses the tips for a frame moves it hardly; hair that moves takes it along."""
    chosen = look("ombre", ombre=LookOmbre(position=50, softness=20))
    frame = 33_333
    shares = run(chosen, [(0, hair(20, 60)), (frame, hair(20, 50)), (2 * frame, hair(20, 60))])["share"]
    first, short, _ = (height_of(share, 0.5) for _, share in shares)
    assert 0 < first - short < 0.02, "plainly it would be 0.05"
    shares = run(chosen, [(0, hair(20, 60)), *[(t * frame, hair(30, 70)) for t in range(1, 16)]])["share"]
    assert height_of(shares[-1][1], 0.5) == pytest.approx(0.5, abs=0.01)
    assert height_of(shares[3][1], 0.5) > 0.45


def test_highlights():
    chosen = look("highlights", highlights=LookHighlights(amount=40), root=LookRoot(amount=30))
    outputs = run(chosen, [(1, HAIR)])
    ((_, share),), ((_, shadow),) = outputs["share"], outputs["shadow"]
    assert share.shape == (160, 160)
    assert 0.05 < share[40:120, 40:120].mean() < 0.5
    assert shadow.max() == np.float32(0.3)


def test_before_and_after_hair():
    nothing, chosen = np.zeros((100, 100), np.float32), look("ombre")
    shares = run(chosen, [(1, nothing), (2, hair(20, 60)), (3, nothing)])["share"]
    assert [timestamp for timestamp, _ in shares] == [2, 3]
    assert np.allclose(shares[0][1], shares[1][1])


def test_the_look_changes_in_mid_run():
    looks = [(1, look()), (2, look("ombre")), (3, look("highlights")), (4, look(root=LookRoot()))]
    inputs = {"image": [(t, FRAME) for t in range(1, 5)], "mask": [(t, HAIR) for t in range(1, 5)]}
    outputs = run_node(STREAM, {**inputs, "looks": looks})
    assert [(t, share.shape[1]) for t, share in outputs["share"]] == [(2, 1), (3, 160)]
    assert [t for t, _ in outputs["shadow"]] == [4]


def test_bad_look():
    with pytest.raises(GraphError, match='the pattern "ombre" needs 2'):
        bad = look("ombre")
        del bad.effects[0].palettes[1]
        run(bad, [(1, HAIR)])
