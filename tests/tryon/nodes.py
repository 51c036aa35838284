"""Small calculators that the runtime's tests build graphs from."""

import threading

from tryon import STOP, Calculator, CalculatorContext, CalculatorContract, ProcessStatus, register


@register
class TestPassCalculator(Calculator):
    """Passes its packets on, offset 0."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for index in range(len(contract.inputs)):
            contract.inputs[index].set_any()
            contract.outputs[index].set_same_as(contract.inputs[index])
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        for stream, output in zip(context.inputs, context.outputs, strict=True):
            if not stream.is_empty:
                output.add_packet(stream.packet)


@register
class TestCounterCalculator(Calculator):
    """A source: 0, 1, 2 ... as many as the side packet says."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["COUNT"].set(int)
        contract.outputs[0].set(int)

    def open(self, context: CalculatorContext) -> None:
        self._next = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        if self._next >= context.input_side_packets["COUNT"].value:
            return STOP
        context.outputs[0].add(self._next, self._next)
        self._next += 1
        return None


@register
class TestNoteCalculator(Calculator):
    """Says something when it opens, and passes packets on."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set_any()
        contract.outputs[0].set_same_as(contract.inputs[0])

    def open(self, context: CalculatorContext) -> None:
        context.note("chose tea.")

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add_packet(context.inputs[0].packet)


@register
class TestEvenCalculator(Calculator):
    """Passes even numbers; says nothing about the timestamps of the others."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set(int)
        contract.outputs[0].set(int)

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[0].value % 2 == 0:
            context.outputs[0].add_packet(context.inputs[0].packet)


@register
class TestPrevCalculator(Calculator):
    """MAIN with the last LOOP packet before it, as an (main, loop) pair; the loop closes a cycle."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs["MAIN"].set(int)
        contract.inputs["LOOP"].set_any()
        contract.outputs["PAIR"].set(tuple)
        contract.input_stream_handler = "ImmediateInputStreamHandler"

    def open(self, context: CalculatorContext) -> None:
        self._waiting: list[tuple[int, int]] = []
        self._loops: dict[int, object] = {}
        self._previous: int | None = None

    def process(self, context: CalculatorContext) -> None:
        main, loop = context.inputs["MAIN"], context.inputs["LOOP"]
        if not loop.is_empty:
            self._loops[loop.packet.timestamp] = loop.value
        if not main.is_empty:
            self._waiting.append((main.packet.timestamp, main.value))
        while self._waiting and (self._previous is None or self._previous in self._loops):
            timestamp, value = self._waiting.pop(0)
            before = self._loops.pop(self._previous, None) if self._previous is not None else None
            context.outputs["PAIR"].add((value, before), timestamp)
            self._previous = timestamp
        if main.is_done and not self._waiting:
            context.outputs["PAIR"].close()


@register
class TestFailCalculator(Calculator):
    """Raises in the method that its side packet WHERE names; in process at the value 3."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["WHERE"].set(str)
        contract.inputs[0].set(int)
        contract.outputs[0].set(int)

    def _fail(self, context: CalculatorContext, where: str) -> None:
        if context.input_side_packets["WHERE"].value == where:
            raise KeyError(f"boom in {where}")

    def open(self, context: CalculatorContext) -> None:
        self._fail(context, "open")

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[0].value == 3:
            self._fail(context, "process")
        context.outputs[0].add_packet(context.inputs[0].packet)

    def close(self, context: CalculatorContext) -> None:
        self._fail(context, "close")


@register
class TestBadContractCalculator(Calculator):
    """Raises in get_contract."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        raise ZeroDivisionError("contract")


@register
class TestJournalCalculator(Calculator):
    """Appends what happens to it to the list in its side packet."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["JOURNAL"].set(list)
        contract.inputs[0].set_any()

    def _note(self, context: CalculatorContext, what: object) -> None:
        context.input_side_packets["JOURNAL"].value.append(what)

    def open(self, context: CalculatorContext) -> None:
        self._note(context, "open")

    def process(self, context: CalculatorContext) -> None:
        self._note(context, context.inputs[0].value)

    def close(self, context: CalculatorContext) -> None:
        self._note(context, "failed" if context.graph_failed else "close")


@register
class TestGateKeeperCalculator(Calculator):
    """Holds every packet until the event in its side packet is set."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["EVENT"].set(threading.Event)
        contract.inputs[0].set_any()
        contract.outputs[0].set_same_as(contract.inputs[0])
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        context.input_side_packets["EVENT"].value.wait(10)
        context.outputs[0].add_packet(context.inputs[0].packet)


@register
class TestSideCalculator(Calculator):
    """Doubles a number: side packet in, side packet out; all in `open`."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["N"].set(int).optional()
        contract.output_side_packets["TWICE"].set(int)

    def open(self, context: CalculatorContext) -> None:
        side = context.input_side_packets["N"]
        context.output_side_packets["TWICE"].set(2 * (21 if side.is_empty else side.value))


@register
class TestSideUserCalculator(Calculator):
    """Adds a side packet to each number."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["N"].set(int)
        contract.inputs[0].set(int)
        contract.outputs[0].set(int)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add(
            context.inputs[0].value + context.input_side_packets["N"].value, context.input_timestamp
        )


@register
class TestBoundsCalculator(Calculator):
    """Sends True or False for each settled timestamp: was there a packet?"""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set_any()
        contract.outputs[0].set(bool)
        contract.process_timestamp_bounds = True

    def process(self, context: CalculatorContext) -> None:
        context.outputs[0].add(not context.inputs[0].is_empty, context.input_timestamp)


@register
class TestFirstCalculator(Calculator):
    """Passes one packet and stops."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[0].set_any()
        contract.outputs[0].set_same_as(contract.inputs[0])

    def process(self, context: CalculatorContext) -> ProcessStatus:
        context.outputs[0].add_packet(context.inputs[0].packet)
        return STOP


@register
class TestWaiterCalculator(Calculator):
    """Notes the bounds and packets that it sees at once, each stream apart; waits in the first call."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["EVENT"].set(threading.Event)
        contract.input_side_packets["STARTED"].set(threading.Event)
        contract.input_side_packets["JOURNAL"].set(list)
        contract.inputs[0].set_any()
        contract.inputs[1].set_any()
        contract.input_stream_handler = "ImmediateInputStreamHandler"
        contract.process_timestamp_bounds = True

    def process(self, context: CalculatorContext) -> None:
        context.input_side_packets["STARTED"].value.set()
        context.input_side_packets["EVENT"].value.wait(10)
        context.input_side_packets["JOURNAL"].value.append(context.input_timestamp)


@register
class TestBackwardsCalculator(Calculator):
    """Holds each number until the next one had its turn: needs several calls in flight."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.input_side_packets["TURNS"].set(list)
        contract.inputs[0].set(int)
        contract.outputs[0].set(int)
        contract.timestamp_offset = 0

    def process(self, context: CalculatorContext) -> None:
        turns = context.input_side_packets["TURNS"].value
        value = context.inputs[0].value
        if not turns[value + 1].wait(10):
            raise TimeoutError(f"{value + 1} never had its turn")
        context.outputs[0].add_packet(context.inputs[0].packet)
        turns[value].set()
