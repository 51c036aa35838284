"""The chain of side packets from a path to a model that computes, in MediaPipe's ways."""

import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tests.calculators.inference.tiny import ADD, tiny_model
from tryon import GraphError

LEFT, RIGHT = np.array([[1, 2]], np.float32), np.array([[10, 20]], np.float32)

BY_PROVIDER = """
node { calculator: "ResourceProviderCalculator"
       input_side_packet: "RESOURCE_ID:path" output_side_packet: "RESOURCE:content" }
node { calculator: "TfLiteModelCalculator"
       input_side_packet: "MODEL_RESOURCE:content" output_side_packet: "MODEL:model" }
"""
BY_CONTENTS = """
node { calculator: "LocalFileContentsCalculator"
       input_side_packet: "FILE_PATH:path" output_side_packet: "CONTENTS:content" }
node { calculator: "TfLiteModelCalculator"
       input_side_packet: "MODEL_BLOB:content" output_side_packet: "MODEL:model" }
"""
INFERENCE = """
node { calculator: "TfLiteCustomOpResolverCalculator" output_side_packet: "OP_RESOLVER:resolver" }
node { calculator: "InferenceCalculator" input_stream: "TENSORS:in" output_stream: "TENSORS:out"
       input_side_packet: "MODEL:model" input_side_packet: "OP_RESOLVER:resolver" }
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tiny.tflite"
    path.write_bytes(tiny_model([1, 2], [ADD]))
    return path


@pytest.mark.parametrize("chain", [BY_PROVIDER, BY_CONTENTS])
def test_values(path, chain):
    inputs = {"in": [(1, [LEFT, RIGHT])]}
    outputs = run_node(INFERENCE + chain, inputs, {"path": str(path)}, observe=["out"])
    assert outputs["out"][0][1][0].tolist() == [[11, 22]]


@pytest.mark.parametrize("chain", [BY_PROVIDER, BY_CONTENTS])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"There is no file \"nothing\.tflite\""),
        (b"", "is empty"),
        (b"no model", "is not a .tflite file"),
    ],
)
def test_bad_file(tmp_path, chain, content, message):
    path = "nothing.tflite"
    if content is not None:
        path = tmp_path / "bad.tflite"
        path.write_bytes(content)
    with pytest.raises(GraphError, match=message):
        run_node(INFERENCE + chain, {"in": []}, {"path": str(path)}, observe=["out"])


def test_model_or_path():
    node = """node {
      calculator: "InferenceCalculator" input_stream: "TENSORS:in" output_stream: "TENSORS:out"
      input_side_packet: "MODEL:model"
      options { [mediapipe.InferenceCalculatorOptions.ext] { model_path: "x" } }
    }"""
    with pytest.raises(GraphError, match=r"Either model as side packet or model path .* both are given"):
        run_node(node, {"in": []}, {"model": b""})


LOCAL_FILE = """
  calculator: "LocalFileContentsCalculator"
  input_side_packet: "FILE_PATH:path" output_side_packet: "CONTENTS:text"
  options { [mediapipe.LocalFileContentsCalculatorOptions.ext] { text_mode: true } }
"""
RESOURCE = """
  calculator: "ResourceProviderCalculator"
  input_side_packet: "RESOURCE_ID:path" output_side_packet: "RESOURCE:text"
  node_options {
    [type.googleapis.com/mediapipe.ResourceProviderCalculatorOptions] { read_mode: READ_MODE_TEXT }
  }
"""
TO_STREAM = """
  calculator: "SidePacketToStreamCalculator" input_side_packet: "text" output_stream: "AT_PRESTREAM:out"
"""


@pytest.mark.parametrize("node", [LOCAL_FILE, RESOURCE])
def test_text(tmp_path, node):
    path = tmp_path / "a.txt"
    path.write_text("ä", encoding="utf-8")
    outputs = run_node(f"node {{ {node} }} node {{ {TO_STREAM} }}", {}, {"path": str(path)}, observe=["out"])
    assert [value for _, value in outputs["out"]] == ["ä"]


PROVIDER = 'calculator: "ResourceProviderCalculator"'
TWO_OUTPUTS = 'output_side_packet: "RESOURCE:0:a" output_side_packet: "RESOURCE:1:b"'


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (f'{PROVIDER} output_side_packet: "RESOURCE:a"', "either as side packets"),
        (f'{PROVIDER} input_side_packet: "RESOURCE_ID:p" {TWO_OUTPUTS}', "1 paths and 2 RESOURCE"),
        ('calculator: "LocalFileContentsCalculator" output_side_packet: "CONTENTS:a"', "0 FILE_PATH and 1"),
        ('calculator: "TfLiteModelCalculator" output_side_packet: "MODEL:a"', "exactly one of the side"),
    ],
)
def test_exception(node, message):
    with pytest.raises(GraphError, match=message):
        run_node(f"node {{ {node} }}", {}, {"p": "x"}, observe=[])
