import pytest

from calculators.color.look_pb2 import Look
from tryon.graph import CalculatorGraph

GRAPH = """
input_side_packet: "look"
output_side_packet: "hair"
output_side_packet: "nails"
output_side_packet: "face"
node {
  calculator: "LookPartsCalculator"
  input_side_packet: "LOOK:look"
  output_side_packet: "HAIR:hair"
  output_side_packet: "NAILS:nails"
  output_side_packet: "FACE:face"
}
"""


@pytest.mark.parametrize(
    ("categories", "parts"),
    [
        (["hair_color"], ["hair"]),
        (["nail_polish", "nail_polish"], ["nails"]),
        (["lipstick"], ["face"]),
        (["mascara", "hair_color", "nail_polish"], ["hair", "nails", "face"]),
    ],
)
def test_parts(categories, parts):
    look = Look()
    for category in categories:
        look.effects.add(category=category)
    graph = CalculatorGraph(GRAPH)
    graph.start_run({"look": look})
    graph.wait_until_done()
    names = ("hair", "nails", "face")
    assert [name for name in names if graph.get_output_side_packet(name).value is True] == parts
    assert {graph.get_output_side_packet(name).value for name in names} <= {True, False}
