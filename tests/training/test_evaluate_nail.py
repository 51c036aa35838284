"""Scores of nails: the command, its folder, its files."""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from calculators.nails.nail import CLASSES
from tests.training.tiny_nails import nail_colour, red_is_nail
from training import evaluate_nail_pictures
from training.evaluate import main

SIDE = 96
PLACES = [(8, 8, 24, 16), (8, 40, 24, 16), (8, 72, 24, 16), (64, 8, 16, 24), (64, 48, 16, 24)]
"""Of the nails of a hand: left, top, width, height."""


def write_pair(root: Path, name: str, seen: dict[int, int], there: dict[int, int]) -> None:
    """A picture with nails in the colours of fingers, and instances: by place, finger or number."""
    picture, instances = np.zeros((SIDE, SIDE, 3), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    for pixels, values in ((picture, seen), (instances, there)):
        for place, value in values.items():
            left, top, width, height = PLACES[place]
            colour = nail_colour(value)[::-1] if pixels is picture else value
            pixels[top : top + height, left : left + width] = colour
    for folder, pixels in (("images", picture), ("instances", instances)):
        (root / folder).mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(root / folder / f"{name}.png"), pixels)


HAND = {place: place for place in range(5)}
NUMBERS = {place: 10 * place + 10 for place in range(5)}


@pytest.fixture
def data(tmp_path) -> Path:
    """A hand; the same with its thumb missed and the little finger for the other hand's; none twice."""
    root = tmp_path / "data"
    write_pair(root, "hand", HAND, NUMBERS)
    write_pair(root, "wrong", {1: 1, 2: 2, 3: 3, 4: 9}, NUMBERS)
    write_pair(root, "none", {}, {})
    write_pair(root, "false", {0: 0}, {})
    return root


@pytest.fixture
def labels(tmp_path) -> Path:
    """The hand's fingers; the directions that the model sees in `hand`, and 5 degrees off in `wrong`."""
    lines = ["picture,nail,finger,dx,dy"]
    for name, off in (("hand", 0), ("wrong", np.radians(5))):
        for finger in range(5):
            angle = 2 * np.pi * finger / len(CLASSES) + off
            lines.append(f"{name},{NUMBERS[finger]},{finger},{np.cos(angle):.5f},{np.sin(angle):.5f}")
    path = tmp_path / "labels.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return red_is_nail(tmp_path_factory.mktemp("models") / "red.tflite", SIDE)


