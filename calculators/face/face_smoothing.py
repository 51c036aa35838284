"""Calm faces over time."""

from calculators.face import tracking_pb2
from calculators.face.smoothing import Calmness, FaceSmoother
from calculators.face.types import Face
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

FACES = "FACES"
IMAGE_SIZE = "IMAGE_SIZE"
MIN_CUTOFF = 0.8
BETA = 30.0
JUMP = 0.15


@register
class FaceSmoothingCalculator(Calculator):
    """Calms the landmarks of each face: trembling goes, fast movements stay.

    Each point passes a one-euro filter of its face, whose size is the unit of velocities. A face that jumps,
    as at a cut to another person in the same place, starts anew: nothing slides from one to the other.

    Inputs:
        FACES: list of `types.Face` with ids; no packet: no face.
        IMAGE_SIZE: (width, height) of each frame.

    Outputs:
        FACES: list of `types.Face` for every frame, empty where no face is.

    Options:
        tryon.FaceSmoothingCalculatorOptions
        min_cutoff: cutoff at rest in Hz, > 0, default 0.8.
        beta: rise of the cutoff with movement, in Hz for each face size a second, >= 0, default 30.
        jump: mean way of the points in one frame from which on a face starts anew, in face sizes, > 0,
            default 0.15.

    Example:
        node {
          calculator: "FaceSmoothingCalculator"
          input_stream: "FACES:raw_faces"
          input_stream: "IMAGE_SIZE:image_size"
          output_stream: "FACES:faces"
          node_options {
            [type.googleapis.com/tryon.FaceSmoothingCalculatorOptions] { min_cutoff: 0.8 beta: 30 }
          }
        }
    """

    Options = tracking_pb2.FaceSmoothingCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[FACES].set(list[Face])
        contract.inputs[IMAGE_SIZE].set(tuple)
        contract.outputs[FACES].set(list[Face])
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        for name in ("min_cutoff", "jump"):
            if options.HasField(name) and getattr(options, name) <= 0:
                raise GraphError(f"{name} is {getattr(options, name):g}; it must be larger than 0.")
        if options.beta < 0:
            raise GraphError(f"beta is {options.beta:g}; it must be at least 0.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        calmness = Calmness(
            options.min_cutoff if options.HasField("min_cutoff") else MIN_CUTOFF,
            options.beta if options.HasField("beta") else BETA,
            options.jump if options.HasField("jump") else JUMP,
        )
        self._smooth = FaceSmoother(calmness)

    def process(self, context: CalculatorContext) -> None:
        if context.inputs[IMAGE_SIZE].is_empty:
            return
        faces = [] if context.inputs[FACES].is_empty else context.inputs[FACES].value
        calm = self._smooth(faces, context.input_timestamp, context.inputs[IMAGE_SIZE].value)
        context.outputs[FACES].add(calm, context.input_timestamp)
