"""Fingers, the back of the hand and the arm as pieces: height and skin on a grid of their own.

A piece's grid is float32 [height, width, 4]: height to the viewer in hand widths, shade and redness of the
skin (see `demo.hands_skin`), and how much of the pixel it covers.
"""

from math import ceil, cos, sin
from typing import NamedTuple

import cv2
import numpy as np

from demo.hands_model import Chain, Hand, chain, root
from demo.hands_skin import (
    DENSITY,
    FINGER_ROWS,
    PALM_BEGIN,
    PALM_DENSITY,
    PALM_END,
    PALM_LEFT,
    PALM_RIGHT,
    finger_texture,
    palm_texture,
)

DEEP = -0.5  # height of what is not there
MOST_DENSE = 280  # pixels a hand width that a finger is computed at; larger ones are stretched
TIP_POWER = 2.3  # 2 is a round fingertip, more is a blunt one
PULP = 1.2  # what is beyond the end of the bone's axis, in radii
SLEEVE = -1.35  # where the sleeve ends, along the arm


class Piece(NamedTuple):
    """A part of a hand, and where it is."""

    grid: np.ndarray
    frame: np.ndarray  # [2, 3]: takes (column, row, 1) of the grid to (column, row) of the picture
    extent: np.ndarray  # [n, 2], places of the picture between which all of it lies


