from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo import shades


def test_the_command_writes_a_sheet_of_four_subjects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shades, "installed_looks", lambda: [Path("graphs/looks/hair/rooted_blond.json")])
    monkeypatch.setattr("sys.argv", ["demo.shades", "--output", str(tmp_path / "new")])
    shades.main()
    assert capsys.readouterr().out == f"wrote {tmp_path / 'new' / 'shades.jpg'}\n"
    with Image.open(tmp_path / "new" / "shades.jpg") as sheet:
        shown = np.asarray(sheet).astype(int)
    rows = [shown[24 + 264 * row : 284 + 264 * row] for row in range(4)]
    assert len(shown) == 24 + 4 * 264
    for row in rows:
        before, after = np.array_split(row, 2, axis=1)
        assert np.abs(before - after).mean() > 1
    assert all(np.abs(rows[0] - row).mean() > 1 for row in rows[1:])
