"""How nodes take a look: as a side packet, as a stream, or as both."""

from calculators.color.look_pb2 import Look
from tryon import CalculatorContract, GraphError

LOOK = "LOOK"


def accept_look(contract: CalculatorContract, needed: bool = False) -> None:
    """Declares LOOK, the look to begin with as a side packet and later ones as a stream, where connected.

    Args:
        contract: of the node.
        needed: one of both must be connected.

    Raises:
        GraphError: neither is, and one is needed.
    """
    if LOOK in contract.inputs:
        contract.inputs[LOOK].set(Look)
    if LOOK in contract.input_side_packets:
        contract.input_side_packets[LOOK].set(Look)
    if needed and LOOK not in contract.inputs and LOOK not in contract.input_side_packets:
        raise GraphError("Nothing says what to paint: connect LOOK, as a side packet or as a stream.")
