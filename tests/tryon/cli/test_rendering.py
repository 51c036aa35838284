"""Where a run draws, and what it says about that."""

from pathlib import Path

import av
import numpy as np
import pytest

from calculators.render import renderer as stock
from demo.clip import write_clip
from tests.calculators.render.losing import lose_context
from tests.tryon.cli.command import tryon
from tests.tryon.test_twins import RENDERER, chain
from tryon import GraphError
from tryon.cli import rendering
from tryon.cli.common import RendererChoice
from tryon.cli.graphs import load_graph
from tryon.cli.host import SPLIT, host
from tryon.cli.rendering import make_graph
from tryon.cli.running import is_repeatable
from tryon.config import read_graph
from tryon.graph import CalculatorGraph
from tryon.recording import Recording
from tryon.renderer import Device, Renderer, find_renderer

pytestmark = pytest.mark.gl

LOOK = "graphs/looks/hair/copper.json"


def find_nothing(software: bool) -> Device:
    raise GraphError("there is no GPU." if software else "there is no GPU")


def find_hardware(software: bool) -> Device:
    return Device("Fast 9000", False)


def find_software(software: bool) -> Device:
    if not software:
        raise GraphError("the only driver is software")
    return Device("Slow 1", True)


@pytest.mark.parametrize(
    ("wanted", "find_device", "drawing", "warning"),
    [
        ("cpu", find_hardware, "cpu (as asked)", ""),
        ("gpu", find_hardware, "gpu (Fast 9000): n0, n1", ""),
        ("auto", find_hardware, "gpu (Fast 9000): n0, n1", ""),
        ("gpu", find_software, "gpu (Slow 1): n0, n1", ""),
        ("auto", find_software, "cpu (the only driver is software)", ""),
        ("auto", find_nothing, "cpu (there is no GPU)", ""),
        (
            "gpu",
            find_nothing,
            "cpu (the GPU cannot, see above)",
            "warning: there is no GPU. The CPU draws instead.\n",
        ),
    ],
)
def test_choice(monkeypatch, capsys, wanted, find_device, drawing, warning):
    given = Renderer(RENDERER.image, RENDERER.twins, RENDERER.upload, RENDERER.read_back, find_device)
    monkeypatch.setattr(rendering, "find_renderer", lambda: given)
    graph, said = make_graph(read_graph(chain("AB", "s2")), (), RendererChoice(wanted))
    assert said == drawing
    assert capsys.readouterr().err == warning
    assert bool(given.nodes(graph.validated)) == drawing.startswith("gpu")


@pytest.mark.parametrize("wanted", RendererChoice)
def test_a_graph_that_draws_nothing_has_nothing_to_say(wanted):
    graph, said = make_graph(read_graph('input_stream: "in"'), (), wanted)
    assert said == ""
    assert not graph.validated.nodes


def test_the_stock_renderer_is_found():
    assert find_renderer() is stock.RENDERER


@pytest.mark.parametrize("choice", ["cpu", "gpu"])
def test_run(capsys: pytest.CaptureFixture[str], tmp_path: Path, choice: str):
    write_clip(tmp_path / "clip.mp4", 2)
    arguments = ["--input", str(tmp_path / "clip.mp4"), "--look", LOOK, "--renderer", choice]
    outcome = tryon(capsys, "run", "graphs/hair_recolor.pbtxt", *arguments)
    assert outcome.status == 0
    drawing, total = outcome.out.splitlines()[-2:]
    assert total.startswith("2 frames in ")
    if "warning" in outcome.err:
        pytest.skip(outcome.err)
    assert drawing.startswith(f"drawing: {choice} (")
    assert drawing.endswith(": refinement, recolor") == (choice == "gpu")
    assert ("input_video__upload" in outcome.out) == (choice == "gpu")


@pytest.mark.parametrize("text", ["input.mp4", "folder", "camera:0"])
def test_which_runs_can_start_over(tmp_path: Path, text: str):
    (tmp_path / "folder").mkdir()
    name = str(tmp_path / "folder") if text == "folder" else text
    hosted = host(load_graph("hair_recolor"), name, None, None)
    assert is_repeatable(CalculatorGraph(hosted.source).validated) == (text != "camera:0")


