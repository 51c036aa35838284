"""A context that is lost under what draws with it."""

import numpy as np
import pytest

from calculators.render.context import GlContext, gl_context
from calculators.render.gpu_image import upload
from calculators.render.renderer import RENDERER
from tests.calculators.render.losing import lose_context
from tryon import GraphError
from tryon.graph import CalculatorGraph
from tryon.renderer import DeviceLost

pytestmark = pytest.mark.gl

RECOLOR = """
    input_stream: "in" input_stream: "mask" output_stream: "out"
    node {
      name: "paint"
      calculator: "RecolorCalculator"
      input_stream: "IMAGE:in"
      input_stream: "MASK:mask"
      output_stream: "IMAGE:out"
      node_options { [type.googleapis.com/mediapipe.RecolorCalculatorOptions] { color { g: 128 } } }
    }
"""
GUILTY = 0x8253


def test_there_is_another_context_then(left_gl, monkeypatch, picture):
    with left_gl as gl:
        image = upload(gl, picture)
    lose_context(monkeypatch)
    for _ in range(2):
        with pytest.raises(DeviceLost, match=r"was lost, .* --renderer cpu draws on the CPU"):
            left_gl.__enter__()
    with pytest.raises(DeviceLost):
        image.pixels()
    with gl_context() as gl:
        assert gl is not left_gl
        assert not gl.is_lost
        del image  # belongs to the one before
        assert upload(gl, picture).texture.glo


def test_a_reset_ends_the_block(left_gl, monkeypatch):
    """Also one in which something failed because of it."""
    for error in (None, ValueError("no such texture")):
        gl = GlContext()
        monkeypatch.setattr(gl, "_reset_status", lambda: GUILTY)
        with pytest.raises(DeviceLost) as caught, gl:
            with gl:
                pass  # only the outermost ends
            if error:
                raise error
        assert caught.value.__cause__ is error
        assert gl.is_lost


def test_what_a_driver_refuses_ends_the_block(left_gl):
    with pytest.raises(GraphError, match="failed to draw: GL_INVALID_ENUM"), left_gl as gl:
        gl.context.enable_direct(0xFFFF)
    with left_gl as gl:
        assert not gl.is_lost


def test_a_graph_fails_and_runs_again(left_gl, monkeypatch, picture):
    graph, seen = CalculatorGraph(RECOLOR, renderer=RENDERER), []
    graph.observe_output_stream("out", lambda name, packet: seen.append((packet.timestamp, packet.value)))
    mask = np.ones((1, 1), np.float32)

    def feed(timestamp: int) -> None:
        graph.add_packet_to_input_stream("mask", mask, timestamp)
        graph.add_packet_to_input_stream("in", picture, timestamp)
        graph.wait_until_idle()

    graph.start_run()
    feed(0)
    lose_context(monkeypatch)
    with pytest.raises(
        GraphError, match=r'for node ".*" failed: .* was lost, .* \(at timestamp 1\)'
    ) as caught:
        feed(1)
    assert isinstance(caught.value.__cause__, DeviceLost)
    with pytest.raises(GraphError):
        graph.wait_until_done()
    assert [timestamp for timestamp, _ in seen] == [0]
    graph.start_run()
    feed(2)
    graph.close()
    assert [timestamp for timestamp, _ in seen] == [0, 2]
    assert np.array_equal(seen[1][1], seen[0][1])
