"""A contact sheet: pictures recoloured with looks by the effect, side by side."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from tryon.cli.graphs import load_graph
from tryon.config import GraphSource
from tryon.errors import GraphError
from tryon.graph import CalculatorGraph
from tryon.subgraph import installed_folders

ByteArray = npt.NDArray[np.uint8]

EFFECT: Final = "hair_recolor"
PATH: Final = "look_path"
HEIGHT: Final = 260
LINE: Final = 24
MARGIN: Final = 4


def recolored(effect: GraphSource, look: Path, pictures: Sequence[ByteArray]) -> list[ByteArray]:
    """Still pictures, each as the first frame of a run of its own.

    Args:
        effect: the graph of an effect.
        look: what to paint.
        pictures: RGB uint8 [height, width, 3].

    Raises:
        GraphError: the look is not valid, or the effect takes none.
    """
    source, (sink, *_) = effect.config.input_stream[0], effect.config.output_stream
    graph = CalculatorGraph(effect)
    found: list[ByteArray] = []
    graph.observe_output_stream(sink, lambda _, packet: found.append(packet.value))
    for picture in pictures:
        graph.start_run({PATH: str(look.resolve())})
        graph.add_packet_to_input_stream(source, picture, 0)
        graph.close_all_packet_sources()
        graph.wait_until_done()
    return found


def look_sheet(
    pictures: Sequence[ByteArray], looks: Sequence[Path], done: Callable[[], None] = lambda: None
) -> Image.Image:
    """A column for each look, before them the pictures as they are; a row for each picture.

    Args:
        pictures: RGB uint8 [height, width, 3].
        looks: the files of looks, titled by their names.
        done: called after each look.

    Raises:
        GraphError: a look is not valid.
    """
    effect = load_graph(EFFECT)
    columns: dict[str, Sequence[ByteArray]] = {"before": pictures}
    for look in looks:
        if look.stem in columns:
            raise GraphError(f'Two looks are called "{look.stem}"; a sheet titles them by their names.')
        columns[look.stem] = recolored(effect, look, pictures)
        done()
    return contact_sheet(columns)


def installed_looks() -> list[Path]:
    """The looks that installed effects bring, by name.

    Raises:
        GraphError: there is none.
    """
    folders = [folder.parent / "looks" / "hair" for folder in installed_folders()]
    found = sorted((path for folder in folders for path in folder.glob("*.json")), key=lambda path: path.name)
    if not found:
        raise GraphError("No installed package brings a look for hair: name one with --look.")
    return found


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Writes a sheet; the name says in which format.

    Raises:
        GraphError: there is no such format.
    """
    try:
        sheet.save(path, quality=90)
    except ValueError as error:
        raise GraphError(f'A picture cannot be written as "{path}": {error}; .png and .jpg can.') from error


def contact_sheet(columns: Mapping[str, Sequence[ByteArray]]) -> Image.Image:
    """Pictures in columns, all of one height, under the titles of their columns."""
    rows = next(iter(columns.values()))
    width = max(round(picture.shape[1] * HEIGHT / picture.shape[0]) for picture in rows) + MARGIN
    sheet = Image.new("RGB", (width * len(columns), LINE + (HEIGHT + MARGIN) * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(LINE * 0.65)
    for column, (title, pictures) in enumerate(columns.items()):
        place = (column * width + width // 2, LINE // 2)
        draw.text(place, title.replace("_", " "), "black", font, anchor="mm")
        for row, picture in enumerate(pictures):
            size = (round(picture.shape[1] * HEIGHT / picture.shape[0]), HEIGHT)
            scaled = Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS)
            left = column * width + (width - size[0]) // 2
            sheet.paste(scaled, (left, LINE + row * (HEIGHT + MARGIN)))
    return sheet
