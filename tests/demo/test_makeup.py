from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.makeup import LOOKS, main


def test_the_command_writes_its_files_and_prints_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demo.makeup.FRAMES", 8)
    monkeypatch.setattr("sys.argv", ["demo.makeup", "--output", str(tmp_path / "new" / "out")])
    main()
    assert "8 frames in" in capsys.readouterr().out
    folder = tmp_path / "new" / "out"
    assert {path.name for path in folder.iterdir()} == {
        "makeup_clip.mp4",
        "makeup_demo.mp4",
        "makeup_demo.png",
    }
    with Image.open(folder / "makeup_demo.png") as sheet:
        bare, *looks = np.array_split(np.asarray(sheet).astype(int), 1 + len(LOOKS), axis=1)
    # A face is a small part of a frame, and lips and lids of a face.
    for made_up in looks:
        width = min(bare.shape[1], made_up.shape[1])
        assert (np.abs(made_up[:, :width] - bare[:, :width]).max(axis=-1) > 10).mean() > 0.001
