from contextlib import nullcontext

import pytest

from calculators.color.look_pb2 import Look
from tryon import GraphError
from tryon.graph import CalculatorGraph

GRAPH = """
input_side_packet: "path"
output_side_packet: "look"
node { calculator: "LookFileCalculator" input_side_packet: "PATH:path" output_side_packet: "LOOK:look" }
"""


def test_values():
    graph = CalculatorGraph(GRAPH)
    graph.start_run({"path": "graphs/looks/hair/copper.json"})
    graph.wait_until_done()
    look = graph.get_output_side_packet("look").value
    assert isinstance(look, Look)
    assert look.effects[0].palettes[0].color == "#B3552B"


def test_missing_file():
    graph = CalculatorGraph(GRAPH)
    graph.start_run({"path": "graphs/looks/hair/cooper.json"})
    with pytest.raises(GraphError, match=r"no file .*cooper\.json"):
        graph.wait_until_done()


@pytest.mark.parametrize(
    ("categories", "message"),
    [
        (["hair_color"], None),
        (["nail_polish", "hair_color"], None),
        (
            ["nail_polish", "lipstick"],
            r'copper.json" is for "hair_color"; this graph paints "nail_polish", "lipstick"',
        ),
        (["hair_colour"], r'categories\[0\] is "hair_colour"; did you mean "hair_color"'),
    ],
)
def test_looks_for_other_graphs_are_refused(categories, message):
    options = "".join(f'categories: "{name}" ' for name in categories)
    node = f"node_options {{ [type.googleapis.com/tryon.LookFileCalculatorOptions] {{ {options} }} }} }}"
    with nullcontext() if message is None else pytest.raises(GraphError, match=message):
        graph = CalculatorGraph(GRAPH.rstrip().removesuffix("}") + node)
        graph.start_run({"path": "graphs/looks/hair/copper.json"})
        graph.wait_until_done()
