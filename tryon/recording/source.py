"""Plays recorded streams."""

from tryon.calculator import STOP, Calculator, CalculatorContext, ProcessStatus
from tryon.contract import CalculatorContract
from tryon.recording.recording import Recording
from tryon.registry import register
from tryon.timestamp import Timestamp, next_allowed_in_stream

RECORDING = "RECORDING"


@register
class RecordingSourceCalculator(Calculator):
    """Sends what streams carried when they were recorded: packets, bounds and ends, in that order.

    The outputs are the recorded streams of the same names.

    Input side packets:
        RECORDING: a tryon.recording.Recording.

    Outputs:
        0: what was recorded; as many as wanted.

    Example:
        node {
          calculator: "RecordingSourceCalculator"
          input_side_packet: "RECORDING:recording"
          output_stream: "input_video"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets[RECORDING].set(Recording)
        for output in contract.outputs.all_of(""):
            output.set_any()

    def open(self, context: CalculatorContext) -> None:
        recording: Recording = context.input_side_packets[RECORDING].value
        self._outputs = {output.name: output for output in context.outputs}
        for name in self._outputs:
            recording.check_stream(name)
            self._outputs[name].header = recording.header(name)
        self._events = recording.events(list(self._outputs))

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        event = next(self._events, None)
        if event is None:
            return STOP
        output = self._outputs[event.stream]
        if not event.packet.is_empty:
            output.add_packet(event.packet)
        elif event.packet.timestamp == Timestamp.DONE:
            output.close()
        else:
            output.set_next_timestamp_bound(next_allowed_in_stream(event.packet.timestamp))
        return None
