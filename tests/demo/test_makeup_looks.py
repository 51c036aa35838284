from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calculators.face.parts import LEFT, eye_opening, face_shape, mouth
from demo import makeup_looks
from demo.portrait import TONES, drawn, photograph


def test_the_command_writes_two_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "looks").mkdir()
    for name in ("evening_red", "lipstick_classic_red"):
        look = makeup_looks.LOOKS / f"{name}.json"
        (tmp_path / "looks" / look.name).write_text(look.read_text())
    monkeypatch.setattr(makeup_looks, "LOOKS", tmp_path / "looks")
    monkeypatch.setattr("sys.argv", ["demo.makeup_looks", "--output", str(tmp_path / "new")])
    makeup_looks.main()
    sheets = [tmp_path / "new" / name for name in ("makeup_looks.png", "lipsticks.png")]
    assert capsys.readouterr().out == "".join(f"wrote {path}\n" for path in sheets)
    for path in sheets:
        with Image.open(path) as sheet:
            shown = np.asarray(sheet).astype(int)
        assert len(shown) == 24 + 4 * 264
        for row in range(4):
            before, after = np.array_split(shown[24 + 264 * row : 284 + 264 * row], 2, axis=1)
            red = after[..., 0] - after[..., 1] - (before[..., 0] - before[..., 1]) > 40
            assert 0.001 < red.mean() < 0.05


def test_faces_and_their_landmarks() -> None:
    portraits = [photograph(), *(drawn(tone) for tone in TONES), drawn(0.5, 1.0, 0.0)]
    for portrait in portraits:
        height, width = portrait.rgb.shape[:2]
        assert portrait.rgb.dtype == np.uint8
        assert ((portrait.face.landmarks > 0) & (portrait.face.landmarks < 1)).all()
        shape = face_shape(portrait.face, (width, height))
        assert shape is not None
        assert shape.size > 80
        skin = portrait.rgb[tuple(np.rint(shape.points[30]).astype(int)[::-1])].astype(int)
        assert skin[0] > skin[1] > skin[2], "the tip of the nose is skin"
    assert mouth(shape) is not None
    assert eye_opening(shape, LEFT) < 0.05
