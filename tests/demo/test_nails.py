from pathlib import Path

import pytest

from demo.nails import main


def test_the_command_writes_its_files_and_prints_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("demo.nails.FRAMES", 8)
    monkeypatch.setattr("sys.argv", ["demo.nails", "--output", str(tmp_path / "new" / "out")])
    main()
    assert "8 frames in" in capsys.readouterr().out
    written = {path.name for path in (tmp_path / "new" / "out").iterdir()}
    assert written == {"nails_clip.mp4", "nails_demo.mp4", "nails_demo.png"}
