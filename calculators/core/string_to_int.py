"""StringToIntCalculator and its siblings for other ranges."""

import re
from typing import ClassVar

from calculators.core.families import register_family
from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus

INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)


class StringToIntegerCalculator(Calculator):
    """Turns a side packet with a decimal number as text into an int.

    Input side packets:
        0: str, a whole number that the result's range holds; blanks around it are allowed.

    Output side packets:
        0: int.

    Example:
        node {
          calculator: "StringToIntegerCalculator"
          input_side_packet: "threads_text"
          output_side_packet: "threads"
        }
    """

    limits: ClassVar[range]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[0].set(str)
        contract.output_side_packets[0].set(int)

    def open(self, context: CalculatorContext) -> None:
        text = context.input_side_packets[0].value
        if not INTEGER.fullmatch(text) or int(text) not in self.limits:
            raise GraphError(
                f'The string could not be parsed as an integer. "{text}" is not a whole number from '
                f"{self.limits[0]} to {self.limits[-1]}."
            )
        context.output_side_packets[0].set(int(text))

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP


for _name, _bits in {"Int": 32, "Int32": 32, "Int64": 64}.items():
    _limits = range(-(2 ** (_bits - 1)), 2 ** (_bits - 1))
    register_family(StringToIntegerCalculator, f"StringTo{_name}Calculator", limits=_limits)
for _name, _bits in {"Uint": 32, "Uint32": 32, "Uint64": 64}.items():
    register_family(StringToIntegerCalculator, f"StringTo{_name}Calculator", limits=range(2**_bits))
