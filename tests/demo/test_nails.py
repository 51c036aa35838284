from pathlib import Path

import numpy as np
import pytest

from calculators.video.reader import VideoReader
from demo.hands_clip import HEIGHT, WIDTH, write_clip
from demo.nails import EFFECT, LOOKS, MOMENTS, SHOWN, main, paint
from tryon.config import read_graph


def test_the_looks_shown_are_there() -> None:
    assert all((LOOKS / f"{look}.json").is_file() for look in SHOWN)


def test_paint_writes_a_video_of_the_same_times(tmp_path: Path) -> None:
    clip, output = tmp_path / "clip.mp4", tmp_path / "demo.mp4"
    write_clip(clip, 8)
    graph, kept = paint(clip, output, 8)
    with VideoReader(clip) as before, VideoReader(output) as after:
        assert [moment for moment, _ in after] == [moment for moment, _ in before]
    assert len(kept) == len(MOMENTS)
    assert all(frame.shape == (HEIGHT, WIDTH, 3) and frame.dtype == np.uint8 for frame in kept)
    nodes = {node.calculator for node in read_graph(EFFECT).config.node}
    assert "NailPolishCalculator" in nodes
    assert 8 in {row.count for row in graph.profile()}


def test_the_command_writes_its_files_and_prints_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demo.nails.FRAMES", 8)
    monkeypatch.setattr("sys.argv", ["demo.nails", "--output", str(tmp_path / "new" / "out")])
    main()
    assert "8 frames in" in capsys.readouterr().out
    written = {path.name for path in (tmp_path / "new" / "out").iterdir()}
    assert written == {"nails_clip.mp4", "nails_demo.mp4", "nails_demo.png"}
