from pathlib import Path

import numpy as np
import pytest

from calculators.video.reader import VideoReader
from demo.clip import HEIGHT, WIDTH, write_clip
from demo.hair import CELL, LINE, contact_sheet, main, recolor


def test_recolor_writes_a_video_and_gives_the_rows_of_the_sheet(tmp_path: Path) -> None:
    clip, output = tmp_path / "clip.mp4", tmp_path / "demo.mp4"
    write_clip(clip, 8)
    graph, rows = recolor(clip, output, 8)
    with VideoReader(clip) as before, VideoReader(output) as after:
        assert [moment for moment, _ in after] == [moment for moment, _ in before]
    assert len(rows) == 4
    for source, mask, result in rows:
        assert source.shape == result.shape == (HEIGHT, WIDTH, 3)
        assert mask.shape == (HEIGHT, WIDTH)
        assert (source != result).any(-1)[mask > 0.9].mean() > 0.9
        assert (source == result)[mask == 0].all()
    counts = {row.name: row.count for row in graph.profile()}
    assert counts["recolor"] == 8


def test_the_command_writes_its_files_and_prints_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demo.hair.FRAMES", 8)
    monkeypatch.setattr("demo.hair.write_clip", lambda path: write_clip(path, 8))
    monkeypatch.setattr("sys.argv", ["demo.hair", "--output", str(tmp_path / "new" / "out")])
    main()
    printed = capsys.readouterr().out
    assert "recolor" in printed
    assert "8 frames in" in printed
    written = {path.name for path in (tmp_path / "new" / "out").iterdir()}
    assert written == {"hair_clip.mp4", "hair_demo.mp4", "hair_demo.png"}


def test_contact_sheet_has_a_title_line_and_a_cell_a_picture() -> None:
    red = np.full((3, 4, 3), (255, 0, 0), np.uint8)
    half = np.full((3, 4), 0.5, np.float32)
    sheet = contact_sheet([[red, half], [half, red]], ["before", "hair"])
    assert sheet.size == (2 * CELL[0], LINE + 2 * CELL[1])
    first, second = LINE + 1, LINE + CELL[1] + 1
    assert [sheet.getpixel(place) for place in ((1, first), (CELL[0], first), (1, second))] == [
        (255, 0, 0),
        (128, 128, 128),
        (128, 128, 128),
    ]
