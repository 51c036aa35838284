"""Draws hands whose nails are known exactly: the nails' demo clip, and the ground truth of tests.

`render` draws any number of hands (`demo.hands_model.Hand`) over a picture. Fingers and the back of the hand
are height fields with skin on them; they are lit together, so that they shade each other, at twice the
picture's size. What the nails cover comes from the same drawing.
"""

from dataclasses import replace
from typing import NamedTuple

import cv2
import numpy as np

from demo.hands_background import background
from demo.hands_finger import DEEP, SLEEVE, Piece, pieces
from demo.hands_model import Hand, Light, NailStyle
from demo.hands_nail import NailPatch, nail_patch
from demo.hands_skin import linear, skin_color

__all__ = ["Camera", "Hand", "Light", "NailStyle", "Picture", "render", "still_scene"]

SMALLEST = 8  # nails of fewer pixels are drawn, but are none of the truth
UNION = 0.008  # how softly fingers go over into each other, in hand widths


class Camera(NamedTuple):
    """What the camera does: exposure, (red, green, blue) gains, blur in pixels, noise in grey levels."""

    exposure: float = 1.0
    gains: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur: float = 0.5
    noise: float = 1.5


class Picture(NamedTuple):
    """A drawn picture and the truth about its nails; value i of `instances` is entry i - 1 of the others."""

    rgb: np.ndarray  # uint8 [height, width, 3]
    instances: np.ndarray  # int32 [height, width], 0 is no nail
    fingers: tuple[int, ...]  # indices into `CLASSES`
    directions: np.ndarray  # float32 [n, 2], unit vectors from base to tip, x right, y down
    ids: tuple[int, ...]  # 5 * (place in the list of hands) + finger, the same in every picture


class _Layer(NamedTuple):
    """A hand in a part of the picture, at the picture's size."""

    left: int
    top: int
    light: np.ndarray  # float32 [height, width, 3], times what it covers
    cover: np.ndarray  # float32 [height, width]
    nails: list[tuple[int, np.ndarray, np.ndarray]]  # finger, direction, cover


def render(
    hands: list[Hand],
    behind: np.ndarray,
    light: Light | None = None,
    camera: Camera | None = None,
    seed: int = 0,
    fine: int = 2,
) -> Picture:
    """Draws hands, the last one in front.

    Args:
        hands: from back to front.
        behind: RGB uint8 [height, width, 3], what is behind them.
        light: default: from the upper left.
        camera: default: a good one.
        seed: of the camera's noise.
        fine: pixels drawn across one of the picture: 1 is quick, 2 is smooth.
    """
    light, camera = light or Light(), camera or Camera()
    height, width = behind.shape[:2]
    canvas = np.square(behind.astype(np.float32) / 255)
    found: list[tuple[int, int, np.ndarray, np.ndarray]] = []  # id, class, direction, cover
    for number, hand in enumerate(hands):
        layer = _drawn(hand, width, height, light, fine)
        if layer is None:
            continue
        _cast_shadow(canvas, layer, hand.size, light)
        part = np.s_[layer.top : layer.top + len(layer.cover), layer.left : layer.left + layer.cover.shape[1]]
        canvas[part] = canvas[part] * (1 - layer.cover)[..., None] + layer.light
        for *_, cover in found:
            cover[part] *= 1 - layer.cover
        for finger, direction, part_cover in layer.nails:
            cover = np.zeros((height, width), np.float32)
            cover[part] = part_cover
            found.append((5 * number + finger, hand.finger_class(finger), direction, cover))

    instances = np.zeros((height, width), np.int32)
    kept = []
    for key, finger_class, direction, cover in found:
        inside = cover > 0.5
        if np.count_nonzero(inside) >= SMALLEST:
            kept.append((key, finger_class, direction))
            instances[inside] = len(kept)
    return Picture(
        rgb=_photographed(canvas, camera, seed),
        instances=instances,
        fingers=tuple(finger_class for _, finger_class, _ in kept),
        directions=np.array([direction for *_, direction in kept], np.float32).reshape(-1, 2),
        ids=tuple(key for key, *_ in kept),
    )


def still_scene(width: int = 320, height: int = 240) -> Picture:
    """A right hand with five natural nails, all in the picture."""
    size = 0.30 * min(width, 1.2 * height)
    hand = Hand(left=False, x=0.48 * width, y=0.66 * height, size=size, spread=0.5, seed=3)
    return render([hand], background("cloth", width, height, seed=1))


