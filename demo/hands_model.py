"""What a drawn hand is: its description, its light, and the bones of its fingers.

Lengths of a hand are in widths of its back (`Hand.size` pixels). Its own axes are `along` (wrist to middle
finger) and `across` (towards the little finger), from the middle finger's knuckle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, Literal, NamedTuple

import numpy as np

from calculators.nails.nail import CLASSES, FINGERS

NailShape = Literal["round", "square", "almond", "coffin"]
NailFinish = Literal["natural", "polish", "french", "glitter"]
View = Literal["back", "palm", "fist"]


@dataclass(frozen=True)
class NailStyle:
    """How the nails of a hand look.

    Attributes:
        shape: of the free edge.
        length: of the part beyond the fingertip, 0 (short) to 1.5 (as long again as the nail, and more).
        finish: bare, one colour, bare with a tip of that colour, or that colour with glitter.
        color: "#RRGGBB" of the polish.
        gloss: of the highlights, 0 to 1.
        width: times the usual one.
        bed: length of the part on the finger, times the usual one.
        seed: of what differs from nail to nail.
    """

    shape: NailShape = "round"
    length: float = 0.05
    finish: NailFinish = "natural"
    color: str = "#B3122D"
    gloss: float = 0.6
    width: float = 1.0
    bed: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class Hand:
    """One hand in the picture.

    Attributes:
        left: whose it is; a right hand otherwise.
        x: column of the middle finger's knuckle.
        y: row of it.
        size: width of the back of the hand in pixels; a nail is about a seventh as wide.
        angle: direction from wrist to middle finger in radians, 0 right, pi / 2 down.
        spread: 0 fingers together, 1 far apart.
        bend: of thumb, index, ... little finger: 0 straight, 1 curled away from the viewer.
        thumb: 0 beside the index finger, 1 far from it.
        view: its back is seen; its palm, without nails; or its palm with the fingers folded over it, so that
            the nails point to the wrist.
        roll: the hand's turn about its own length in radians; nails move to the fingers' sides.
        tone: of the skin, 0 light to 1 dark.
        warmth: -1 cool (pink), 1 warm (yellow).
        slim: thickness of the fingers, 0.8 to 1.2.
        nails: their looks.
        sleeve: "#RRGGBB" of a sleeve round the wrist; None leaves the arm bare.
        seed: of the skin's texture.
    """

    left: bool
    x: float
    y: float
    size: float
    angle: float = -pi / 2
    spread: float = 0.4
    bend: tuple[float, float, float, float, float] = (0.1, 0.1, 0.1, 0.1, 0.1)
    thumb: float = 0.5
    view: View = "back"
    roll: float = 0.0
    tone: float = 0.25
    warmth: float = 0.0
    slim: float = 1.0
    nails: NailStyle = NailStyle()
    sleeve: str | None = None
    seed: int = 0

    def axes(self) -> np.ndarray:
        """[2, 3]: takes (along, across, 1) in hand widths to (column, row)."""
        side = -1 if self.left != (self.view != "back") else 1
        return np.array(
            [
                [self.size * cos(self.angle), -side * self.size * sin(self.angle), self.x],
                [self.size * sin(self.angle), side * self.size * cos(self.angle), self.y],
            ]
        )

    def finger_class(self, finger: int) -> int:
        """Index into `CLASSES` of finger 0 (thumb) to 4."""
        return CLASSES.index(f"{'left' if self.left else 'right'}_{FINGERS[finger]}")


@dataclass(frozen=True)
class Light:
    """Where the light comes from.

    Attributes:
        angle: direction towards the light in the picture's plane, radians, -pi / 2 above.
        height: pi / 2 straight from the viewer, 0 from the side.
        ambient: 0 hard light, 1 none but from everywhere.
        shadow: darkness of the hand's shadow on what is behind it, 0 to 1.
        distance: of the hand from what is behind it, in hand widths: moves and softens its shadow.
    """

    angle: float = -2.2
    height: float = 0.9
    ambient: float = 0.45
    shadow: float = 0.5
    distance: float = 0.12

    def vector(self) -> np.ndarray:
        """Unit vector towards the light: x right, y down, z to the viewer."""
        flat = cos(self.height)
        return np.array([flat * cos(self.angle), flat * sin(self.angle), sin(self.height)])


class Anatomy(NamedTuple):
    """The bones of a finger, in hand widths and radians."""

    knuckle: tuple[float, float]  # where it begins
    heading: float  # from the hand's axis, positive towards the little finger
    fan: float  # what spreading adds to it
    bones: tuple[float, float, float]
    radii: tuple[float, ...]  # at the beginning, the web, the first joint, between, the second joint, the tip
    flexion: tuple[float, float, float]  # of the bones when bent by 1
    nail: tuple[float, float]  # length and width
    roll: float  # of the nail about the finger, positive towards the little finger


ANATOMY: Final = (
    Anatomy(
        (-0.80, -0.20), -0.60, -0.35, (0.50, 0.36, 0.33),
        (0.20, 0.18, 0.135, 0.126, 0.126, 0.096), (0.1, 0.5, 1.0), (0.185, 0.165), -0.6,
    ),
    Anatomy(
        (-0.03, -0.26), 0.03, -0.26, (0.50, 0.29, 0.24),
        (0.130, 0.124, 0.117, 0.106, 0.100, 0.078), (0.35, 1.0, 1.15), (0.150, 0.135), -0.10,
    ),
    Anatomy(
        (0.00, 0.00), 0.00, -0.02, (0.54, 0.34, 0.25),
        (0.132, 0.126, 0.120, 0.108, 0.102, 0.081), (0.35, 1.0, 1.15), (0.158, 0.142), 0.0,
    ),
    Anatomy(
        (-0.06, 0.23), -0.04, 0.25, (0.49, 0.31, 0.24),
        (0.128, 0.120, 0.112, 0.101, 0.095, 0.075), (0.35, 1.0, 1.15), (0.148, 0.130), 0.08,
    ),
    Anatomy(
        (-0.19, 0.43), -0.07, 0.47, (0.39, 0.23, 0.21),
        (0.115, 0.105, 0.097, 0.088, 0.083, 0.066), (0.35, 1.0, 1.15), (0.122, 0.105), 0.20,
    ),
)  # fmt: skip
FOLDED: Final = ((0.0, 0.1, 0.35), (0.0, 0.2, 0.35))  # the same of a folded finger, and what bending adds
FOLDED_THUMB: Final = ((-0.4, -0.1, 0.3), (0.0, 0.0, 0.3))  # the thumb rises from the palm
ACROSS: Final = (-0.05, 0.50, 0.20)  # and its bones turn across the folded fingers
REST: Final = (-0.02, 0.03, 0.08)  # flexion of the bones of a straight finger
THUMB_LATERAL: Final = (-0.05, 0.28, 0.12)  # the thumb's bones turn back towards the fingers
SAMPLES: Final = 96


class Chain(NamedTuple):
    """The axis of a finger, as arrays along it, in the finger's own frame: x along its first bone.

    The axis ends a tip's radius before the fingertip.
    """

    base: np.ndarray  # where it begins: (along, across)
    heading: float  # of x against the hand's axis
    s: np.ndarray  # length from the beginning
    x: np.ndarray
    y: np.ndarray  # to the little finger's side
    z: np.ndarray  # to the viewer
    flexion: np.ndarray  # of the axis, away from the viewer
    lateral: np.ndarray  # of the axis, in the picture's plane
    radius: np.ndarray

    def frame(self, hand: Hand) -> np.ndarray:
        """[2, 3]: takes (x, y, 1) to (column, row)."""
        turn = np.array([[cos(self.heading), -sin(self.heading)], [sin(self.heading), cos(self.heading)]])
        local = np.concatenate([turn, self.base[:, None]], axis=1)
        return hand.axes() @ np.concatenate([local, [[0, 0, 1]]])


def root(hand: Hand, finger: int) -> tuple[np.ndarray, float]:
    """Where a finger comes out of the hand (along, across), and its angle there from the hand's axis."""
    bones = ANATOMY[finger]
    spread = hand.spread
    if finger == 0:
        spread = 0.0 if hand.view == "fist" else 2 * hand.thumb - 1
    return np.array(bones.knuckle), bones.heading + spread * bones.fan


