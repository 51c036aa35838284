from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calculators.nails.nail import CLASSES
from demo import nail_looks


def test_the_command_writes_a_sheet_of_three_hands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "looks").mkdir()
    look = nail_looks.LOOKS / "classic_red.json"
    (tmp_path / "looks" / look.name).write_text(look.read_text())
    monkeypatch.setattr(nail_looks, "LOOKS", tmp_path / "looks")
    monkeypatch.setattr("sys.argv", ["demo.nail_looks", "--output", str(tmp_path / "new")])
    nail_looks.main()
    assert capsys.readouterr().out == f"wrote {tmp_path / 'new' / 'nail_looks.png'}\n"
    with Image.open(tmp_path / "new" / "nail_looks.png") as sheet:
        shown = np.asarray(sheet).astype(int)
    assert len(shown) == 24 + 3 * 264
    for row in range(3):
        before, after = np.array_split(shown[24 + 264 * row : 284 + 264 * row], 2, axis=1)
        red = after[..., 0] - after[..., 1] - (before[..., 0] - before[..., 1]) > 60
        assert 0.01 < red.mean() < 0.06


def test_nails_of_a_drawing() -> None:
    nails = nail_looks.true_nails(nail_looks.hand(0.5))
    assert sorted(CLASSES[nail.finger] for nail in nails) == sorted(CLASSES[5:])
    for nail in nails:
        rows, columns = nail.mask.shape
        assert nail.left < nail.center[0] < nail.left + columns
        assert nail.top < nail.center[1] < nail.top + rows
        assert -np.pi < nail.angle < 0, "the fingers point up"
        assert 1 < nail.length / nail.width < 2.5
