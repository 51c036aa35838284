import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tests.calculators.inference.tiny import ADD, tiny_model
from tests.gpu import need_gpu
from tryon import GraphError
from tryon.graph import CalculatorGraph

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
        ('model_path: "x" delegate { external {} }', "name the shared library"),
        ('model_path: "x" delegate { nnapi {} }', "nnapi {} } is Android's"),
        ('model_path: "x" use_nnapi: true', "nnapi {} } is Android's"),
        ('model_path: "x" delegate { xnnpack { num_threads: 0 } }', "at least 1, not 0"),
        ('model_path: "x" cpu_num_thread: -2', "at least 1, not -2"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(GraphError, match=message):
        run_node(node(options), {"in": []})


def run_and_read_notes(path, delegate):
    """What the node gives for one list of tensors, and what it says."""
    network = node(f'model_path: "{path}" {delegate}')
    graph = CalculatorGraph(f'input_stream: "in" {network}')
    results = []
    graph.observe_output_stream("out", lambda name, packet: results.append(packet.value[0].tolist()))
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("in", [LEFT, RIGHT], 1)
    return results, graph.notes()


@pytest.mark.parametrize(
    ("delegate", "note"),
    [
        ("delegate { gpu {} }", "computes on the GPU, in float16 where it can."),
        ("use_gpu: true", "computes on the GPU, in float16 where it can."),
        ("delegate { gpu { allow_precision_loss: false } }", "computes on the GPU, in float32."),
        ("delegate { auto { allow_precision_loss: false } }", "computes on the GPU, in float32."),
    ],
)
def test_gpu(path, delegate, note):
    need_gpu()
    assert run_and_read_notes(path, delegate) == ([[[11, 22]]], [("network", note)])


def test_gpu_that_refuses_the_model(path):
    need_gpu()
    path.write_bytes(tiny_model([1, 1, 1, 1, 2], [ADD]))
    with pytest.raises(GraphError, match=r'(?s)node "network".*tiny\.tflite": the GPU does not take ADD'):
        run_node(node(f'model_path: "{path}" delegate {{ gpu {{}} }}'), {"in": []})


def test_delegate_wins_over_its_older_form(path):
    assert run_and_read_notes(path, "use_gpu: true delegate { xnnpack {} }") == ([[[11, 22]]], [])


def test_missing_library_names_node_and_places(path):
    options = f'model_path: "{path}" delegate {{ external {{ library: "libnone.so" }} }}'
    with pytest.raises(GraphError, match=r'(?s)node "network".*no file "libnone\.so" \(looked for'):
        run_node(node(options), {"in": []})


def test_bad_model_names_node_and_file(path):
    path.write_bytes(b"TFL3")
    with pytest.raises(GraphError, match=r'(?s)node "network".*tiny\.tflite" is not a \.tflite file'):
        run_node(node(f'model_path: "{path}"'), {"in": []})


def test_bad_tensors_name_node_and_timestamp(path):
    with pytest.raises(GraphError, match=r'(?s)node "network".*received 1\..*timestamp 7'):
        run_node(node(f'model_path: "{path}"'), {"in": [(7, [LEFT])]})
