"""Reads a look."""

from calculators.color import color_pb2
from calculators.color.look import PARTS, load_look
from calculators.color.look_checks import check_word
from calculators.color.look_pb2 import Look
from tryon import (
    STOP,
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    ProcessStatus,
    register,
)

PATH = "PATH"
LOOK = "LOOK"


@register
class LookFileCalculator(Calculator):
    """Reads a look, the data that says which colours an effect paints, from its JSON file.

    Input side packets:
        PATH: the file, a string.

    Output side packets:
        LOOK: the look, a tryon.Look.

    Options:
        tryon.LookFileCalculatorOptions
        categories: what the graph paints; a look without any of it is refused. Default: any look will do.

    Example:
        node {
          calculator: "LookFileCalculator"
          input_side_packet: "PATH:look_path"
          output_side_packet: "LOOK:look"
          node_options {
            [type.googleapis.com/tryon.LookFileCalculatorOptions] { categories: "hair_color" }
          }
        }
    """

    Options = color_pb2.LookFileCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[PATH].set(str)
        contract.output_side_packets[LOOK].set(Look)
        for i, category in enumerate(contract.options(cls.Options).categories):
            try:
                check_word(category, tuple(PARTS), f"categories[{i}]")
            except ValueError as error:
                raise GraphError(str(error)) from error

    def open(self, context: CalculatorContext) -> None:
        path = context.resource(context.input_side_packets[PATH].value)
        look = load_look(path)
        categories = list(context.options(self.Options).categories)
        found = {effect.category for effect in look.effects}
        if categories and not found & set(categories):
            raise GraphError(
                f'The look "{path}" is for {_names(sorted(found))}; this graph paints {_names(categories)}.'
            )
        context.output_side_packets[LOOK].set(look)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP


def _names(categories: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in categories)