@pytest.mark.parametrize("choice", ["cpu", "gpu"])
def test_split(capsys: pytest.CaptureFixture[str], tmp_path: Path, choice: str):
    """With its position and an option of its node; a recording holds what was shown, and of what."""
    write_clip(tmp_path / "clip.mp4", 1)
    folder = tmp_path / "rec"
    arguments = ["--input", str(tmp_path / "clip.mp4"), "--look", LOOK, "--renderer", choice]
    arguments += ["--split", "0.25", "--set", "before_after.line_color=#FF0000", "--record", str(folder)]
    outcome = tryon(capsys, "run", "hair_recolor", *arguments)
    if "warning" in outcome.err:
        pytest.skip(outcome.err)
    assert outcome.status == 0
    recording, effect = Recording(folder), "output_video__on_gpu" if choice == "gpu" else "output_video"
    before, after, view = (next(recording.packets(name)).value for name in ("input_video", effect, SPLIT))
    if choice == "gpu":
        after = after.pixels()
    quarter = view.shape[1] // 4
    assert np.array_equal(view[:, : quarter - 1], before[:, : quarter - 1])
    assert (view[:, quarter - 1 : quarter + 1] == (255, 0, 0)).all()
    assert np.array_equal(view[:, quarter + 1 :], after[:, quarter + 1 :])


@pytest.mark.parametrize("recorded", [False, True])
def test_a_lost_gpu(monkeypatch, capsys, tmp_path: Path, recorded: bool):
    """The run starts over on the CPU; one that is recorded fails."""
    clip, video = tmp_path / "clip.mp4", tmp_path / "out.mp4"
    write_clip(clip, 4)
    arguments = ["--input", str(clip), "--output", str(video), "--look", LOOK, "--renderer", "gpu"]
    if recorded:
        arguments += ["--record", str(tmp_path / "rec")]
    lose_context(monkeypatch, after=12)
    outcome = tryon(capsys, "run", "hair_recolor", *arguments)
    if "Nothing can be drawn" in outcome.err:
        pytest.skip(outcome.err)
    assert outcome.err.count("was lost, as after a reset of the GPU") == 1
    if recorded:
        assert (outcome.status, video.exists()) == (1, False)
        return
    assert outcome.status == 0
    assert f"\n{outcome.err}".count("\nwarning: ") == 1
    assert 'for node "' in outcome.err
    assert "\nThe run starts over, on the CPU.\n" in outcome.err
    drawing, total = outcome.out.splitlines()[-2:]
    assert drawing == "drawing: cpu (the GPU was lost, see above)"
    assert total.startswith("4 frames in ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "out.mp4"]
    with av.open(video) as container:
        assert sum(1 for _ in container.decode(video=0)) == 4


def test_a_recording_of_what_the_gpu_drew_replays(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    write_clip(tmp_path / "clip.mp4", 2)
    arguments = ["--input", str(tmp_path / "clip.mp4"), "--look", LOOK, "--renderer", "gpu"]
    made = tryon(capsys, "run", "hair_recolor", *arguments, "--record", str(tmp_path / "rec"))
    if "warning" in made.err:
        pytest.skip(made.err)
    outcome = tryon(capsys, "replay", str(tmp_path / "rec"), "--node", "recolor")
    assert outcome.out.splitlines()[-1] == "ran recolor: 2 packets are equal"


def test_draw_shows_what_the_gpu_runs(capsys: pytest.CaptureFixture[str]):
    outcome = tryon(capsys, "draw", "graphs/hair_recolor.pbtxt", "--gpu")
    assert '["<b>input_video__upload</b><br/>ImageFrameToGpuBufferCalculator"]' in outcome.out
    assert '["<b>recolor</b><br/>GlLutApplicationCalculator"]' in outcome.out
    assert '["<b>output_video__read_back</b><br/>GpuBufferToImageFrameCalculator"]' in outcome.out
    assert 'subgraph segmentation["segmentation"]' in outcome.out
