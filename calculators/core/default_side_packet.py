"""DefaultSidePacketCalculator."""

from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, ProcessStatus, register

OPTIONAL_VALUE = "OPTIONAL_VALUE"
DEFAULT_VALUE = "DEFAULT_VALUE"
VALUE = "VALUE"


@register
class DefaultSidePacketCalculator(Calculator):
    """Gives a side packet that the run may leave out, or else a default.

    Input side packets:
        OPTIONAL_VALUE: anything; need not be given when the run starts (optional).
        DEFAULT_VALUE: anything, of the same type.

    Output side packets:
        VALUE: OPTIONAL_VALUE where it is given, else DEFAULT_VALUE.

    Example:
        node {
          calculator: "DefaultSidePacketCalculator"
          input_side_packet: "OPTIONAL_VALUE:wanted_shade"
          input_side_packet: "DEFAULT_VALUE:usual_shade"
          output_side_packet: "VALUE:shade"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        default = contract.input_side_packets[DEFAULT_VALUE].set_any()
        if OPTIONAL_VALUE in contract.input_side_packets:
            contract.input_side_packets[OPTIONAL_VALUE].set_same_as(default).optional()
        contract.output_side_packets[VALUE].set_same_as(default)

    def open(self, context: CalculatorContext) -> None:
        sides = context.input_side_packets
        is_given = OPTIONAL_VALUE in sides and not sides[OPTIONAL_VALUE].is_empty
        context.output_side_packets[VALUE].set(sides[OPTIONAL_VALUE if is_given else DEFAULT_VALUE].value)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        return STOP
