"""Reads a look."""

from calculators.color.look import load_look
from calculators.color.look_pb2 import Look
from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, ProcessStatus, register

PATH = "PATH"
LOOK = "LOOK"


@register
class LookFileCalculator(Calculator):
    """Reads a look, the data that says which colours an effect paints, from its JSON file.

    Input side packets:
        PATH: the file, a string.

    Output side packets:
        LOOK: the look, a tryon.Look.

    Example:
        node {
          calculator: "LookFileCalculator"
          input_side_packet: "PATH:look_path"
          output_side_packet: "LOOK:look"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[PATH].set(str)
        contract.output_side_packets[LOOK].set(Look)

    def open(self, context: CalculatorContext) -> None:
        path = context.resource(context.input_side_packets[PATH].value)
        context.output_side_packets[LOOK].set(load_look(path))

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP
