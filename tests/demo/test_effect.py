from pathlib import Path

import numpy as np
import pytest

from calculators.video.reader import VideoReader
from demo import makeup, nails
from demo.effect import MOMENTS, paint
from demo.hands_clip import HEIGHT, WIDTH, timestamp, write_clip


@pytest.mark.parametrize("looks", [nails.LOOKS, makeup.LOOKS], ids=["nails", "makeup"])
def test_the_looks_shown_are_there(looks: dict[str, tuple[Path, Path]]) -> None:
    assert all(effect.is_file() and look.is_file() for effect, look in looks.values())


def test_paint_writes_a_video_of_the_same_times(tmp_path: Path) -> None:
    clip, output = tmp_path / "clip.mp4", tmp_path / "demo.mp4"
    write_clip(clip, 8)
    moments = {timestamp(int(8 * moment)) for moment in MOMENTS}
    graph, kept = paint(*nails.LOOKS["classic_red"], clip, output, moments)
    with VideoReader(clip) as before, VideoReader(output) as after:
        assert [moment for moment, _ in after] == [moment for moment, _ in before]
    assert len(kept) == len(MOMENTS)
    assert all(frame.shape == (HEIGHT, WIDTH, 3) and frame.dtype == np.uint8 for frame in kept)
    assert 8 in {row.count for row in graph.profile()}
