"""A tester's recording of the hair effect, replayed elsewhere."""

import shutil
from pathlib import Path

import pytest

from demo.clip import write_clip
from tests.tryon.cli.command import tryon
from tryon.cli import main

LOOK = Path("graphs/looks/hair/copper.json")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a recording as it arrives, and the video that the tester saw."""
    home = tmp_path_factory.mktemp("tester")
    shutil.copy(LOOK, home / "mine.json")
    shutil.copytree("graphs/luts", home / "luts")
    text = (home / "mine.json").read_text()
    (home / "mine.json").write_text(text.replace("../../luts", "luts"))
    write_clip(home / "clip.mp4", 6)
    arguments = ["--input", str(home / "clip.mp4"), "--output", str(home / "out.mp4")]
    arguments += ["--look", str(home / "mine.json"), "--record", str(home / "rec")]
    with pytest.raises(SystemExit, match="0"):
        main(["run", "hair_recolor", *arguments])
    here = tmp_path_factory.mktemp("engineer")
    shutil.move(home / "rec", here / "rec")
    shutil.move(home / "out.mp4", here / "out.mp4")
    shutil.rmtree(home)
    return here


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        ([], "36 packets are equal"),
        (["--threads", "2"], "36 packets are equal"),
        (["--node", "refinement"], "ran refinement: 6 packets are equal"),
        (["--node", "interpolation"], "ran interpolation: 6 packets are equal"),
        (
            ["--node", "recolor", "--node", "interpolation"],
            "ran interpolation, recolor: 12 packets are equal",
        ),
        (["--node", "segmentation"], "6 packets are equal"),
    ],
)
def test_the_same_elsewhere(
    capsys: pytest.CaptureFixture[str], sent: Path, arguments: list[str], last: str
) -> None:
    outcome = tryon(capsys, "replay", str(sent / "rec"), *arguments)
    assert outcome.status == 0, outcome.err + outcome.out
    assert outcome.out.splitlines()[-1].endswith(last)


def test_as_the_input_of_a_run(capsys: pytest.CaptureFixture[str], sent: Path, tmp_path: Path) -> None:
    output = tmp_path / "again.mp4"
    arguments = ["--replay", str(sent / "rec"), "--output", str(output), "--look", str(LOOK)]
    outcome = tryon(capsys, "run", "hair_recolor", *arguments)
    assert outcome.status == 0, outcome.err
    assert output.read_bytes() == (sent / "out.mp4").read_bytes()