def _drawn(hand: Hand, width: int, height: int, light: Light, fine: int) -> _Layer | None:
    """A hand, lit; None where no part of it is in the picture."""
    hand = _magnified(hand, fine)
    palm, fingers = pieces(hand, width * fine, height * fine)
    corners = np.concatenate([_corners(piece) for piece in (palm, *(piece for *_, piece in fingers))])
    reach = 4 + round(hand.size / fine * 0.15 * (1 + hand.nails.length))
    left, top = (np.floor(corners.min(0) / fine).astype(int) - reach).clip(0)
    right, bottom = (np.ceil(corners.max(0) / fine).astype(int) + reach).clip(None, (width, height))
    if right <= left or bottom <= top:
        return None
    origin = np.array([left, top]) * fine
    shape = ((bottom - top) * fine, (right - left) * fine)
    skin = np.zeros((*shape, 4), np.float32)
    skin[..., 0] = DEEP
    front = np.full(shape, DEEP, np.float32)
    _merge(skin, front, palm, origin)
    front[:] = DEEP  # fingers come out of the back of the hand, never from below it
    patches: list[tuple[int, NailPatch, np.ndarray]] = []
    for finger, axis, piece in fingers:
        covered = _merge(skin, front, piece, origin)
        for *_, seen in patches:
            seen *= 1 - covered
        if not hand.palm and (patch := nail_patch(hand, finger, axis, light)):
            patches.append((finger, patch, _nail_cover(skin, patch, origin, hand.size)))

    light_map, cover = _lit(skin, hand, light, origin)
    nails = []
    for finger, patch, seen in patches:
        part, inner = _overlap(patch.left - origin[0], patch.top - origin[1], patch.cover.shape, shape)
        amount = seen[part][..., None]
        light_map[part] += amount * (patch.color[inner] - light_map[part])
        cover[part] = np.maximum(cover[part], seen[part])
        nails.append((finger, patch.direction, _shrunk(seen, fine)))
    return _Layer(int(left), int(top), _shrunk(light_map * cover[..., None], fine), _shrunk(cover, fine), nails)


def _magnified(hand: Hand, fine: int) -> Hand:
    """The same hand on the fine grid."""
    x, y = ((place + 0.5) * fine - 0.5 for place in (hand.x, hand.y))
    return replace(hand, x=x, y=y, size=hand.size * fine)


def _shrunk(drawn: np.ndarray, fine: int) -> np.ndarray:
    size = drawn.shape[1] // fine, drawn.shape[0] // fine
    return cv2.resize(drawn, size, interpolation=cv2.INTER_AREA)


def _corners(piece: Piece) -> np.ndarray:
    height, width = piece.grid.shape[:2]
    return np.array([[0, 0, 1], [width, 0, 1], [0, height, 1], [width, height, 1]]) @ piece.frame.T


