"""What a renderer changes in a graph, with texts in place of pictures."""

import threading

import pytest

from tests.tryon import nodes
from tests.tryon.test_graph import watch
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register
from tryon.graph import CalculatorGraph
from tryon.renderer import Device, Renderer

assert nodes


class OnGpu(str):
    """A text that is on the GPU."""


class Changes(Calculator):
    """Sends each text on, with a letter added, as another kind of text."""

    source: type = str
    target: type = str
    letter = ""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(cls.source)
        contract.outputs[0].set(cls.target)
        contract.timestamp_offset = 0
        contract.uses_gpu = OnGpu in (cls.source, cls.target)

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add(self.target(context.inputs[0].value + self.letter), context.input_timestamp)


@register
class TestTextUploadCalculator(Changes):
    target, letter = OnGpu, "^"


@register
class TestTextReadBackCalculator(Changes):
    source, letter = OnGpu, "v"


@register
class TestTextACalculator(Changes):
    letter = "a"


@register
class TestTextBCalculator(Changes):
    letter = "b"


@register
class TestGpuTextACalculator(Changes):
    source, target, letter = OnGpu, OnGpu, "A"


@register
class TestGpuTextBCalculator(Changes):
    source, target, letter = OnGpu, OnGpu, "B"


class Counts(Changes):
    """Sends how long each text is."""

    target = int

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add(len(context.inputs[0].value), context.input_timestamp)


@register
class TestTextCountCalculator(Counts):
    pass


@register
class TestGpuTextCountCalculator(Counts):
    source = OnGpu


@register
class TestThreadCalculator(Changes):
    """Sends the name of the thread that it runs on, and says that it uses the GPU."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(str)
        contract.outputs[0].set(str)
        contract.uses_gpu = True

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add(threading.current_thread().name, context.input_timestamp)


RENDERER = Renderer(
    OnGpu,
    {f"TestText{kind}Calculator": f"TestGpuText{kind}Calculator" for kind in ("A", "B", "Count")},
    "TestTextUploadCalculator",
    "TestTextReadBackCalculator",
    lambda software: Device("a test", True),
)


def chain(calculators: str, outputs: str = "") -> str:
    """Nodes "n0", "n1" ... of TestTextACalculator and so on, from stream "s0" to "s1" to "s2" ..."""
    text = 'input_stream: "s0"' + "".join(f' output_stream: "{name}"' for name in outputs.split())
    return text + "".join(
        f' node {{ name: "n{i}" calculator: "TestText{kind}Calculator" input_stream: "s{i}" '
        f'output_stream: "s{i + 1}" }}'
        for i, kind in enumerate(calculators)
    )


PASS = ' node {{ name: "pass" calculator: "TestPassCalculator" input_stream: "{}" output_stream: "passed" }}'


def run(text: str, output: str) -> list[tuple[int, str]]:
    graph = CalculatorGraph(text, renderer=RENDERER)
    seen = watch(graph, output)
    with graph:
        graph.start_run()
        graph.add_packet_to_input_stream("s0", "x", 3)
    return [(time, str(value)) for time, value in seen]


@pytest.mark.parametrize(
    ("text", "output", "expected"),
    [
        (chain("A", "s1"), "s1", "x^Av"),
        (chain("AB", "s2"), "s2", "x^ABv"),
        (chain("AB", "s1 s2"), "s1", "x^Av"),
        (chain("AB", "s2") + PASS.format("s1"), "passed", "x^Av"),
        (chain("AB", "s2") + PASS.format("s0"), "passed", "x"),
    ],
)
def test_streams_carry_what_they_carry_on_the_cpu(text, output, expected):
    assert run(text, output) == [(3, expected)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (chain("A"), ["s0__upload", "n0"]),
        (chain("AB"), ["s0__upload", "n0", "n1"]),
        (chain("AB", "s2"), ["s0__upload", "n0", "n1", "s2__read_back"]),
        (chain("AB", "s1"), ["s0__upload", "n0", "s1__read_back", "n1"]),
        (chain("") + PASS.format("s0"), ["pass"]),
    ],
)
def test_pictures_move_only_where_they_must(text, names):
    graph = CalculatorGraph(text, renderer=RENDERER).validated
    assert [info.name for info in graph.nodes] == names
    assert RENDERER.nodes(graph) == [name for name in names if name[0] == "n"]


@pytest.mark.parametrize(
    ("stream", "names", "expected"),
    [
        ("s0", ["s0__upload", "n0", "s1__read_back", "count"], 1),
        ("s1", ["s0__upload", "n0", "s1__read_back", "count"], 3),
    ],
)
def test_what_only_measures_does_so_on_the_gpu_where_a_picture_was_made_there(stream, names, expected):
    text = f'{chain("A", "s1 n")} node {{ name: "count" calculator: "TestTextCountCalculator" '
    text += f'input_stream: "{stream}" output_stream: "n" }}'
    graph = CalculatorGraph(text, renderer=RENDERER)
    assert [info.name for info in graph.validated.nodes] == names
    assert RENDERER.nodes(graph.validated) == (["n0", "count"] if stream == "s1" else ["n0"])
    assert run(text, "n") == [(3, str(expected))]


def test_a_stream_is_uploaded_once_for_all():
    text = (
        'input_stream: "s0"'
        + chain("AB").partition('"s0"')[2]
        + (' node { calculator: "TestTextBCalculator" input_stream: "s0" output_stream: "other" }')
    )
    graph = CalculatorGraph(text, renderer=RENDERER)
    assert [node.calculator for node in graph.config.node].count("TestTextUploadCalculator") == 1


def test_a_node_in_a_cycle_stays_on_the_cpu():
    text = """
        input_stream: "s0"
        node { calculator: "TestTextACalculator" input_stream: "s1" output_stream: "s2"
               input_stream_info { tag_index: ":0" back_edge: true } }
        node { calculator: "TestPassCalculator" input_stream: "s2" output_stream: "s1" }
    """
    calculators = [node.calculator for node in CalculatorGraph(text, renderer=RENDERER).config.node]
    assert calculators == ["TestTextACalculator", "TestPassCalculator"]


def test_without_a_renderer_nothing_changes():
    assert [node.name for node in CalculatorGraph(chain("AB", "s2")).config.node] == ["n0", "n1"]


def test_errors_show_the_place_in_the_graph_file():
    node = 'calculator: "TestTextACalculator"\n  input_stream: "s9"\n  output_stream: "s1"'
    text = f'input_stream: "s0"\nnode {{\n  {node}\n}}'
    with pytest.raises(GraphError, match=r'<string>:4:17: Input Stream "s9'):
        CalculatorGraph(text, renderer=RENDERER)


def test_nodes_that_use_the_gpu_have_a_thread_of_their_own():
    text = 'input_stream: "s0" num_threads: 3 executor { name: "mine" type: "ThreadPoolExecutor" options { '
    text += "[mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 2 } } }"
    node = ' node {{ calculator: "TestThreadCalculator" input_stream: "s0" output_stream: "{}" {} }}'
    text += node.format("t0", "") + node.format("t1", 'executor: "mine"')
    graph = CalculatorGraph(text)
    seen = [watch(graph, "t0"), watch(graph, "t1")]
    with graph:
        graph.start_run()
        for time in range(10):
            graph.add_packet_to_input_stream("s0", "x", time)
    assert seen == [[(time, "gpu-0") for time in range(10)]] * 2
