"""One hand on a layer of its own: its pieces put together, lit, with what its nails cover."""

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from demo.hands_finger import DEEP, SLEEVE, Piece, pieces
from demo.hands_model import Hand, Light
from demo.hands_nail import NailPatch, nail_patch
from demo.hands_skin import linear, skin_color

GLOSS = 0.05  # of the skin
UNION = 0.008  # how softly fingers go over into each other, in hand widths


class Placed(NamedTuple):
    """An array whose first pixel lies at (left, top)."""

    left: int
    top: int
    values: np.ndarray

    def part(self, other: "Placed") -> tuple[slice, slice]:
        """The rows and columns of these values that another array has, too."""
        sides = []
        for begin, size, from_, length in (
            (self.top, self.values.shape[0], other.top, other.values.shape[0]),
            (self.left, self.values.shape[1], other.left, other.values.shape[1]),
        ):
            first, last = (min(max(place - begin, 0), size) for place in (from_, from_ + length))
            sides.append(slice(first, last))
        return sides[0], sides[1]


class DrawnNail(NamedTuple):
    """What a nail covers of the picture."""

    finger: int
    direction: np.ndarray
    cover: Placed  # float32 [height, width] in [0, 1]


class Layer(NamedTuple):
    """A hand at the picture's size."""

    light: Placed  # float32 [height, width, 3], times what it covers
    cover: Placed  # float32 [height, width]
    nails: list[DrawnNail]


def draw_hand(hand: Hand, width: int, height: int, light: Light, fine: int) -> Layer | None:
    """Draws a hand; None where no part of it is in the picture.

    Args:
        hand: the hand.
        width: of the picture.
        height: of the picture.
        light: that falls on it.
        fine: pixels drawn across one of the picture.
    """
    hand = _magnified(hand, fine)
    palm, fingers = pieces(hand, width * fine, height * fine)
    extent = np.concatenate([palm.extent, *(piece.extent for *_, piece in fingers)])
    reach = 4 + round(hand.size / fine * 0.15 * (1 + hand.nails.length))
    left, top = (np.floor(extent.min(0) / fine).astype(int) - reach).clip(0)
    right, bottom = (np.ceil(extent.max(0) / fine).astype(int) + reach).clip(None, (width, height))
    if right <= left or bottom <= top:
        return None
    shape = ((bottom - top) * fine, (right - left) * fine)
    skin = Placed(int(left) * fine, int(top) * fine, np.zeros((*shape, 4), np.float32))
    skin.values[..., 0] = DEEP
    _merge(skin, np.full(shape, DEEP, np.float32), palm)
    front = np.full(shape, DEEP, np.float32)  # fingers come out of the back of the hand, never from below it
    nails: list[tuple[int, NailPatch, Placed]] = []
    for finger, axis, piece in fingers:
        taken = _merge(skin, front, piece)
        for *_, cover in nails:
            cover.values[cover.part(taken)] *= 1 - taken.values[taken.part(cover)]
        if hand.view != "palm" and (patch := nail_patch(hand, finger, axis, light)):
            nails.append((finger, patch, _nail_cover(skin, patch, hand.size)))

    color, covered = _lit(skin, hand, light)
    found = []
    for finger, patch, seen in nails:
        part, own = skin.part(seen), seen.part(skin)
        amount = seen.values[own]
        color[part] += amount[..., None] * (patch.color[own] - color[part])
        covered[part] = np.maximum(covered[part], amount)
        if amount.size:
            rows, columns = part
            place = (columns.start + skin.left) // fine, (rows.start + skin.top) // fine
            found.append(DrawnNail(finger, patch.direction, Placed(*place, _shrunk(amount, fine))))
    color *= covered[..., None]
    place = int(left), int(top)
    return Layer(Placed(*place, _shrunk(color, fine)), Placed(*place, _shrunk(covered, fine)), found)


def _magnified(hand: Hand, fine: int) -> Hand:
    """The same hand on the fine grid."""
    x, y = ((place + 0.5) * fine - 0.5 for place in (hand.x, hand.y))
    return replace(hand, x=x, y=y, size=hand.size * fine)


def _shrunk(drawn: np.ndarray, fine: int) -> np.ndarray:
    size = drawn.shape[1] // fine, drawn.shape[0] // fine
    return cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)


