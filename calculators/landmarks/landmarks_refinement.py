"""Put the landmarks of a detailed model into those of a rough one."""

from calculators.formats import landmark_pb2
from calculators.landmarks import landmarks_pb2
from calculators.landmarks.refinement import refine, refined_count
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

LANDMARKS = "LANDMARKS"
REFINED_LANDMARKS = "REFINED_LANDMARKS"


@register
class LandmarksRefinementCalculator(Calculator):
    """Joins landmark lists into one: the face of one model with the lips, eyes and irises of others.

    Inputs:
        LANDMARKS: NormalizedLandmarkList; as many streams as refinements. At a timestamp where one has no
            packet there is no output.

    Outputs:
        REFINED_LANDMARKS: NormalizedLandmarkList with x, y and z; visibility and presence are left out.

    Options:
        mediapipe.LandmarksRefinementCalculatorOptions
        refinement: one a stream, later ones overwrite earlier ones: indexes_mapping, the index in the output
            of each landmark, together 0, 1, 2... without a gap; z_refinement, none {} (z stays), copy {} or
            assign_average { indexes_for_average } (the mean z of these landmarks of the output).

    Example:
        node {
          calculator: "LandmarksRefinementCalculator"
          input_stream: "LANDMARKS:0:eye"
          input_stream: "LANDMARKS:1:pupil"
          output_stream: "REFINED_LANDMARKS:eye_with_pupil"
          node_options {
            [type.googleapis.com/mediapipe.LandmarksRefinementCalculatorOptions] {
              refinement {
                indexes_mapping: [0, 1, 2, 3]
                z_refinement { copy {} }
              }
              refinement {
                indexes_mapping: 4
                z_refinement { assign_average { indexes_for_average: [0, 2] } }
              }
            }
          }
        }
    """

    Options = landmarks_pb2.LandmarksRefinementCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        for landmarks in contract.inputs.all_of(LANDMARKS):
            landmarks.set(landmark_pb2.NormalizedLandmarkList)
        contract.outputs[REFINED_LANDMARKS].set(landmark_pb2.NormalizedLandmarkList)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._refinements = context.options(self.Options).refinement
        self._count = refined_count(self._refinements)
        streams = len(context.inputs.all_of(LANDMARKS))
        if streams != len(self._refinements):
            raise GraphError(
                f"There are {len(self._refinements)} refinements and {streams} LANDMARKS streams; "
                "each stream needs one."
            )

    def process(self, context: CalculatorContext) -> None:
        streams = context.inputs.all_of(LANDMARKS)
        if any(stream.is_empty for stream in streams):
            return
        refined = refine([stream.value for stream in streams], self._refinements, self._count)
        context.outputs[REFINED_LANDMARKS].add(refined, context.input_timestamp)
