"""Where powders go on a face: outlines on cheeks, nose, jaw and forehead."""

import numpy as np

from calculators.color.light import FloatArray
from calculators.face.dust import spot, stroke
from calculators.face.parts import CHIN, SIDES, FaceShape, Outline, Side, closed, face_outline


def _out_and_down(shape: FaceShape, side: Side) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The wing of the nose, the vector from there to the ear, and that from the eye to the mouth's corner.

    Both get shorter on the side of the face that is turned away, and what is laid out along them as well.
    """
    wing = shape.points[side.wing]
    out = shape.place((side.jaw[1], 1), (side.jaw[2], 1)) - wing
    down = shape.points[side.mouth] - shape.place((side.lower[1], 1), (side.lower[2], 1))
    return wing, out, down


def apples(shape: FaceShape, side: Side) -> Outline:
    """The round of a cheek."""
    wing, out, down = _out_and_down(shape, side)
    return spot(wing + 0.4 * out - 0.02 * down, 0.27 * out - 0.03 * down, 0.2 * down)


def lifted(shape: FaceShape, side: Side) -> Outline:
    """From the round of a cheek up to the temple."""
    wing, out, down = _out_and_down(shape, side)
    return spot(wing + 0.6 * out - 0.16 * down, 0.32 * out - 0.2 * down, 0.05 * out + 0.15 * down)


def nose_bridge(shape: FaceShape) -> Outline:
    """A band over the nose from cheek to cheek."""
    sides = [_out_and_down(shape, side) for side in SIDES]
    ends = [wing + 0.25 * out - 0.1 * down for wing, out, down in sides]
    middle = shape.place((28, 1), (29, 2))
    center = (2 * middle + ends[0] + ends[1]) / 4
    return spot(center, (ends[1] - ends[0]) / 2, 0.11 * shape.size * shape.down)


def cheekbone(shape: FaceShape, side: Side) -> Outline:
    """The upper edge of the cheekbone, where light falls."""
    wing, out, down = _out_and_down(shape, side)
    return spot(wing + 0.62 * out - 0.34 * down, 0.22 * out - 0.13 * down, 0.02 * out + 0.06 * down)


def under_cheekbone(shape: FaceShape, side: Side) -> Outline:
    """From the ear towards the corner of the mouth."""
    begin = shape.place((side.jaw[1], 2), (side.jaw[2], 3))
    end = begin + 0.55 * (shape.points[side.mouth] - begin)
    width = 0.085 * shape.size * shape.down
    return stroke(begin, end, width, 0.4 * width)


def jaw_line(shape: FaceShape) -> Outline:
    """Along the border of the jaw."""
    jaw = shape.curve(range(2, 15))
    inner = jaw + 0.13 * (shape.points[30] - jaw)
    return closed(jaw, np.asarray(inner, np.float32))


def nose_side(shape: FaceShape, side: Side) -> Outline:
    """Along the flank of the nose."""
    begin = shape.place((side.upper[-1], 3), (27, 4), (side.brow[-1], 1))
    end = shape.place((side.wing, 3), (30, 3), (28, 1))
    width = 0.16 * (shape.points[side.wing] - shape.points[33])
    return stroke(begin, end, width, width)


def hairline(shape: FaceShape) -> Outline:
    """Along the upper border of the forehead as far as it can be guessed."""
    outline = face_outline(shape)
    arc = outline[len(shape.curve(range(17))) - 1 :]
    middle = shape.points[17:27].mean(axis=0)
    return closed(arc, np.asarray(arc + 0.24 * (middle - arc), np.float32))


def nose_ridge(shape: FaceShape) -> Outline:
    """The ridge of the nose."""
    begin, end = shape.place((27, 2), (28, 1)), shape.place((30, 3), (29, 1))
    width = 0.22 * (shape.points[35] - shape.points[31]) / 2
    return stroke(begin, end, width, width)


def brow_bone(shape: FaceShape, side: Side) -> Outline:
    """Under the outer end of the brow."""
    center = 0.62 * shape.place((side.brow[1], 2), (side.brow[2], 1)) + 0.38 * shape.points[side.upper[1]]
    along = 0.3 * (shape.points[side.brow[2]] - shape.points[side.brow[0]])
    return spot(center, along, 0.035 * shape.size * shape.down)


def inner_corner(shape: FaceShape, side: Side) -> Outline:
    """Where the eyes come near the nose."""
    center = shape.place((side.upper[-1], 5), (27, 1))
    along = 0.045 * shape.size * np.array((1, 0), np.float32)
    return spot(center, along, 0.045 * shape.size * np.array((0, 1), np.float32))


def cupids_bow(shape: FaceShape) -> Outline:
    """Over the middle of the upper lip."""
    center = shape.points[51] - 0.05 * shape.size * shape.down
    return spot(center, 0.3 * (shape.points[52] - shape.points[50]), 0.03 * shape.size * shape.down)


def chin(shape: FaceShape) -> Outline:
    """The middle of the chin."""
    center = shape.place((57, 1), (CHIN, 1))
    return spot(center, 0.35 * (shape.points[55] - shape.points[59]), 0.07 * shape.size * shape.down)