def _merge(skin: Placed, front: np.ndarray, piece: Piece) -> Placed:
    """Lays a piece on the skin so far where it is nearer to the viewer than `front`, which then follows it.

    Returns:
        How much of the earlier skin it covers.
    """
    height, width = front.shape
    rows, columns = piece.grid.shape[:2]
    ends = np.array([[0, columns, 0, columns], [0, 0, rows, rows], [1, 1, 1, 1]])
    corners = (piece.frame @ ends).T - (skin.left, skin.top)
    left, top = np.clip(np.floor(corners.min(0)).astype(int), 0, (width, height))
    right, bottom = np.clip(np.ceil(corners.max(0)).astype(int) + 1, 0, (width, height))
    place = int(left) + skin.left, int(top) + skin.top
    if right <= left or bottom <= top:
        return Placed(*place, np.zeros((0, 0), np.float32))
    frame = piece.frame.copy()
    frame[:, 2] -= place
    new: np.ndarray = cv2.warpAffine(
        piece.grid,
        frame,
        (int(right - left), int(bottom - top)),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(DEEP, 0, 0, 0),
    )
    old, nearest = skin.values[top:bottom, left:right], front[top:bottom, left:right]
    take = new[..., 3] * np.clip((new[..., 0] - nearest) * (0.5 / UNION) + 0.5, 0, 1)
    nearest += take * (new[..., 0] - nearest)
    cover = np.maximum(old[..., 3], new[..., 3])
    new -= old
    new *= take[..., None]
    old += new
    old[..., 3] = cover
    return Placed(*place, take)


def _nail_cover(skin: Placed, patch: NailPatch, size: float) -> Placed:
    """What is seen of a nail among the skin so far; presses the groove round it into the skin."""
    seen = Placed(patch.left, patch.top, patch.cover.copy())
    under = skin.values[skin.part(seen)]
    if under.size:
        own = seen.part(skin)
        seen.values[own] *= 1 - under[..., 3] * (under[..., 0] > patch.height + 0.06)
        under[..., 0] -= 0.014 * cv2.GaussianBlur(seen.values[own], (0, 0), 0.012 * size)
    return seen


def _lit(placed: Placed, hand: Hand, light: Light) -> tuple[np.ndarray, np.ndarray]:
    """The skin's light, float32 [height, width, 3], and what it covers, [height, width]."""
    skin = placed.values
    height, width = skin.shape[:2]
    relief = cv2.GaussianBlur(skin[..., 0] * hand.size, (0, 0), 1.0)
    right = cv2.Sobel(relief, cv2.CV_32F, 1, 0, scale=0.125)
    down = cv2.Sobel(relief, cv2.CV_32F, 0, 1, scale=0.125)
    upright = 1 / np.sqrt(1 + right * right + down * down)
    lx, ly, lz = light.vector().astype(np.float32)
    facing = (lz - lx * right - ly * down) * upright
    half = np.array([lx, ly, lz + 1]) / np.sqrt(lx * lx + ly * ly + (lz + 1) ** 2)
    hx, hy, hz = half.astype(np.float32)
    shine = np.maximum((hz - hx * right - hy * down) * upright, 0)
    shine *= shine
    shine *= shine
    shine *= shine  # the eighth power

    small = cv2.resize(skin[..., 0], (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(small, (0, 0), 0.05 * hand.size / 4)
    hollow = cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR) - skin[..., 0]
    open_sky = np.clip(1 - 4 * hollow, 0.45, 1)

    albedo = _albedo(skin[..., 1], skin[..., 2], hand)
    if hand.sleeve is not None:
        _put_on_sleeve(Placed(placed.left, placed.top, albedo), hand, hand.sleeve)
    ambient = light.ambient * (0.55 + 0.45 * upright) * open_sky
    hard = 1 - light.ambient
    soft_red = ambient + hard * np.maximum((facing + 0.30) / 1.30, 0)
    plain = ambient + hard * np.maximum((facing + 0.12) / 1.12, 0)
    glow = GLOSS * hard * shine * open_sky
    for channel, diffuse in enumerate((soft_red, plain, plain)):
        albedo[..., channel] = albedo[..., channel] * diffuse + glow
    return albedo, skin[..., 3].copy()


def _albedo(shade: np.ndarray, red: np.ndarray, hand: Hand) -> np.ndarray:
    """The skin's colour, float32 [height, width, 3]."""
    albedo = np.empty((*shade.shape, 3), np.float32)
    redness = np.array([0.05, -0.10, -0.07], np.float32) * (1 - 0.4 * hand.tone)
    bright = 1 + shade
    for channel, color in enumerate(skin_color(hand.tone, hand.warmth)):
        albedo[..., channel] = color * (bright + red * redness[channel])
    return albedo


def _put_on_sleeve(albedo: Placed, hand: Hand, color: str) -> None:
    height, width = albedo.values.shape[:2]
    axes = hand.axes()
    back = cv2.invertAffineTransform(axes)[0]
    columns = np.arange(width, dtype=np.float32) + np.float32(albedo.left - hand.x)
    rows = np.arange(height, dtype=np.float32)[:, None] + np.float32(albedo.top - hand.y)
    along = (back[0] * columns + back[1] * rows).astype(np.float32)
    amount = np.clip((SLEEVE - along) * hand.size, 0, 1)
    weave = 1 + 0.06 * np.sin(along * 220)
    cloth = linear(color) * weave[..., None]
    albedo.values[:] += amount[..., None] * (cloth - albedo.values)
