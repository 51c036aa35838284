"""What users get wrong: each gives one message that names the file or node, and leaves nothing half-done."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.calculators.inference.tiny import ADD, tiny_model
from tests.calculators.nails.network import red_is_nail
from tests.calculators.video.conftest import make_video
from tests.tryon import nodes
from tests.tryon.cli.command import Outcome, tryon

assert nodes

ROOT = Path(__file__).resolve().parents[3]
OPTIONS = "[type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions]"
FLIP = f"""# Turns frames over.
input_stream: "input_video"
output_stream: "output_video"
node {{
  name: "flip"
  calculator: "ImageTransformationCalculator"
  input_stream: "IMAGE:input_video"
  output_stream: "IMAGE:output_video"
  node_options {{ {OPTIONS} {{ flip_vertically: true }} }}
}}
"""
HAIR = str(ROOT / "graphs/hair_recolor.pbtxt")
NAILS = str(ROOT / "graphs/nail_polish.pbtxt")
COPPER = str(ROOT / "graphs/looks/hair/copper.json")


@pytest.fixture
def flip(tmp_path: Path) -> str:
    path = tmp_path / "flip.pbtxt"
    path.write_text(FLIP)
    return str(path)


def assert_one_message(outcome: Outcome, pattern: str) -> None:
    """One error, the one that was expected; progress lines and what the message lists may stand around."""
    assert outcome.status == 1
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert outcome.err.count("error: ") == 1, outcome.err
    assert re.search(pattern, outcome.err), outcome.err


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def written(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def two_sizes(folder: Path) -> Path:
    small = make_video(folder / "small.h264")
    large = make_video(folder / "large.h264", size=(96, 80))
    return written(folder / "two sizes.h264", small.read_bytes() + large.read_bytes())


def frameless(folder: Path) -> Path:
    data = make_video(folder / "frameless.avi", codec="mpeg4").read_bytes()
    return written(folder / "frameless.avi", data[: data.index(b"movi") + 4])


MakeFile = Callable[[Path], Path]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "missing.mp4", 'There is no video file ".*missing.mp4"'),
        (lambda folder: written(folder / "empty.mp4", ""), '".*empty.mp4" is empty'),
        (lambda folder: written(folder / "text.txt", "not a video\n" * 99), '".*text.txt" is a text file'),
        (lambda folder: written(folder / "noise.mp4", bytes(range(256)) * 9), '".*noise.mp4" is not a video'),
        (lambda folder: cut(make_video(folder / "cut.mp4"), 0.5), '".*cut.mp4" is cut off'),
        (frameless, '".*frameless.avi" .*not one frame'),
        (lambda folder: folder / "nothing/*.png", 'nothing/\\*.png"'),
    ],
    ids=["missing", "empty", "text", "noise", "truncated", "zero frames", "no pictures"],
)
def test_video_is_refused_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, flip: str, make: MakeFile, message: str
) -> None:
    output = tmp_path / "out/out.mp4"
    output.parent.mkdir()
    outcome = tryon(capsys, "run", flip, "--input", str(make(tmp_path)), "--output", str(output))
    assert_one_message(outcome, message)
    assert list(output.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (two_sizes, r"The resolution of .*two sizes.h264.* changes from 64x48 to 96x80 at 0\.400 s"),
        (
            lambda folder: cut(make_video(folder / "cut.mkv", range(100)), 0.6),
            r"cut.mkv\" is cut off: it ends at \d\.\d+ s, not at 4\.000 s",
        ),
    ],
    ids=["resolution", "truncated"],
)
def test_video_fails_on_the_way(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, flip: str, make: MakeFile, message: str
) -> None:
    """What was encoded is kept beside; a file that had the final name is untouched."""
    output = written(tmp_path / "out.mp4", "yesterday's video")
    outcome = tryon(capsys, "run", flip, "--input", str(make(tmp_path)), "--output", str(output))
    assert_one_message(outcome, message)
    partial = tmp_path / "out.mp4.partial"
    assert f'What was encoded so far is kept in "{partial}".' in outcome.err
    assert output.read_text() == "yesterday's video"
    assert tryon(capsys, "run", flip, "--input", str(partial)).status == 0


def changed(old: str, new: str) -> str:
    assert old in FLIP
    return FLIP.replace(old, new)


def place(text: str, part: str) -> str:
    """line:column, from 1, of the last occurrence of a part."""
    before = text[: text.rindex(part)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


SECOND = 'node { calculator: "%s" input_stream: "%s" output_stream: "%s" }\n'


@pytest.mark.parametrize("command", ["run", "validate"])
@pytest.mark.parametrize(
    ("text", "part", "message"),
    [
        (
            changed('"ImageTransformationCalculator"', '"ImageTransformCalculator"'),
            '"ImageTransformCalculator"',
            r'.*"ImageTransformCalculator".* Did you mean "ImageTransformationCalculator"\?',
        ),
        (
            changed('"IMAGE:input_video"', '"IMAGE:input_vidio"'),
            '"IMAGE:input_vidio"',
            r'.*"input_vidio".* Did you mean "input_video"\?',
        ),
        (
            changed('"IMAGE:input_video"', '"IMAGES:input_video"'),
            "node {",
            r'ImageTransformationCalculator(.*\n)+Failed to get tag "IMAGE" index 0\n'
            r'.*"IMAGES" index 0 .*Did you mean "IMAGE"',
        ),
        (
            changed('"IMAGE:output_video"', '"IMAGE:output_video" output_stream: "PADDING:p"'),
            "node {",
            r'ImageTransformationCalculator(.*\n)+Tag "PADDING" index 0 was not expected. \(.*g.pbtxt:8:54\)',
        ),
        (
            FLIP + SECOND % ("TestPassCalculator", "input_video", "output_video"),
            '"output_video"',
            r'Output Stream "output_video" defined twice',
        ),
        (
            changed("IMAGE:input_video", "IMAGE:b") + SECOND % ("TestPassCalculator", "output_video", "b"),
            "node {\n",
            r".*cycle.*\[flip, TestPassCalculator\].*back_edge: true",
        ),
        (
            changed("flip_vertically", "flip_verticaly"),
            "flip_verticaly",
            r'.*"flip_verticaly"\. Did you mean "flip_vertically"\?',
        ),
        (
            changed("flip_vertically: true", 'output_width: "wide"'),
            '"wide"',
            r".*Couldn't parse integer",
        ),
        (changed("flip_vertically: true", "scale_mode: FITT"), "FITT", r".*FITT"),
        (
            changed("calculator:", "calculatr:"),
            "calculatr",
            r'.*"calculatr"\. Did you mean "calculator"\?',
        ),
        (FLIP[:-3], "}", r"Failed to parse"),
        (
            FLIP + SECOND % ("TestEvenCalculator", "output_video", "evens"),
            '"output_video" output_stream',
            r'Input stream "output_video" .* expects packets of type "int" but .*ndarray',
        ),
    ],
    ids=[
        "unknown calculator",
        "missing stream",
        "missing tag",
        "unknown tag",
        "two producers",
        "cycle",
        "option name",
        "option type",
        "option enum",
        "field",
        "no end",
        "stream type",
    ],
)
def test_graph_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, text: str, part: str, message: str
) -> None:
    graph = written(tmp_path / "g.pbtxt", text)
    arguments = ["--input", "clip.mp4", "--output", str(tmp_path / "out.mp4")] if command == "run" else []
    outcome = tryon(capsys, command, str(graph), *arguments)
    assert_one_message(outcome, f"g.pbtxt:{place(text, part)}: {message}")
    assert sorted(tmp_path.iterdir()) == [graph]


def test_all_problems_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = changed('"IMAGE:input_video"', '"IMAGE:nowhere"') + 'node { calculator: "Nothing" }\n'
    outcome = tryon(capsys, "validate", str(written(tmp_path / "g.pbtxt", text)))
    assert_one_message(outcome, r'g.pbtxt:7:17: .*"nowhere"')
    assert re.search(r'g.pbtxt:11:20: .*"Nothing"', outcome.err)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "missing.tflite", 'no file ".*missing.tflite"'),
        (lambda folder: written(folder / "noise.tflite", "noise" * 99), "noise.tflite"),
        (
            lambda folder: written(
                folder / "cut.tflite", (ROOT / "models/hair_256.tflite").read_bytes()[:999]
            ),
            "cut.tflite",
        ),
        (
            lambda folder: written(folder / "other.tflite", tiny_model([1, 4], [ADD])),
            'Model ".*other.tflite" takes 2 input tensors',
        ),
    ],
    ids=["missing", "noise", "truncated", "other shapes"],
)
def test_model_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, make: MakeFile, message: str
) -> None:
    clip, output = make_video(tmp_path / "clip.mp4"), tmp_path / "out.mp4"
    arguments = ["--look", COPPER, "--set", f"inference.model_path={make(tmp_path)}"]
    outcome = tryon(capsys, "run", HAIR, "--input", str(clip), "--output", str(output), *arguments)
    assert_one_message(outcome, f'node "segmentation__inference" failed: .*{message}')
    assert not output.exists()


def look(**palette: object) -> str:
    return json.dumps(
        {"effects": [{"category": "hair_color", "palettes": [{"color": "#AA5522", **palette}]}]}
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, 'no file ".*look.json"'),
        ("{", 'look.json"'),
        (look(colour="#AA5522"), r'look.json" .*effects\[0\].palettes\[0\].colour is not known'),
        (look(color="#12"), r'look.json" .*effects\[0\].palettes\[0\].color: .*"#12"'),
        (look(color_intensity=150), r'look.json" .*effects\[0\].palettes\[0\].color_intensity is 150'),
    ],
    ids=["missing", "no JSON", "unknown field", "colour", "range"],
)
def test_look_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None, message: str
) -> None:
    clip, output, path = make_video(tmp_path / "clip.mp4"), tmp_path / "out.mp4", tmp_path / "look.json"
    if content is not None:
        path.write_text(content)
    arguments = ["--input", str(clip), "--output", str(output), "--look", str(path)]
    assert_one_message(tryon(capsys, "run", HAIR, *arguments), message)
    assert not output.exists()
    assert not Path(f"{output}.partial").exists()


def polish(fingers: Sequence[str] = (), **palette: object) -> str:
    effect = {"category": "nail_polish", "palettes": [{"color": "#AA5522", **palette}], "fingers": fingers}
    return json.dumps({"effects": [effect]})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            polish(["thumb", "indx"]),
            r'look.json" .*effects\[0\].fingers\[1\] is "indx"; did you mean "index"',
        ),
        (
            polish(texture="mat"),
            r'look.json" .*effects\[0\].palettes\[0\].texture is "mat"; did you mean "matte"',
        ),
        (polish(flake=5), r'look.json" .*palettes\[0\].flake goes with the texture "metallic" or "pearl"'),
        (look(), 'node "look" failed: .*look.json" is for "hair_color"; this graph paints "nail_polish"'),
    ],
    ids=["finger", "finish", "field of another finish", "for hair"],
)
def test_nail_look_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, message: str
) -> None:
    clip, output = make_video(tmp_path / "clip.mp4"), tmp_path / "out.mp4"
    path = written(tmp_path / "look.json", content)
    model = written(tmp_path / "nail.tflite", red_is_nail(32))
    arguments = ["--input", str(clip), "--output", str(output), "--look", str(path)]
    arguments += ["--set", f"nail_tracking.model_path={model}", "--set", "nail_tracking.input_size=32"]
    assert_one_message(tryon(capsys, "run", NAILS, *arguments), message)
    assert not output.exists()
    assert not Path(f"{output}.partial").exists()


def test_a_look_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = tryon(capsys, "run", HAIR, "--input", "clip.mp4")
    assert_one_message(outcome, 'needs the side packet "look_path": give it with --look')


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("no/such/folder/out.mp4", "no/such/folder"),
        ("folder.mp4", 'folder.mp4" is a folder'),
        ("clip.mp4", 'clip.mp4" is the input itself'),
        ("out.xyz", r'out.xyz".*\.mp4'),
        ("/proc/out.mp4", "/proc/out.mp4"),
    ],
)
def test_output_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, flip: str, output: str, message: str
) -> None:
    clip = make_video(tmp_path / "clip.mp4")
    before = clip.read_bytes()
    (tmp_path / "folder.mp4").mkdir()
    outcome = tryon(capsys, "run", flip, "--input", str(clip), "--output", str(tmp_path / output))
    assert_one_message(outcome, message)
    assert clip.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "flip.pbtxt", "folder.mp4"]


@pytest.mark.parametrize("camera", ["camera:77", "/dev/video77", "http://localhost:9/stream"])
def test_camera_is_absent(capsys: pytest.CaptureFixture[str], tmp_path: Path, flip: str, camera: str) -> None:
    output = tmp_path / "out.mp4"
    outcome = tryon(capsys, "run", flip, "--input", camera, "--output", str(output))
    assert_one_message(outcome, f'There is no camera "{camera.removeprefix("camera:")}"')
    assert list(tmp_path.iterdir()) == [Path(flip)]