def chain(hand: Hand, finger: int) -> Chain:
    """The axis of finger 0 (thumb) to 4."""
    bones = ANATOMY[finger]
    base, heading = root(hand, finger)
    joints = np.cumsum(bones.bones)
    radii = hand.slim * np.array(bones.radii)
    folded = hand.view == "fist"
    first, height = 0.0, 0.0
    rest, most = FOLDED if folded else (REST, bones.flexion)
    turns: tuple[float, ...] = (0, 0, 0)
    if finger == 0:
        turns = ACROSS if folded else THUMB_LATERAL
        rest, most = FOLDED_THUMB if folded else (rest, most)
        height = 0.04 if folded else -0.07 if hand.view == "back" else 0.0
    elif folded:  # what is seen begins at the first joint and comes back to the wrist
        first, height = joints[0] - 0.02, 0.16
        base = base + 0.92 * bones.bones[0] * np.array([cos(heading), sin(heading)])
        heading += pi
    s = np.linspace(first, joints[2] - radii[-1], SAMPLES)
    bend = hand.bend[finger]
    flexion = _along(s, joints, [least + bend * more for least, more in zip(rest, most, strict=True)])
    lateral = _along(s, joints, turns)
    places = [0, 0.22, joints[0], joints[0] + 0.55 * bones.bones[1], joints[1] - 0.01, s[-1]]
    step = np.diff(s, prepend=first)
    return Chain(
        base=base,
        heading=heading,
        s=s,
        x=np.cumsum(step * np.cos(flexion) * np.cos(lateral)),
        y=np.cumsum(step * np.cos(flexion) * np.sin(lateral)),
        z=height - np.cumsum(step * np.sin(flexion)),
        flexion=flexion,
        lateral=lateral,
        radius=_rounded(np.interp(s, places, radii)),
    )


def _along(s: np.ndarray, joints: np.ndarray, values: Sequence[float]) -> np.ndarray:
    """A value a bone, turning from one to the next within 0.16 about the joint."""
    result = np.full_like(s, values[0])
    for joint, before, after in zip(joints, values, values[1:], strict=False):
        part = np.clip((s - joint) / 0.16 + 0.5, 0, 1)
        result += (after - before) * part * part * (3 - 2 * part)
    return result


def _rounded(values: np.ndarray) -> np.ndarray:
    """A moving average over an eighth of the finger, the ends held."""
    width = SAMPLES // 8
    padded = np.pad(values, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid")[: len(values)]
