from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calculators.video.pictures import find_pictures, read_picture
from tryon import GraphError, Packet
from tryon.graph import CalculatorGraph

from .conftest import scene

GRAPH = """
input_side_packet: "where"
node {
  calculator: "ImageSequenceSourceCalculator"
  input_side_packet: "INPUT_PATH:where"
  output_stream: "VIDEO:frames"
  output_stream: "VIDEO_PRESTREAM:header"
  node_options { [type.googleapis.com/tryon.ImageSequenceSourceCalculatorOptions] { %s } }
}
"""
ORIENTATION = 0x0112


def save(path: Path, picture: np.ndarray, orientation: int = 1) -> None:
    image = Image.fromarray(picture)
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    image.save(path, exif=exif)


def run(where: Path | str, options: str = "") -> tuple[list[Packet], list[Packet]]:
    frames: list[Packet] = []
    headers: list[Packet] = []
    graph = CalculatorGraph(graph_config=GRAPH % options)
    graph.observe_output_stream("frames", lambda _, packet: frames.append(packet))
    graph.observe_output_stream("header", lambda _, packet: headers.append(packet))
    graph.start_run({"where": str(where)})
    graph.wait_until_done()
    return frames, headers


@pytest.mark.parametrize(
    ("options", "times"), [("", [0, 33_333, 66_667]), ("frame_rate: 25", [0, 40_000, 80_000])]
)
def test_a_folder(tmp_path: Path, options: str, times: list[int]) -> None:
    for name in ("frame10.png", "frame9.png", "frame1.PNG", "notes.txt"):
        number = int("".join(filter(str.isdigit, name)) or 0)
        if number:
            save(tmp_path / name, scene(number))
        else:
            (tmp_path / name).touch()
    frames, (header,) = run(tmp_path, options)
    assert [packet.timestamp for packet in frames] == times
    for packet, number in zip(frames, (1, 9, 10), strict=True):
        assert np.array_equal(packet.value, scene(number))
        assert packet.value.flags.c_contiguous
    assert (header.value.width, header.value.height, header.value.frame_count) == (64, 48, 3)


def test_natural_order_of_a_pattern(tmp_path: Path) -> None:
    names = ["a2b10.jpg", "a2b9.jpg", "a10b1.jpg", "a1.jpg", "b1.jpg"]
    for name in names:
        save(tmp_path / name, scene(0))
    found = find_pictures(str(tmp_path / "a*.jpg"))
    assert [path.name for path in found] == ["a1.jpg", "a2b9.jpg", "a2b10.jpg", "a10b1.jpg"]


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tiff"])
@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, -1), (8, 1)])
def test_exif_orientation(tmp_path: Path, suffix: str, orientation: int, turns: int) -> None:
    path = tmp_path / f"turned.{suffix}"
    save(path, scene(7), orientation)
    expected = np.rot90(scene(7), turns)
    assert read_picture(path).shape == expected.shape
    assert np.abs(read_picture(path).astype(int) - expected).mean() < 8


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "1", "CMYK"])
def test_all_kinds_of_pictures_become_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "picture.tiff"
    Image.fromarray(scene(3)).convert(mode).save(path)
    picture = read_picture(path)
    assert picture.shape == (48, 64, 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous


def test_alpha_is_dropped_not_blended(tmp_path: Path) -> None:
    pixels = np.dstack([scene(3), np.zeros(scene(3).shape[:2], np.uint8)])
    Image.fromarray(pixels).save(tmp_path / "clear.png")
    assert np.array_equal(read_picture(tmp_path / "clear.png"), scene(3))


def nothing(folder: Path) -> None:
    (folder / "notes.txt").touch()


def unreadable(folder: Path) -> None:
    save(folder / "1.png", scene(0))
    (folder / "2.png").write_text("no picture")


def cut_off(folder: Path) -> None:
    save(folder / "1.png", scene(0))
    (folder / "2.png").write_bytes((folder / "1.png").read_bytes()[:80])


def two_sizes(folder: Path) -> None:
    save(folder / "1.png", scene(0))
    save(folder / "2.png", scene(0, 66, 48))


def sixteen_bits(folder: Path) -> None:
    Image.fromarray(np.zeros((4, 4), np.uint16)).save(folder / "deep.png")


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (nothing, r"There is no picture \(\.bmp, .*\) in "),
        (unreadable, r'The picture ".*2\.png" cannot be read'),
        (cut_off, r'The picture ".*2\.png" cannot be read'),
        (two_sizes, r'one size: ".*2\.png" is 66x48, ".*1\.png" is 64x48'),
        (sixteen_bits, r'deep\.png" has more than 8 bits of grey'),
    ],
)
def test_errors(tmp_path: Path, case, message: str) -> None:
    case(tmp_path)
    with pytest.raises(GraphError, match=f"ImageSequenceSourceCalculator.*{message}"):
        run(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"There is no picture .* in .*missing"):
        run(tmp_path / "missing")


def test_options_are_checked() -> None:
    with pytest.raises(GraphError, match="frame_rate is more than 0"):
        CalculatorGraph(graph_config=GRAPH % "frame_rate: 0")
