"""Tells which parts of a person a look paints."""

from typing import Final

from calculators.color.look import HAIR
from calculators.color.look_makeup import MAKEUP_PARTS
from calculators.color.look_nails import NAILS
from calculators.color.look_pb2 import Look
from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, ProcessStatus, register

LOOK = "LOOK"
PARTS: Final = {"HAIR": {HAIR}, "NAILS": {NAILS}, "FACE": set(MAKEUP_PARTS)}


@register
class LookPartsCalculator(Calculator):
    """Tells which parts of a person a look paints, so that gates keep the networks of the others at rest.

    Input side packets:
        LOOK: a tryon.Look.

    Output side packets:
        HAIR: optional; bool, whether the look colours hair.
        NAILS: optional; bool, whether it polishes nails.
        FACE: optional; bool, whether it has any product of make-up.

    Example:
        node {
          calculator: "LookPartsCalculator"
          input_side_packet: "LOOK:look"
          output_side_packet: "HAIR:has_hair"
          output_side_packet: "FACE:has_face"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[LOOK].set(Look)
        for tag in PARTS:
            if tag in contract.output_side_packets:
                contract.output_side_packets[tag].set(bool)

    def open(self, context: CalculatorContext) -> None:
        found = {effect.category for effect in context.input_side_packets[LOOK].value.effects}
        for tag, categories in PARTS.items():
            if tag in context.output_side_packets:
                context.output_side_packets[tag].set(bool(found & categories))

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP
