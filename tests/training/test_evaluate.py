"""Scores of pictures: the command, its folder, its files."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.tiny_models import red_is_hair
from training.evaluate import main

SIDE = 24


def write_pair(root: Path, name: str, red: slice, hair: slice, suffix: str = ".png") -> None:
    """A picture with some rows in red, and a mask with some rows of hair."""
    picture, mask = np.zeros((SIDE, SIDE, 3), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    picture[red, :, 2] = 255
    mask[hair] = 255
    for folder, pixels, ending in (("images", picture, suffix), ("masks", mask, ".png")):
        (root / folder).mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(root / folder / f"{name}{ending}"), pixels)


NO, YES, HALF = slice(0, 0), slice(0, SIDE), slice(0, SIDE // 2)


@pytest.fixture
def data(tmp_path) -> Path:
    """Right, half right, wrong, and without hair; a model that calls red hair knows where it is."""
    write_pair(tmp_path / "data", "right", YES, YES)
    write_pair(tmp_path / "data", "half", YES, HALF)
    write_pair(tmp_path / "data", "wrong", YES, NO)
    write_pair(tmp_path / "data", "bald", NO, NO, ".jpg")
    return tmp_path / "data"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return red_is_hair(tmp_path_factory.mktemp("models") / "red.tflite")


@pytest.fixture
def scored(data, model, tmp_path, monkeypatch, capsys):
    """Runs the command in an empty folder and reads its JSON, the only thing on standard output."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> dict:
        assert main(["hair", str(model), str(data), "--json", "-", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_scores(scored):
    found = scored()
    assert found["pictures"] == 4
    # IoU: 1, 1/2, 0 and 1; F1: 1, 2/3, 0 and 1; boundary F: no outline at all but in `half`'s truth
    assert found["mean_iou"] == pytest.approx((1 + 1 / 2 + 0 + 1) / 4)
    assert found["pooled_iou"] == pytest.approx(1.5 / 3)
    assert found["f1"] == pytest.approx((1 + 2 / 3 + 0 + 1) / 4)
    assert found["boundary_f"] == pytest.approx((1 + 0 + 1 + 1) / 4)
    # 1.5 pictures of hair score 1; 1.5 pictures without score 1, too, and 1 scores 0.
    assert found["auroc"] == pytest.approx((1 + 1.5 / 2) / 2.5)
    assert found["network"]["mean_iou"] == pytest.approx(found["mean_iou"])
    assert [(row["name"], row["iou"]) for row in found["worst"][:2]] == [("wrong", 0), ("half", 0.5)]
    assert (found["per_tag"], found["per_set"], found["left_out"]) == ({}, {}, [])


def test_scores_by_tag_and_set(scored, data):
    (data / "index.csv").write_text("name,tag,set\nright,red,one\nhalf,red,two\nwrong,other,two\nbald,,\n")
    found = scored()
    assert found["pictures"] == 4
    assert {tag: (row["pictures"], row["mean_iou"]) for tag, row in found["per_tag"].items()} == {
        "red": (2, 0.75),
        "other": (1, 0),
    }
    assert found["per_tag"]["other"]["auroc"] is None
    assert {name: row["mean_iou"] for name, row in found["per_set"].items()} == {"one": 1, "two": 0.25}
    keys = {"pictures", "mean_iou", "pooled_iou", "f1", "boundary_f", "auroc"}
    assert keys == found["per_tag"]["red"].keys() == found["per_set"]["one"].keys() == found["network"].keys()


def test_split(scored, data, tmp_path, capsys, model):
    split = tmp_path / "split.txt"
    split.write_text("# mine\nright\nhalf\n")
    assert scored("--split", str(split))["mean_iou"] == 0.75
    split.write_text("right\nnobody\n")
    assert main(["hair", str(model), str(data), "--split", str(split)]) == 1
    assert "not there, though in the split: 1 (nobody)" in capsys.readouterr().err
    found = scored("--split", str(split), "--skip-bad")
    assert (found["pictures"], found["absent"]) == (1, ["nobody"])


def test_bad_pictures_are_named_all_at_once_or_left_out(scored, data, model, capsys):
    (data / "masks" / "wrong.png").unlink()
    (data / "images" / "bald.jpg").write_bytes(b"no picture")
    cv2.imwrite(str(data / "masks" / "half.png"), np.full((SIDE, SIDE), 77, np.uint8))
    assert main(["hair", str(model), str(data)]) == 1
    printed = capsys.readouterr()
    assert "3 problems" in printed.err
    assert printed.err.endswith("\n--skip-bad goes on without\n")
    for name in ("wrong", "bald", "half"):
        assert name in printed.err
    assert (printed.out, list(Path().glob("out/*"))) == ("", [])
    found = scored("--skip-bad")
    assert (found["pictures"], found["mean_iou"]) == (1, 1)
    assert sorted(row["name"] for row in found["left_out"]) == ["bald", "half", "wrong"]


def test_tables_and_sheet(data, model, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (data / "index.csv").write_text("name,tag,set\nright,curly,web\nhalf,curly,web\n")
    assert main(["hair", str(model), str(data), "--json", "scores/red.json"]) == 0
    printed = capsys.readouterr()
    for line in ("set web", "tag curly", "all", "all, network alone"):
        assert line in printed.out
    assert "0.7500" in printed.out
    assert "the worst pictures: out/worst_red.png" in printed.err
    assert json.loads(Path("scores/red.json").read_text())["mean_iou"] == 0.75
    sheet = cv2.imread("out/worst_red.png")
    assert sheet.shape[1] > 2 * 400
    assert sorted(path.name for path in tmp_path.glob("*/*.partial")) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.tflite", "data"], r'Model "nowhere.tflite" cannot be read: No such file or directory.'),
        (["data/masks/half.png", "data"], 'Model "data/masks/half.png" is not a .tflite file'),
        (["red.tflite", "nowhere"], "nowhere: no pictures"),
        (["red.tflite", "data", "--split", "nowhere.txt"], "nowhere.txt: no such file"),
    ],
)
def test_mistakes_are_one_message(data, model, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("red.tflite").symlink_to(model)
    assert main(["hair", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith(message)
    assert "Traceback" not in printed.err


def test_an_output_that_is_a_folder_is_refused_before_the_work(data, model, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["hair", str(model), str(data), "--worst", str(tmp_path)])
    assert ended.value.code == 2
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize("task", [[], ["hair"], ["hair_video"]])
def test_help_has_examples(task, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["evaluate"])
    with pytest.raises(SystemExit):
        main([*task, "--help"])
    assert f"python -m training.evaluate {(task or ['hair'])[0]} models/" in capsys.readouterr().out
