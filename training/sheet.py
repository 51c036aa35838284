"""Contact sheets: pictures with the truth and what a model found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.metrics import outline, resize

TRUTH = (60, 230, 90)
PREDICTION = (255, 60, 200)
PAPER = (24, 24, 28)
INK = (235, 235, 235)

VIEW = 200
"""Side of the square that a picture fits into."""

CAPTION = 40
GAP = 12
COLUMNS = 4
FONT_SIZE = 13


@dataclass(frozen=True)
class Tile:
    """One picture of a sheet.

    Attributes:
        picture: RGB uint8 [H, W, 3].
        truth, prediction: bool [H, W].
        name, note: the two lines under it.
    """

    picture: np.ndarray
    truth: np.ndarray
    prediction: np.ndarray
    name: str
    note: str


def draw_sheet(tiles: Sequence[Tile], title: str) -> np.ndarray:
    """A sheet, RGB uint8: each tile twice side by side, as it is and with both outlines; the title above.

    The legend says which outline is which.
    """
    columns = min(COLUMNS, max(len(tiles), 1))
    rows = -(-len(tiles) // columns)
    step_x, step_y = 2 * VIEW + 2 + GAP, VIEW + CAPTION + GAP
    width, height = GAP + columns * step_x, GAP + CAPTION + rows * step_y
    sheet = np.full((height, width, 3), PAPER, np.uint8)
    places = [
        (GAP + (i % columns) * step_x, GAP + CAPTION + (i // columns) * step_y) for i in range(len(tiles))
    ]
    for tile, (x, y) in zip(tiles, places, strict=True):
        for view, left in ((tile.picture, x), (outlined(tile), x + VIEW + 2)):
            view = _fit(view)
            rows_of, columns_of = view.shape[:2]
            top, left = y + (VIEW - rows_of) // 2, left + (VIEW - columns_of) // 2
            sheet[top : top + rows_of, left : left + columns_of] = view
    page = Image.fromarray(sheet)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(FONT_SIZE)
    cursor = GAP
    for text, ink in ((title, INK), ("truth", TRUTH), ("prediction", PREDICTION)):
        draw.text((cursor, GAP), text, ink, font)
        cursor += round(draw.textlength(text, font)) + 2 * GAP
    for tile, (x, y) in zip(tiles, places, strict=True):
        name = _shorten(tile.name, lambda text: draw.textlength(text, font) <= 2 * VIEW)
        draw.text((x, y + VIEW + 3), name, INK, font)
        draw.text((x, y + VIEW + 3 + CAPTION // 2), tile.note, INK, font)
    return np.asarray(page)


def outlined(tile: Tile) -> np.ndarray:
    """A tile's picture, small enough for a view, with the outlines of truth and prediction."""
    view = _fit(tile.picture)
    for mask, colour in ((tile.truth, TRUTH), (tile.prediction, PREDICTION)):
        small = cv2.resize(mask.astype(np.uint8), view.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        view[outline(small) > 0] = colour
    return view


def _fit(picture: np.ndarray) -> np.ndarray:
    scale = VIEW / max(picture.shape[:2])
    height, width = (max(round(scale * side), 1) for side in picture.shape[:2])
    return resize(picture, width, height)


def _shorten(text: str, fits: Callable[[str], bool]) -> str:
    """The text, or its start and end around dots where it does not fit."""
    kept = len(text) // 2
    short = text
    while kept > 1 and not fits(short):
        kept -= 1
        short = f"{text[:kept]}...{text[-kept:]}"
    return short
