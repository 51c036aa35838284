"""GateCalculator."""

from calculators.core import core_pb2
from calculators.core.headers import copy_headers
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

ALLOW = "ALLOW"
DISALLOW = "DISALLOW"
STATE_CHANGE = "STATE_CHANGE"


@register
class GateCalculator(Calculator):
    """Lets packets through or drops them, as a control stream, a side packet or an option says.

    At most one of ALLOW and DISALLOW is connected, as a stream or as a side packet. A control packet
    counts for its own timestamp only. Dropping tells the nodes behind that nothing comes, so they
    need not wait.

    Inputs:
        0: anything; as many untagged inputs as untagged outputs.
        ALLOW: bool, True opens the gate (optional).
        DISALLOW: bool, True closes the gate (optional).

    Outputs:
        0: the input's packets while the gate is open.
        STATE_CHANGE: bool at the timestamps where the gate opens (True) or closes (False) (optional).

    Input side packets:
        ALLOW: bool, True opens the gate for the whole run (optional).
        DISALLOW: bool, True closes the gate for the whole run (optional).

    Options:
        mediapipe.GateCalculatorOptions
        empty_packets_as_allow: True opens the gate where the control stream has no packet, default false.
        allow: whether the gate is open when nothing controls it, default false.
        initial_gate_state: GATE_ALLOW or GATE_DISALLOW, what the first state is compared with for
            STATE_CHANGE; UNSPECIFIED makes the first a change, GATE_UNINITIALIZED (the default) does not.

    Example:
        node {
          calculator: "GateCalculator"
          input_stream: "frames"
          input_stream: "DISALLOW:hair_is_known"
          output_stream: "frames_to_segment"
          node_options {
            [type.googleapis.com/mediapipe.GateCalculatorOptions] { empty_packets_as_allow: true }
          }
        }
    """

    Options = core_pb2.GateCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        controls = [
            types[tag].set(bool).optional()
            for types in (contract.inputs, contract.input_side_packets)
            for tag in (ALLOW, DISALLOW)
            if tag in types
        ]
        if len(controls) > 1:
            raise GraphError(
                f"At most one of {ALLOW} and {DISALLOW} may be connected, as a stream or as a side packet."
            )
        inputs, outputs = contract.inputs.all_of(""), contract.outputs.all_of("")
        if len(inputs) != len(outputs):
            raise GraphError(
                "Number of data output streams must match with data input streams. "
                f"{len(inputs)} inputs and {len(outputs)} outputs have no tag."
            )
        for source, target in zip(inputs, outputs, strict=True):
            target.set_same_as(source.set_any())
        if STATE_CHANGE in contract.outputs:
            contract.outputs[STATE_CHANGE].set(bool)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._control = next((tag for tag in (ALLOW, DISALLOW) if tag in context.inputs), None)
        self._otherwise = options.empty_packets_as_allow if self._control else options.allow
        self._is_fixed_by_side_packet = False
        sides = context.input_side_packets
        for tag in (ALLOW, DISALLOW):
            if tag in sides and not sides[tag].is_empty:
                self._is_fixed_by_side_packet = True
                self._otherwise = sides[tag].value is (tag == ALLOW)
        self._last: int = options.initial_gate_state
        copy_headers(context)

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        allow = self._otherwise
        if self._control and not context.inputs[self._control].is_empty:
            allow = context.inputs[self._control].value is (self._control == ALLOW)
        state = self.Options.GATE_ALLOW if allow else self.Options.GATE_DISALLOW
        if self._last not in (self.Options.GATE_UNINITIALIZED, state) and STATE_CHANGE in context.outputs:
            context.outputs[STATE_CHANGE].add(allow, context.input_timestamp)
        self._last = state
        for source, target in zip(context.inputs.all_of(""), context.outputs.all_of(""), strict=True):
            if allow and not source.is_empty:
                target.add_packet(source.packet)
            elif not allow and self._is_fixed_by_side_packet:
                target.close()
        return None
