"""SidePacketToStreamCalculator."""

from tryon import (
    STOP,
    Calculator,
    CalculatorContext,
    CalculatorContract,
    GraphError,
    ProcessStatus,
    Timestamp,
    register,
)

AT_PRESTREAM = "AT_PRESTREAM"
AT_POSTSTREAM = "AT_POSTSTREAM"
AT_ZERO = "AT_ZERO"
AT_TICK = "AT_TICK"
AT_FIRST_TICK = "AT_FIRST_TICK"
AT_TIMESTAMP = "AT_TIMESTAMP"
TICK = "TICK"
TIMESTAMP = "TIMESTAMP"

FIXED = {AT_PRESTREAM: Timestamp.PRESTREAM, AT_POSTSTREAM: Timestamp.POSTSTREAM, AT_ZERO: 0}
AT_TICKS = (AT_TICK, AT_FIRST_TICK)
OUTPUT_TAGS = (AT_PRESTREAM, AT_POSTSTREAM, AT_ZERO, AT_TICK, AT_FIRST_TICK, AT_TIMESTAMP)


@register
class SidePacketToStreamCalculator(Calculator):
    """Sends side packets as stream packets, at the time that the output's tag names.

    Exactly one of the output tags is used, with one index for each untagged side packet.

    Inputs:
        TICK: anything; belongs to AT_TICK and AT_FIRST_TICK (optional).

    Outputs:
        AT_PRESTREAM: the side packets' values before all other timestamps (optional).
        AT_POSTSTREAM: after all others (optional).
        AT_ZERO: at timestamp 0 (optional).
        AT_TICK: at every TICK packet (optional).
        AT_FIRST_TICK: at the first TICK packet only (optional).
        AT_TIMESTAMP: at the timestamp given by the side packet TIMESTAMP (optional).

    Input side packets:
        0: anything; as many untagged ones as outputs.
        TIMESTAMP: int, belongs to AT_TIMESTAMP (optional).

    Example:
        node {
          calculator: "SidePacketToStreamCalculator"
          input_side_packet: "shade"
          output_stream: "AT_ZERO:first_shade"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        tags = {entry.tag for entry in contract.outputs.tags}
        tag = next(iter(tags), "")
        if len(tags) != 1 or tag not in OUTPUT_TAGS:
            known = f"{', '.join(OUTPUT_TAGS[:-1])} and {OUTPUT_TAGS[-1]}"
            given = ", ".join(sorted(filter(None, tags))) or "none"
            raise GraphError(
                f"Only one of {known} tags is allowed and required to specify output stream(s). "
                f"This node has {given}."
            )
        if (tag in AT_TICKS) != (TICK in contract.inputs):
            raise GraphError(
                "Either both TICK input and tick (AT_TICK/AT_FIRST_TICK) output should be used or none of "
                f"them. This node has {tag} {'with' if TICK in contract.inputs else 'without'} TICK."
            )
        if (tag == AT_TIMESTAMP) != (TIMESTAMP in contract.input_side_packets):
            raise GraphError(f"Either both {TIMESTAMP} and {AT_TIMESTAMP} should be used or none of them.")
        sides, outputs = contract.input_side_packets.all_of(""), contract.outputs.all_of(tag)
        if len(sides) != len(outputs):
            raise GraphError(
                "Same number of input side packets and output streams is required. "
                f"There are {len(sides)} untagged side packets and {len(outputs)} outputs."
            )
        for side, output in zip(sides, outputs, strict=True):
            output.set_same_as(side.set_any())
        if TIMESTAMP in contract.input_side_packets:
            contract.input_side_packets[TIMESTAMP].set(int)
        if TICK in contract.inputs:
            contract.inputs[TICK].set_any()
            contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        tag = context.outputs.tags.entries[0].tag
        if tag in AT_TICKS:
            timestamp = context.input_timestamp
        elif tag == AT_TIMESTAMP:
            timestamp = context.input_side_packets[TIMESTAMP].value
        else:
            timestamp = FIXED[tag]
        sides = context.input_side_packets.all_of("")
        for side, output in zip(sides, context.outputs.all_of(tag), strict=True):
            output.add(side.value, timestamp)
            if tag == AT_FIRST_TICK:
                output.close()
        return None if tag == AT_TICK else STOP
