"""`tryon run` from files to files."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.calculators.video.conftest import make_video, scene
from tests.tryon.cli.command import tryon

FLIP = """
input_stream: "input_video"
output_stream: "output_video"
node {
  name: "flip"
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:input_video"
  output_stream: "IMAGE:output_video"
  node_options {
    [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions] { flip_vertically: true }
  }
}
"""
INTERRUPT = """
input_stream: "input_video"
output_stream: "output_video"
node { calculator: "TestInterruptCalculator" input_stream: "input_video" output_stream: "output_video" }
"""


def graph(folder: Path, text: str) -> str:
    path = folder / "effect.pbtxt"
    path.write_text(text)
    return str(path)


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_file_to_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str) -> None:
    clip = make_video(tmp_path / "clip.mp4", range(20), audio="aac")
    output = tmp_path / f"out{suffix}"
    outcome = tryon(capsys, "run", graph(tmp_path, FLIP), "--input", str(clip), "--output", str(output))
    assert (outcome.status, outcome.err.count("effect: 20/20 frames")) == (0, 1)
    lines = outcome.out.splitlines()
    names = [line.split()[0] for line in lines]
    assert names[:4] == ["node", "VideoSourceCalculator", "flip", "VideoSinkCalculator"]
    assert lines[4].startswith("20 frames in ")
    assert lines[4].endswith(f" -> {output}")
    frames = frames_of(output)
    assert len(frames) == 20
    assert np.abs(frames[7].astype(int) - scene(7)[::-1]).mean() < 6
    with av.open(str(output)) as container:
        assert len(container.streams.audio) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "effect.pbtxt", output.name]


def test_without_output_only_the_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clip = make_video(tmp_path / "clip.mp4")
    outcome = tryon(capsys, "run", graph(tmp_path, FLIP), "--input", str(clip))
    assert outcome.status == 0
    assert [line.split()[:2] for line in outcome.out.splitlines()[1:]] == [
        ["VideoSourceCalculator", "11"],
        ["flip", "10"],
        ["10", "frames"],
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "effect.pbtxt"]


def test_a_recorded_file_in_the_place_of_a_camera(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clip, output = make_video(tmp_path / "clip.mp4"), tmp_path / "out.mp4"
    arguments = ["--input", f"camera:{clip}", "--output", str(output), "--threads", "1"]
    assert tryon(capsys, "run", graph(tmp_path, FLIP), *arguments).status == 0
    assert len(frames_of(output)) == 10


@pytest.mark.parametrize("pattern", ["", "*.png"])
def test_a_folder_of_pictures(capsys: pytest.CaptureFixture[str], tmp_path: Path, pattern: str) -> None:
    folder, output = tmp_path / "shots", tmp_path / "out.mp4"
    folder.mkdir()
    for index in range(3):
        Image.fromarray(scene(index)).save(folder / f"{index}.png")
    arguments = ["--input", str(folder / pattern), "--output", str(output)]
    outcome = tryon(capsys, "run", graph(tmp_path, FLIP), *arguments)
    assert (outcome.status, outcome.err.count("effect: 3/3 frames")) == (0, 1)
    assert len(frames_of(output)) == 3


def test_set_changes_what_comes_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clip, output = make_video(tmp_path / "clip.mp4"), tmp_path / "out.mp4"
    arguments = ["--set", "flip.output_width=32", "--set", "flip.output_height=16"]
    arguments += ["--set", "VideoSinkCalculator.quality=0"]
    files = ["--input", str(clip), "--output", str(output)]
    assert tryon(capsys, "run", graph(tmp_path, FLIP), *files, *arguments).status == 0
    assert frames_of(output)[0].shape == (16, 32, 3)


def test_ctrl_c_leaves_a_playable_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clip, output = make_video(tmp_path / "clip.mp4", range(400)), tmp_path / "out.mp4"
    outcome = tryon(capsys, "run", graph(tmp_path, INTERRUPT), "--input", str(clip), "--output", str(output))
    assert outcome.status == 130
    summary = outcome.out.splitlines()[-1]
    assert summary.startswith("Stopped by Ctrl-C: ")
    assert summary.endswith(f" -> {output}")
    assert 10 <= len(frames_of(output)) < 400
    assert not Path(f"{output}.partial").exists()
