from pathlib import Path

import pytest

from calculators.render.shader import CORNERS, SHADERS, Shader, compile_message
from tests.calculators.render.strict_es import StrictEs
from tests.needed import missing
from tryon import GraphError

pytestmark = pytest.mark.gl

FILES = sorted(SHADERS.glob("*.frag"))


@pytest.fixture(scope="module")
def es():
    try:
        context = StrictEs()
    except OSError as error:
        missing(f"there is no OpenGL ES: {error}. apt-get install libegl1 libgl1-mesa-dri libgles2")
    yield context
    context.close()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_compiles_in_a_context_that_knows_es_3_alone(es, path):
    assert es.link(CORNERS.read_text(), path.read_text()) == ""


def test_the_strict_context_refuses_what_only_desktops_know(es):
    desktop = "#version 330 core\nout vec4 color; void main() { color = vec4(1.0); }"
    assert es.link(CORNERS.read_text(), desktop)
    no_precision = "#version 300 es\nout vec4 color; uniform float x; void main() { color = vec4(x); }"
    assert es.link(CORNERS.read_text(), no_precision)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_says_what_it_is_and_reads_all_bits(path):
    version, purpose, *lines = path.read_text().splitlines()
    assert version == "#version 300 es"
    assert purpose.startswith("// ")
    kinds = {line.split()[1] for line in lines if line.startswith("uniform sampler")}
    assert {f"precision highp {kind};" for kind in kinds} <= {*lines}


def test_a_shader_that_does_not_compile(gl, tmp_path: Path):
    path = tmp_path / "broken.frag"
    path.write_text(
        "#version 300 es\nprecision highp float;\nout vec4 color;\nvoid main() {\n  colour = vec4(1.0);\n}\n"
    )
    with pytest.raises(GraphError) as caught:
        Shader(gl, path)
    assert str(caught.value).startswith(f"{path}:5: {gl.device.name} does not take this shader: ")
    assert "colour" in str(caught.value)


def test_a_shader_that_is_missing(gl, tmp_path: Path):
    with pytest.raises(GraphError, match=r'The shader ".*none.frag" cannot be read: .*No such file'):
        Shader(gl, tmp_path / "none.frag")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            "GLSL Compiler failed\n\nfragment_shader\n===============\n0:12(5): error: `x' undeclared\n",
            "a.frag:12: GPU does not take this shader: 0:12(5): error: `x' undeclared",
        ),
        (
            'GLSL Compiler failed\n\nfragment_shader\n===\n0(7) : error C1503: undefined variable "x"',
            'a.frag:7: GPU does not take this shader: 0(7) : error C1503: undefined variable "x"',
        ),
        (
            "ERROR: 0:3: 'x' : undeclared identifier",
            "a.frag:3: GPU does not take this shader: ERROR: 0:3: 'x' : undeclared identifier",
        ),
        (
            "GLSL Linker failed\n\nno main",
            "a.frag: GPU does not take this shader: GLSL Linker failed no main",
        ),
    ],
)
def test_messages_of_several_drivers(said, message):
    assert compile_message(Path("a.frag"), "GPU", said) == message