def finger_piece(hand: Hand, finger: int, axis: Chain) -> Piece:
    """Finger 0 (thumb) to 4, from its knuckle on."""
    density = min(hand.size, MOST_DENSE)
    tip = axis.radius[-1]
    folded = hand.view == "fist" and finger > 0
    left, right = -axis.radius[0] - 0.02, axis.x[-1] + PULP * tip + 0.02
    margin = axis.radius.max() + 0.02
    top, bottom = axis.y.min() - margin, axis.y.max() + margin
    width, height = ceil((right - left) * density), ceil((bottom - top) * density)
    x = (left + (np.arange(width, dtype=np.float32) + 0.5) / density).astype(np.float32)
    y = (top + (np.arange(height, dtype=np.float32)[:, None] + 0.5) / density).astype(np.float32)

    end = axis.x[-1]
    slope = np.tan(axis.lateral)
    middle = np.interp(x, axis.x, axis.y) + slope[-1] * np.maximum(0, x - end)
    radius = np.interp(x, axis.x, axis.radius)
    beyond = np.clip((x - end) / (PULP * tip), 0, 1)
    cap = (1 - beyond**TIP_POWER) ** (1 / TIP_POWER)
    if folded:
        cap *= np.sqrt(1 - np.clip(-x / axis.radius[0], 0, 1) ** 2)
    straight = np.cos(np.interp(x, axis.x, axis.lateral))

    offset = ((y - middle.astype(np.float32)) * straight.astype(np.float32)).astype(np.float32)
    across = offset * (1 / radius).astype(np.float32)
    narrow = (radius * cap).astype(np.float32)
    arch = np.sqrt(np.maximum(0, 1 - across * across))
    tip_arch = np.sqrt(np.maximum(0, narrow * narrow - offset * offset))

    # A bent finger shows at (x, y) what lies further back on its axis: the surface leans towards the tip.
    lean = (radius * np.sin(np.interp(x, axis.x, axis.flexion)) * density).astype(np.float32)
    source = np.arange(width, dtype=np.float32) - arch * lean
    table = np.stack(
        [
            np.interp(x, axis.x, axis.z) - 3 * np.maximum(0, x - end),
            np.interp(x, axis.x, np.cos(axis.flexion)) * radius,
            np.interp(x, axis.x, axis.s) + np.maximum(0, x - end),
        ],
        -1,
    )[None].astype(np.float32)
    rows = np.zeros_like(source)
    found = cv2.remap(table, source, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    relief = cv2.remap(
        finger_texture(hand.seed, finger, hand.view == "palm"),
        found[..., 2] * DENSITY - 0.5,
        (across + 1) * ((FINGER_ROWS - 1) / 2),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    outside = np.maximum(0, np.abs(offset) - narrow)
    surface = np.maximum(found[..., 0] + found[..., 1] * arch, axis.z[-1].astype(np.float32) + tip_arch)
    emerging = np.clip((x - 0.02) / (0.45 if finger == 0 else 0.20), 0, 1)  # out of the back of the hand
    emerging = np.maximum(emerging * emerging * (3 - 2 * emerging), folded) * (x < end + PULP * tip)
    if finger == 0:  # its root goes over into the back of the hand, on that side too
        rooted = np.clip((0.52 - x) / 0.25, 0, 1)
        emerging = emerging * (1 - rooted * np.clip(across + 0.3, 0, 1))
    grid = np.empty((height, width, 4), np.float32)
    grid[..., 0] = surface + relief[..., 0] - outside
    grid[..., 1:3] = relief[..., 1:]
    grid[..., 3] = np.clip((narrow - np.abs(offset)) * density + 0.5, 0, 1) * emerging
    corners = np.array([[left, right, left, right], [top, top, bottom, bottom], [1, 1, 1, 1]])
    frame = axis.frame(hand)
    return Piece(grid, _placed(frame, left, top, density), (frame @ corners).T)


def palm_piece(hand: Hand, begin: float) -> Piece:
    """The back of the hand (or the palm) with the wrist and the arm, from `begin` on."""
    density = min(hand.size, PALM_DENSITY * 1.3)
    skipped = int(np.clip(begin - PALM_BEGIN, 0, 4) * PALM_DENSITY)  # of the texture's columns
    left, right, top, bottom = PALM_BEGIN + skipped / PALM_DENSITY, PALM_END, PALM_LEFT, PALM_RIGHT
    width, height = ceil((right - left) * density), ceil((bottom - top) * density)
    outline = _outline(hand)
    drawn = np.zeros((height, width), np.uint8)
    pixels = ((outline - (left, top)) * density * 16).astype(np.int32)
    cv2.fillPoly(drawn, [pixels], (255.0,), cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(drawn, (0, 0), 0.025 * density).astype(np.float32)
    inside = cv2.distanceTransform((soft > 127).astype(np.uint8), cv2.DIST_L2, 3) / density
    near = 1 - np.minimum(inside / 0.24, 1)
    grid = np.empty((height, width, 4), np.float32)
    texture = palm_texture(hand.seed, hand.view != "back")[:, skipped:]
    grid[..., :3] = cv2.resize(texture, (width, height), interpolation=cv2.INTER_LINEAR)
    bulk = cv2.GaussianBlur(0.02 + 0.115 * np.sqrt(1 - near * near), (0, 0), 0.02 * density)
    grid[..., 0] += bulk - 0.3 * (soft < 64)
    if hand.sleeve is not None:
        along = left + (np.arange(width, dtype=np.float32) + 0.5) / density
        grid[..., 0] += 0.05 * (along < SLEEVE)
    grid[..., 3] = np.clip((soft - 127) / 255 * (0.06 * density) + 0.5, 0, 1)
    axes = hand.axes()
    return Piece(grid, _placed(axes, left, top, density), outline @ axes[:, :2].T + axes[:, 2])


def _outline(hand: Hand) -> np.ndarray:
    """The back of the hand with the arm, places (along, across)."""

    def place(finger: int, x: float, y: float) -> np.ndarray:
        """Where a finger's own (x, y) is."""
        base, turn = root(hand, finger)
        turned = np.array([x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)])
        return np.add(base, turned)

    wide = 0.02 if hand.sleeve is None else 0.09
    thumb = [place(0, *at) for at in ((-0.1, -0.17), (0.25, -0.16), (0.55, -0.10), (0.60, 0.0), (0.52, 0.09))]
    index, little = place(1, 0.10, -0.115), place(4, 0.10, 0.10)
    web = 0.42 * thumb[-1] + 0.58 * index + (-0.07, 0.01)
    roots = []  # they end below the fingers; between them lie the webs
    for finger in range(1, 5):
        if finger > 1:
            sides = place(finger - 1, 0.21, 0.07), place(finger, 0.21 if finger < 4 else 0.24, -0.06)
            roots.append((sides[0] + sides[1]) / 2 - (0.04, 0))
        roots += [place(finger, *at) for at in ((0.26, -0.07), (0.42, -0.05), (0.42, 0.05), (0.26, 0.07))]
    arm = [
        (-0.45, 0.545), (-0.70, 0.50), (-0.90, 0.44), (-1.10, 0.39), (SLEEVE, 0.41),
        (SLEEVE - 0.01, 0.41 + wide), (-2.6, 0.52 + wide), (-4.5, 0.66 + wide),
        (-4.5, -0.52 - wide), (-2.6, -0.38 - wide),
        (SLEEVE - 0.01, -0.28 - wide), (SLEEVE, -0.28), (-1.1, -0.29),
    ]  # fmt: skip
    return np.array([*thumb, web, place(1, -0.04, -0.12), index, *roots, little, place(4, -0.04, 0.11), *arm])


def pieces(hand: Hand, width: int, height: int) -> tuple[Piece, list[tuple[int, Chain, Piece]]]:
    """The back of the hand, and the fingers from the deepest to the nearest, for a picture of that size."""
    chains = [chain(hand, finger) for finger in range(5)]
    order = sorted(range(5), key=lambda finger: chains[finger].z.mean())
    seen = [finger for finger in order if _in_picture(hand, chains[finger], width, height)]
    fingers = [(finger, chains[finger], finger_piece(hand, finger, chains[finger])) for finger in seen]
    corners = np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    begin = (cv2.invertAffineTransform(hand.axes()) @ corners)[0].min() - 0.2
    return palm_piece(hand, begin), fingers


def _in_picture(hand: Hand, axis: Chain, width: int, height: int) -> bool:
    """Whether any of a finger, nail and free edge included, may be in the picture."""
    places = axis.frame(hand) @ np.stack([axis.x, axis.y, np.ones_like(axis.x)])
    margin = (axis.radius.max() + 0.2 * (1 + hand.nails.length)) * hand.size
    low, high = places.min(1) - margin, places.max(1) + margin
    return bool((high > 0).all() and (low < (width, height)).all())


def _placed(frame: np.ndarray, left: float, top: float, density: float) -> np.ndarray:
    """Pixel centres of a grid to the picture's."""
    grid = np.array(
        [[1 / density, 0, left + 0.5 / density], [0, 1 / density, top + 0.5 / density], [0, 0, 1]]
    )
    placed = frame @ grid
    placed[:, 2] -= 0.5
    return placed
