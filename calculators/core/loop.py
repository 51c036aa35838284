"""BeginLoop and EndLoop calculators, for the element types that MediaPipe has."""

from typing import Any, ClassVar

from calculators.core.families import ELEMENTS, list_of, register_family
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, ProcessStatus, Timestamp
from tryon.timestamp import timestamp_text

ITERABLE = "ITERABLE"
TICK = "TICK"
CLONE = "CLONE"
ITEM = "ITEM"
BATCH_END = "BATCH_END"


class BeginLoopCalculator(Calculator):
    """Sends the elements of a list one by one, at timestamps of their own; EndLoop collects them.

    The elements' timestamps count up from 0 over the whole run. An empty list, and a timestamp at
    which ITERABLE settles without a packet, take one of them too.

    Inputs:
        ITERABLE: list.
        TICK: anything; makes BATCH_END come also where there is no list (optional).
        CLONE: anything, repeated with every element; as many as CLONE outputs (optional).

    Outputs:
        ITEM: the elements.
        CLONE: the CLONE input's packet, at every element's timestamp (optional).
        BATCH_END: int, the timestamp of the list, at the timestamp of its last element.

    Example:
        node {
          calculator: "BeginLoopCalculator"
          input_stream: "ITERABLE:numbers"
          output_stream: "ITEM:number"
          output_stream: "BATCH_END:numbers_timestamp"
        }
    """

    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        inputs, outputs = contract.inputs, contract.outputs
        inputs[ITERABLE].set(list_of(cls.element))
        if TICK in inputs:
            inputs[TICK].set_any()
        outputs[ITEM].set(cls.element)
        outputs[BATCH_END].set(int)
        if inputs.count(CLONE) != outputs.count(CLONE):
            raise GraphError(
                f"There have to be as many {CLONE} outputs as inputs: {outputs.count(CLONE)} outputs and "
                f"{inputs.count(CLONE)} inputs."
            )
        for source, target in zip(inputs.all_of(CLONE), outputs.all_of(CLONE), strict=True):
            target.set_same_as(source.set_any())
        contract.process_timestamp_bounds = True

    def open(self, context: CalculatorContext) -> None:
        self._next = 0

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        iterable = context.inputs[ITERABLE]
        items = [] if iterable.is_empty else iterable.value
        clones = list(zip(context.inputs.all_of(CLONE), context.outputs.all_of(CLONE), strict=True))
        for timestamp, item in enumerate(items, self._next):
            context.outputs[ITEM].add(item, timestamp)
            for source, target in clones:
                if not source.is_empty:
                    target.add_packet(source.packet.at(timestamp))
        self._next += len(items) or 1
        if not items:
            for output in context.outputs:
                output.set_next_timestamp_bound(self._next)
        context.outputs[BATCH_END].add(context.input_timestamp, self._next - 1)
        return None


class EndLoopCalculator(Calculator):
    """Collects what became of the elements that BeginLoop sent, into one list a batch.

    Inputs:
        ITEM: the elements; those missing at the end of the batch are left out of the list.
        BATCH_END: int, the timestamp of the list, from BeginLoop.

    Outputs:
        ITERABLE: list, at the timestamp of the list that BeginLoop got; none for an empty batch.

    Example:
        node {
          calculator: "EndLoopCalculator"
          input_stream: "ITEM:number"
          input_stream: "BATCH_END:numbers_timestamp"
          output_stream: "ITERABLE:numbers"
        }
    """

    element: ClassVar[type]

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[ITEM].set(cls.element)
        contract.inputs[BATCH_END].set(int)
        contract.outputs[ITERABLE].set(list_of(cls.element))

    def open(self, context: CalculatorContext) -> None:
        self._items: list[Any] = []

    def process(self, context: CalculatorContext) -> ProcessStatus | None:
        item, batch_end = context.inputs[ITEM], context.inputs[BATCH_END]
        if not item.is_empty:
            self._items.append(item.value)
        if batch_end.is_empty:
            return None
        if self._items:
            context.outputs[ITERABLE].add(self._items, batch_end.value)
            self._items = []
        elif not Timestamp.MIN <= batch_end.value < Timestamp.MAX:
            raise GraphError(
                f"The batch at {timestamp_text(batch_end.value)} has no items, and no timestamp follows it "
                "to tell that nothing comes; give batches ordinary timestamps."
            )
        else:
            context.outputs[ITERABLE].set_next_timestamp_bound(batch_end.value + 1)
        return None


BEGIN = {
    "Detection": "Detection",
    "Float": "Float",
    "Image": "Image",
    "ImageFrame": "ImageFrame",
    "Int": "Int",
    "Matrix": "Matrix",
    "MatrixVector": "MatrixVector",
    "NormalizedLandmarkListVector": "NormalizedLandmarkList",
    "NormalizedRect": "NormalizedRect",
    "String": "String",
    "Tensor": "Tensor",
    "Uint64t": "Uint64t",
}
END = {
    "AffineMatrix": "AffineMatrix",
    "Boolean": "Boolean",
    "ClassificationList": "ClassificationList",
    "Detection": "Detection",
    "Float": "Float",
    "Image": "Image",
    "ImageFrame": "ImageFrame",
    "ImageSize": "ImageSize",
    "LandmarkListVector": "LandmarkList",
    "Matrix": "Matrix",
    "NormalizedLandmarkListVector": "NormalizedLandmarkList",
    "NormalizedRect": "NormalizedRect",
    "Tensor": "Tensor",
}
for _name, _element in BEGIN.items():
    register_family(BeginLoopCalculator, f"BeginLoop{_name}Calculator", element=ELEMENTS[_element])
for _name, _element in END.items():
    register_family(EndLoopCalculator, f"EndLoop{_name}Calculator", element=ELEMENTS[_element])
