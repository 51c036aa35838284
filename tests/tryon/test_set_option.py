import pytest

from tryon import Calculator, CalculatorContract, register
from tryon.config import parse_graph
from tryon.errors import GraphError
from tryon.expansion import expand
from tryon.proto import calculator_pb2
from tryon.set_option import calculator_options
from tryon.subgraph import SubgraphLibrary, canonical_names

NODES = """
node {
  name: "inference"
  calculator: "InferenceCalculator"
  options { [mediapipe.InferenceCalculatorOptions.ext] { model_path: "old.tflite" cpu_num_thread: 3 } }
}
node {
  name: "face__resize"
  calculator: "ImageTransformationCalculator"
  node_options {
    [type.googleapis.com/mediapipe.ImageTransformationCalculatorOptions] { output_width: 9 scale_mode: FIT }
  }
}
node { name: "hair__alpha" calculator: "SetAlphaCalculator" }
node { name: "nails__alpha" calculator: "SetAlphaCalculator" }
node { calculator: "PassThroughCalculator" }
node { name: "lists" calculator: "TestListsCalculator" }
"""


@register
class TestListsCalculator(Calculator):
    """Has options with lists in them: any message will do."""

    Options = calculator_pb2.CalculatorGraphConfig.Node

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.timestamp_offset = 0


def options_after(*settings: str) -> dict[str, str]:
    """Each node's options as text, for the nodes that have some."""
    config, _ = expand(parse_graph(NODES, "test"), SubgraphLibrary(None, ()), settings)
    found = {}
    for name, node in zip(canonical_names(config.node), config.node, strict=True):
        options = calculator_options(node)
        if options is not None:
            found[name] = " ".join(str(options).split())
    return found


@pytest.mark.parametrize(
    ("setting", "node", "expected"),
    [
        ("inference.model_path=new.tflite", "inference", 'model_path: "new.tflite" cpu_num_thread: 3'),
        ("inference.model_path=a=b c", "inference", 'model_path: "a=b c" cpu_num_thread: 3'),
        (
            "inference.delegate.xnnpack.num_threads=2",
            "inference",
            'model_path: "old.tflite" cpu_num_thread: 3 delegate { xnnpack { num_threads: 2 } }',
        ),
        ("face__resize.output_width=256", "face__resize", "output_width: 256 scale_mode: FIT"),
        ("resize.scale_mode=STRETCH", "face__resize", "output_width: 9 scale_mode: STRETCH"),
        ("resize.scale_mode=stretch", "face__resize", "output_width: 9 scale_mode: STRETCH"),
        (
            "ImageTransformationCalculator.flip_vertically=True",
            "face__resize",
            "output_width: 9 flip_vertically: true scale_mode: FIT",
        ),
        (
            "resize.padding_color.red=0",
            "face__resize",
            "output_width: 9 scale_mode: FIT padding_color { red: 0 }",
        ),
        ("hair__alpha.alpha_value=-1", "hair__alpha", "alpha_value: -1"),
        ("lists.input_stream=a, b", "lists", 'input_stream: "a" input_stream: "b"'),
        ("lists.input_stream=", "lists", ""),
        (
            "inference.delegate=gpu",
            "inference",
            'model_path: "old.tflite" cpu_num_thread: 3 delegate { gpu { } }',
        ),
        (
            "*.delegate=auto",
            "inference",
            'model_path: "old.tflite" cpu_num_thread: 3 delegate { auto { } }',
        ),
    ],
)
def test_set_option(setting: str, node: str, expected: str) -> None:
    before, after = options_after(), options_after(setting)
    assert after[node] == expected
    assert {k: v for k, v in after.items() if k != node} == {k: v for k, v in before.items() if k != node}


def test_later_settings_win() -> None:
    assert options_after("hair__alpha.alpha_value=1", "hair__alpha.alpha_value=2")["hair__alpha"] == (
        "alpha_value: 2"
    )


def test_every_node_that_has_the_option() -> None:
    after = options_after("nails__alpha.alpha_value=2", "*.alpha_value=1")
    assert (after["hair__alpha"], after["nails__alpha"]) == ("alpha_value: 1", "alpha_value: 2")


def test_what_is_chosen_already_keeps_what_it_holds() -> None:
    after = options_after("inference.delegate.xnnpack.num_threads=2", "inference.delegate=xnnpack")
    assert "delegate { xnnpack { num_threads: 2 } }" in after["inference"]
    after = options_after("inference.delegate.xnnpack.num_threads=2", "inference.delegate=auto")
    assert "delegate { auto { } }" in after["inference"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("inference", '"inference" is not of the form node.option=value.'),
        ("inference=3", "is not of the form node.option=value."),
        ("inferense.model_path=x", 'the graph has no node "inferense". Did you mean "inference"?'),
        ("zzz.model_path=x", 'the graph has no node "zzz". The nodes are: inference, face__resize,'),
        ("alpha.alpha_value=1", '"alpha" may be any of hair__alpha, nails__alpha; give the whole name.'),
        ("SetAlphaCalculator.alpha_value=1", "may be any of hair__alpha, nails__alpha"),
        ("PassThroughCalculator.x=1", "PassThroughCalculator has no options."),
        ("inference.model_pth=x", 'has no option "model_pth". Did you mean "model_path"?'),
        ("inference.zzz=x", 'has no option "zzz". Its options: model_path, '),
        ("inference.delegate=x", '"delegate" has options of its own: delegate.tflite, delegate.gpu,'),
        ("inference.model_path.x=1", '"model_path" has no options of its own, such as "x".'),
        ("inference.cpu_num_thread=two", '"cpu_num_thread" takes a whole number, not "two".'),
        ("inference.cpu_num_thread=99999999999", '"cpu_num_thread" takes a whole number, not "99999999999".'),
        ("*.delegat=gpu", 'no node has the option "delegat".'),
        ("*.alpha_value=x", '"alpha_value" takes a whole number, not "x".'),
        ("lists.node_options=x", '"node_options" is a list of messages; edit the graph to change it.'),
        ("resize.flip_vertically=maybe", '"flip_vertically" takes true or false, not "maybe".'),
        (
            "resize.scale_mode=FITT",
            '"scale_mode" takes one of DEFAULT, STRETCH, FIT, FILL_AND_CROP, not "FITT".',
        ),
    ],
)
def test_problems(setting: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        options_after(setting)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f'"{setting}"')
