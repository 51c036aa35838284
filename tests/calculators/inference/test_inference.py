import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tests.calculators.inference.tiny import ADD, tiny_model
from tryon import GraphError

LEFT = np.array([[1, 2]], np.float32)
RIGHT = np.array([[10, 20]], np.float32)


def node(options: str) -> str:
    return f"""node {{
      name: "network"
      calculator: "InferenceCalculator" input_stream: "TENSORS:in" output_stream: "TENSORS:out"
      options {{ [mediapipe.InferenceCalculatorOptions.ext] {{ {options} }} }}
    }}"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tiny.tflite"
    path.write_bytes(tiny_model([1, 2], [ADD]))
    return path


@pytest.mark.parametrize(
    "delegate",
    [
        "",
        "delegate { xnnpack {} }",
        "delegate { xnnpack { num_threads: 2 } }",
        "cpu_num_thread: 2",
        "cpu_num_thread: 0 delegate { xnnpack { num_threads: 1 } }",
        "delegate { tflite {} }",
    ],
)
def test_values(path, delegate):
    inputs = {"in": [(1, [LEFT, RIGHT]), (2, [LEFT, LEFT])]}
    outputs = run_node(node(f'model_path: "{path}" {delegate}'), inputs)
    assert [(t, [tensor.tolist() for tensor in tensors]) for t, tensors in outputs["out"]] == [
        (1, [[[11, 22]]]),
        (2, [[[2, 4]]]),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "model_path is missing"),
        ('model_path: "no/such.tflite"', r'no file "no/such\.tflite"'),
        ('model_path: "x" delegate { gpu {} }', r"comes later; use delegate { xnnpack {} }"),
        ('model_path: "x" delegate { gpu { use_advanced_gpu_api: true } }', "comes later"),
        ('model_path: "x" use_gpu: true', "comes later"),
        ('model_path: "x" delegate { nnapi {} }', "nnapi {} } is Android's"),
        ('model_path: "x" use_nnapi: true', "nnapi {} } is Android's"),
        ('model_path: "x" delegate { xnnpack { num_threads: 0 } }', "at least 1, not 0"),
        ('model_path: "x" cpu_num_thread: -2', "at least 1, not -2"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(GraphError, match=message):
        run_node(node(options), {"in": []})


def test_bad_model_names_node_and_file(path):
    path.write_bytes(b"TFL3")
    with pytest.raises(GraphError, match=r'(?s)node "network".*tiny\.tflite" is not a \.tflite file'):
        run_node(node(f'model_path: "{path}"'), {"in": []})


def test_bad_tensors_name_node_and_timestamp(path):
    with pytest.raises(GraphError, match=r'(?s)node "network".*received 1\..*timestamp 7'):
        run_node(node(f'model_path: "{path}"'), {"in": [(7, [LEFT])]})
