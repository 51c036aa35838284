"""Follow nails over time."""

import numpy as np

from calculators.nails import nails_pb2
from calculators.nails.nail import Nail
from calculators.nails.track import Calmness
from calculators.nails.tracking import Tracker
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

IMAGE = "IMAGE"
NAILS = "NAILS"

MIN_CUTOFF = 0.5
BETA = 10.0
MASK_SMOOTHING = 0.7
APPEAR_AFTER = 1
KEEP_FOR = 2


@register
class NailTrackingCalculator(Calculator):
    """Gives each nail an id that stays with it from frame to frame, and calms nails that tremble.

    A nail is known again by its place, expected from its velocity, its finger, direction and size. Place,
    angle and size pass a one-euro filter; the mask is mixed with the one before, moved along with the nail.
    The faster a nail moves, the more its place and mask are those that are seen: lag would show, trembling
    does not. The finger is the one seen most often of late. Nails at the frame's border, of which each frame
    shows another part, pass as they are. A cut, after which most nails are elsewhere, starts anew.

    Inputs:
        IMAGE: frames [height, width, 3]; only their size is looked at.
        NAILS: list of `nail.Nail`, of each frame.

    Outputs:
        NAILS: list of `nail.Nail` with ids; an id is never given twice.

    Options:
        tryon.NailTrackingCalculatorOptions
        min_cutoff: cutoff at rest in Hz, > 0, default 0.5.
        beta: rise of the cutoff with movement, in Hz for each nail size a second, >= 0, default 10.
        mask_smoothing: largest weight of the mask before, in [0, 1), default 0.7.
        appear_after: frames in which a new nail has been seen before it is shown, >= 0, default 1; at the
            start and after a cut all are shown at once.
        keep_for: frames for which a steady nail that is missing is shown, >= 0, default 2.

    Example:
        node {
          calculator: "NailTrackingCalculator"
          input_stream: "IMAGE:image"
          input_stream: "NAILS:raw_nails"
          output_stream: "NAILS:nails"
          node_options {
            [type.googleapis.com/tryon.NailTrackingCalculatorOptions] { appear_after: 1 keep_for: 2 }
          }
        }
    """

    Options = nails_pb2.NailTrackingCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[NAILS].set(list[Nail])
        contract.outputs[NAILS].set(list[Nail])
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if options.HasField("min_cutoff") and options.min_cutoff <= 0:
            raise GraphError(f"min_cutoff is {options.min_cutoff:g}; it must be larger than 0.")
        if not 0 <= options.mask_smoothing < 1:
            raise GraphError(
                f"mask_smoothing is {options.mask_smoothing:g}; it must be at least 0 and less than 1."
            )
        for name in ("beta", "appear_after", "keep_for"):
            if getattr(options, name) < 0:
                raise GraphError(f"{name} is {getattr(options, name):g}; it must be at least 0.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        calmness = Calmness(
            options.min_cutoff if options.HasField("min_cutoff") else MIN_CUTOFF,
            options.beta if options.HasField("beta") else BETA,
            options.mask_smoothing if options.HasField("mask_smoothing") else MASK_SMOOTHING,
        )
        self._track = Tracker(
            calmness,
            options.appear_after if options.HasField("appear_after") else APPEAR_AFTER,
            options.keep_for if options.HasField("keep_for") else KEEP_FOR,
        )

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        height, width = context.inputs[IMAGE].value.shape[:2]
        nails = self._track(context.inputs[NAILS].value, context.input_timestamp, (width, height))
        context.outputs[NAILS].add(nails, context.input_timestamp)
