"""RoundRobinDemuxCalculator."""

from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, register

OUTPUT = "OUTPUT"
SELECT = "SELECT"


@register
class RoundRobinDemuxCalculator(Calculator):
    """Deals packets out to several outputs in turn, so that copies of a slow node share the work.

    MuxCalculator puts them together again in their order.

    Inputs:
        0: anything.

    Outputs:
        OUTPUT: every n-th packet, n being the number of these outputs.
        SELECT: int, the number of the OUTPUT that got the packet of this timestamp (optional).

    Example:
        node {
          calculator: "RoundRobinDemuxCalculator"
          input_stream: "frames"
          output_stream: "OUTPUT:0:even_frames"
          output_stream: "OUTPUT:1:odd_frames"
          output_stream: "SELECT:which"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        source = contract.inputs[0].set_any()
        if OUTPUT not in contract.outputs:
            raise GraphError(f"There is no {OUTPUT} stream.")
        for output in contract.outputs.all_of(OUTPUT):
            output.set_same_as(source)
        if SELECT in contract.outputs:
            contract.outputs[SELECT].set(int)

    def open(self, context: CalculatorContext) -> None:
        self._next = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        outputs = context.outputs.all_of(OUTPUT)
        outputs[self._next].add_packet(context.inputs[0].packet)
        if SELECT in context.outputs:
            context.outputs[SELECT].add(self._next, context.input_timestamp)
        self._next = (self._next + 1) % len(outputs)
        return None