@pytest.fixture
def scored(data, model, tmp_path, monkeypatch, capsys):
    """Runs the command in an empty folder and reads its JSON, the only thing on standard output."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> dict:
        assert main(["nail", str(model), str(data), "--json", "-", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_scores(scored, labels):
    found = scored("--labels", str(labels))
    assert (found["pictures"], found["nails"], found["labels"]) == (4, 10, str(labels))
    assert found["recall"] == 9 / 10
    assert found["precision"] == 9 / 10
    # The masks' soft edges are round at the corners.
    assert found["matched_iou"] == pytest.approx(1, abs=0.05)
    area = 24 * 16
    assert found["nail_iou"] == pytest.approx(9 * area / (11 * area), abs=0.04)
    by_name = {picture["name"]: picture for picture in found["per_picture"]}
    assert by_name["hand"]["nail_iou"] == pytest.approx(1, abs=0.05)
    assert by_name["wrong"]["nail_iou"] == pytest.approx(4 / 5, abs=0.04)
    assert (by_name["none"]["nail_iou"], by_name["false"]["nail_iou"]) == (1, 0)
    assert [row["name"] for row in found["worst"]] == ["false", "wrong", "hand", "none"]
    assert (found["empty_pictures"], found["false_pictures"]) == (2, 0.5)
    assert found["false_pixels"] == pytest.approx(area / (2 * SIDE**2), abs=0.002)
    assert found["boundary_f"] == pytest.approx((1 + 2 * 4 / (4 + 5) + 1 + 0) / 4, abs=0.01)
    # 24 x 16 pixels of 96 are 72 square of 352.
    sizes = {name: (size["nails"], size["recall"]) for name, size in found["sizes"].items()}
    assert sizes == {"small": (0, None), "medium": (0, None), "large": (10, 0.9)}
    assert (found["per_tag"], found["per_set"], found["left_out"], found["absent"]) == ({}, {}, [], [])


def test_fingers_and_directions(scored, labels):
    found = scored("--labels", str(labels))
    assert (found["direction_nails"], found["finger_nails"], found["whole_hand_nails"]) == (9, 9, 9)
    # Five are right, four are 5 degrees off, one of these a half turn less 1 / 10, as is its finger.
    assert found["direction_median"] == pytest.approx(1, abs=2)
    assert found["direction_p90"] > 5
    assert found["finger_accuracy"] == found["whole_hand_accuracy"] == pytest.approx(8 / 9)
    assert found["finger_accuracy_any_hand"] == 1
    nails = next(picture for picture in found["per_picture"] if picture["name"] == "wrong")["nails"]
    assert [nail["number"] for nail in nails] == [10, 20, 30, 40, 50]
    assert [nail["found_finger"] for nail in nails] == [None, 1, 2, 3, 9]
    assert (nails[0]["iou"], nails[0]["direction_error"]) == (None, None)
    assert nails[1]["direction_error"] == pytest.approx(5, abs=2)
    assert nails[4]["direction_error"] == pytest.approx(175, abs=2)


def test_without_labels(scored):
    """The committed ones are of other pictures."""
    found = scored()
    assert (found["labels"], found["direction_nails"], found["direction_median"]) == (None, 0, None)
    assert (found["finger_accuracy"], found["whole_hand_accuracy"]) == (None, None)


@pytest.mark.parametrize(("line", "taken"), [("", True), ("hand,11,0,1,0", False)])
def test_the_committed_labels_are_taken_where_they_fit(data, labels, monkeypatch, line, taken):
    labels.write_text(f"{labels.read_text()}\n{line}\n")
    monkeypatch.setattr(evaluate_nail_pictures, "ROOT", labels.parent)
    monkeypatch.setattr(evaluate_nail_pictures, "LABELS", labels)
    name, known = evaluate_nail_pictures.find_labels(data, ["hand", "wrong", "none"], None)
    assert (name, sorted(known)) == (("labels.csv", ["hand", "wrong"]) if taken else ("", []))


def test_scores_by_tag_and_set(scored, data):
    (data / "index.csv").write_text("name,tag,set\nhand,red,one\nwrong,red,two\nfalse,,two\n")
    found = scored()
    assert found["pictures"] == 3
    assert {name: (row["pictures"], row["recall"]) for name, row in found["per_tag"].items()} == {
        "red": (2, 0.9)
    }
    assert {name: row["precision"] for name, row in found["per_set"].items()} == {"one": 1, "two": 0.8}
    assert found["per_tag"]["red"].keys() == found["per_set"]["one"].keys() <= found.keys()


def test_split(scored, data, tmp_path, capsys, model):
    split = tmp_path / "split.txt"
    split.write_text("# mine\nhand\n")
    assert scored("--split", str(split))["recall"] == 1
    split.write_text("hand\nnobody\n")
    assert main(["nail", str(model), str(data), "--split", str(split)]) == 1
    assert "not there, though in the split: 1 (nobody)" in capsys.readouterr().err
    found = scored("--split", str(split), "--skip-bad")
    assert (found["pictures"], found["absent"]) == (1, ["nobody"])


def test_bad_pictures_are_named_all_at_once_or_left_out(scored, data, model, capsys):
    (data / "instances" / "wrong.png").unlink()
    (data / "images" / "none.png").write_bytes(b"no picture")
    cv2.imwrite(str(data / "instances" / "false.png"), np.zeros((SIDE, SIDE - 1), np.uint8))
    assert main(["nail", str(model), str(data)]) == 1
    printed = capsys.readouterr()
    for part in ("3 problems", "--skip-bad", "wrong", "none.png", "false.png", f"{SIDE - 1}x{SIDE}"):
        assert part in printed.err
    assert (printed.out, list(Path().glob("out/*"))) == ("", [])
    found = scored("--skip-bad")
    assert (found["pictures"], found["recall"]) == (1, 1)
    assert sorted(row["name"] for row in found["left_out"]) == ["false", "none", "wrong"]


def test_tables_and_sheet(data, labels, model, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (data / "index.csv").write_text("name,tag,set\nhand,still,web\nwrong,still,web\nnone,,\nfalse,,\n")
    arguments = ["nail", str(model), str(data), "--labels", str(labels), "--json", "scores/red.json"]
    assert main(arguments) == 0
    printed = capsys.readouterr()
    for line in ("set web", "tag still", "all", "large nails", "finger right on whole hands", "0.9000"):
        assert line in printed.out
    assert f"fingers and directions: {labels}" in printed.err
    assert "the worst pictures: out/worst_red.png" in printed.err
    assert json.loads(Path("scores/red.json").read_text())["recall"] == 0.9
    assert cv2.imread("out/worst_red.png").shape[1] > 2 * 400


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.tflite", "data"], r'Model "nowhere.tflite" cannot be read: No such file or directory.'),
        (["red.tflite", "nowhere"], "nowhere: no pictures in images/; a data set is a folder with images/"),
        (["red.tflite", "data", "--split", "nowhere.txt"], "nowhere.txt: no such file"),
        (["red.tflite", "data", "--labels", "nowhere.csv"], "nowhere.csv: no such file"),
        (
            ["red.tflite", "data", "--labels", "red.tflite"],
            "red.tflite: not a table of comma-separated",
        ),
        (
            ["red.tflite", "data", "--labels", "others.csv"],
            "others.csv: labels nail 3 of hand, which",
        ),
        (
            ["red.tflite", "data", "--labels", "far.csv"],
            "far.csv: labels none of the pictures in data;",
        ),
    ],
)
def test_mistakes_are_one_message(data, model, tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("red.tflite").symlink_to(model)
    Path("others.csv").write_text("picture,nail,finger,dx,dy\nhand,3,1,1.0,0.0\n")
    Path("far.csv").write_text("picture,nail,finger,dx,dy\nfoot,10,1,1.0,0.0\n")
    assert main(["nail", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith(message)
    assert "Traceback" not in printed.err


def test_moved_stills(data, model, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    arguments = ["nail_video", str(model), str(data), "--clips", "2", "--frames", "24"]
    assert main([*arguments, "--json", "-", "--sheet", "sheets/red.png"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["clips"], found["frames"], sorted(found["per_clip"])) == (2, 48, ["hand", "wrong"])
    hand = found["per_clip"]["hand"]
    assert hand["iou_rest"] > 0.8
    assert hand["recall_moving"] > 0.8
    assert hand["flicker_rest"] < 0.1
    assert abs(hand["lag"]) < 0.5
    assert hand["nail_frames"] > 24
    assert found["per_clip"]["wrong"]["recall_rest"] <= 0.8
    assert cv2.imread("sheets/red.png").shape == (2 * 2 * 240, 6 * 240, 3)
    assert main([*arguments, "--sheet", "red.mp4"]) == 0
    assert "IoU at rest" in capsys.readouterr().out
    assert Path("red.mp4").stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--sheet", "red.gif"], 1, "red.gif: a sheet is a .png, a video an .mp4"),
        (["--sheet", "red.png", "--look", "nowhere.json"], 1, 'Cannot read the look "nowhere.json"'),
        (["--look", "some.json"], 1, "--look is what --sheet shows: name its file, too"),
        (["--sheet", "."], 2, ". is a folder; name a file"),
        (["--clips", "0"], 2, "0 is no number of clips, 1 or more"),
        (["--frames", "1"], 2, "1 is no number of frames, 2 or more"),
    ],
)
def test_mistakes_of_moved_stills(data, model, monkeypatch, tmp_path, capsys, arguments, status, message):
    monkeypatch.chdir(tmp_path)
    try:
        ended = main(["nail_video", str(model), str(data), *arguments])
    except SystemExit as error:
        ended = error.code
    assert ended == status
    assert message in capsys.readouterr().err


def test_a_stopped_command_says_so(data, model, tmp_path, monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluate_nail_pictures, "score_nails", stop)
    assert main(["nail", str(model), str(data)]) == 130
    assert capsys.readouterr().err == "stopped\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("task", ["nail", "nail_video"])
def test_help_has_examples(task, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["evaluate"])
    with pytest.raises(SystemExit):
        main([task, "--help"])
    assert f"python -m training.evaluate {task} models/" in capsys.readouterr().out