def _overlap(
    left: int, top: int, patch: tuple[int, ...], shape: tuple[int, ...]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where a patch lies in a grid, and which part of the patch that is."""
    rows = [min(max(row, 0), shape[0]) for row in (top, top + patch[0])]
    columns = [min(max(column, 0), shape[1]) for column in (left, left + patch[1])]
    outer = slice(*rows), slice(*columns)
    return outer, (slice(rows[0] - top, rows[1] - top), slice(columns[0] - left, columns[1] - left))


def _merge(skin: np.ndarray, front: np.ndarray, piece: Piece, origin: np.ndarray) -> np.ndarray:
    """Lays a piece on the skin so far where it is nearer to the viewer than `front`, which then follows it.

    Returns:
        How much of the earlier skin it covers, [height, width].
    """
    height, width = skin.shape[:2]
    corners = _corners(piece) - origin
    left, top = np.clip(np.floor(corners.min(0)).astype(int), 0, (width, height))
    right, bottom = np.clip(np.ceil(corners.max(0)).astype(int) + 1, 0, (width, height))
    covered = np.zeros((height, width), np.float32)
    if right <= left or bottom <= top:
        return covered
    frame = piece.frame.copy()
    frame[:, 2] -= origin + (left, top)
    new = cv2.warpAffine(
        piece.grid,
        frame,
        (int(right - left), int(bottom - top)),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(DEEP, 0, 0, 0),
    )
    part = np.s_[top:bottom, left:right]
    old = skin[part]
    take = new[..., 3] * np.clip((new[..., 0] - front[part]) * (0.5 / UNION) + 0.5, 0, 1)
    cover = np.maximum(old[..., 3], new[..., 3])
    old += take[..., None] * (new - old)
    old[..., 3] = cover
    front[part] += take * (new[..., 0] - front[part])
    covered[part] = take
    return covered


def _nail_cover(skin: np.ndarray, patch: NailPatch, origin: np.ndarray, size: float) -> np.ndarray:
    """What is seen of a nail among the skin so far; presses the groove round it into the skin."""
    shape = skin.shape[:2]
    seen = np.zeros(shape, np.float32)
    part, inner = _overlap(patch.left - origin[0], patch.top - origin[1], patch.cover.shape, shape)
    if seen[part].size:
        hidden = skin[part][..., 3] * (skin[part][..., 0] > patch.height + 0.06)
        seen[part] = patch.cover[inner] * (1 - hidden)
        skin[part][..., 0] -= 0.014 * cv2.GaussianBlur(seen[part], (0, 0), 0.012 * size)
    return seen


def _lit(skin: np.ndarray, hand: Hand, light: Light, origin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The skin's light, float32 [height, width, 3], and what it covers, [height, width]."""
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

    small = cv2.resize(skin[..., 0], (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(small, (0, 0), 0.05 * hand.size / 4)
    hollow = cv2.resize(around, (width, height), interpolation=cv2.INTER_LINEAR) - skin[..., 0]
    open_sky = np.clip(1 - 5 * hollow, 0.35, 1)

    albedo = cv2.transform(skin[..., 1:3], _skin_mixture(hand))
    gloss = 0.05
    if hand.sleeve is not None:
        _put_on_sleeve(albedo, hand, origin)
    ambient = light.ambient * (0.45 + 0.55 * upright) * open_sky
    hard = 1 - light.ambient
    soft_red = ambient + hard * np.maximum((facing + 0.30) / 1.30, 0)
    plain = ambient + hard * np.maximum((facing + 0.12) / 1.12, 0)
    glow = gloss * hard * shine * open_sky
    for channel, diffuse in enumerate((soft_red, plain, plain)):
        albedo[..., channel] = albedo[..., channel] * diffuse + glow
    return albedo, skin[..., 3].copy()


def _skin_mixture(hand: Hand) -> np.ndarray:
    """[3, 3]: takes (shade, redness, 1) to the skin's colour."""
    color = skin_color(hand.tone, hand.warmth)
    redness = np.array([0.05, -0.10, -0.07]) * (1 - 0.4 * hand.tone)
    return np.stack([color, color * redness, color], -1).astype(np.float32)


def _put_on_sleeve(albedo: np.ndarray, hand: Hand, origin: np.ndarray) -> None:
    height, width = albedo.shape[:2]
    axes = hand.axes()
    back = cv2.invertAffineTransform(axes)[0]
    columns = np.arange(width, dtype=np.float32) + np.float32(origin[0] - hand.x)
    rows = np.arange(height, dtype=np.float32)[:, None] + np.float32(origin[1] - hand.y)
    along = (back[0] * columns + back[1] * rows).astype(np.float32)
    amount = np.clip((SLEEVE - along) * hand.size, 0, 1)
    weave = 1 + 0.06 * np.sin(along * 220)
    cloth = linear(hand.sleeve or "#000000") * weave[..., None]
    albedo += amount[..., None] * (cloth - albedo)


def _cast_shadow(canvas: np.ndarray, layer: _Layer, size: float, light: Light) -> None:
    """Darkens what is behind a hand, away from the light."""
    height, width = canvas.shape[:2]
    scale = 4
    whole = np.zeros((height, width), np.float32)
    whole[layer.top : layer.top + len(layer.cover), layer.left : layer.left + layer.cover.shape[1]] = layer.cover
    small = cv2.resize(whole, (width // scale, height // scale), interpolation=cv2.INTER_AREA)
    away = -light.vector()[:2] * light.distance * size / max(0.35, light.vector()[2]) / scale
    moved = cv2.warpAffine(
        small, np.array([[1, 0, away[0]], [0, 1, away[1]]]), small.shape[::-1], borderMode=cv2.BORDER_REPLICATE
    )
    soft = cv2.GaussianBlur(moved, (0, 0), max(0.6, 0.5 * light.distance * size / scale))
    near = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.05 * size / scale))
    dark = cv2.resize(np.maximum(soft, 0.5 * near), (width, height), interpolation=cv2.INTER_LINEAR)
    canvas *= (1 - light.shadow * dark)[..., None]


def _photographed(canvas: np.ndarray, camera: Camera, seed: int) -> np.ndarray:
    """Light to RGB uint8."""
    picture = canvas * np.array([gain * camera.exposure for gain in camera.gains], np.float32)
    picture = cv2.sqrt(np.maximum(picture, 0))
    if camera.blur > 0:
        picture = cv2.GaussianBlur(picture, (0, 0), camera.blur)
    picture *= 255
    if camera.noise > 0:
        rng = np.random.default_rng(seed)
        picture += camera.noise * rng.standard_normal(picture.shape, dtype=np.float32)
    return cv2.convertScaleAbs(np.maximum(picture, 0))
