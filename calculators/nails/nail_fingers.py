"""Find out which finger each nail belongs to."""

import numpy as np

from calculators.nails import nails_pb2
from calculators.nails.fingers import hand_shares, name_fingers
from calculators.nails.hands import places_and_sizes
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

FINGER_SCORES = "FINGER_SCORES"
LABELS = "LABELS"
ORIENTATIONS = "ORIENTATIONS"
CLASS_IDS = "CLASS_IDS"

MIN_FINGER_SCORE = 0.4


@register
class NailFingersCalculator(Calculator):
    """Finds the finger of each nail from what the network sees in it and from the other nails of its hand.

    Nails that are near each other are taken for a hand. All ways in which they can be its fingers are weighed
    by how well the nails' places, directions and sizes fit those of real hands (hand_shape.json; seen from
    the nails' side, a left hand is a right one in a mirror), and by what the network says of each of them. Of
    two nails that are still the same finger the less certain one becomes the next finger, if that is half as
    probable.

    Inputs:
        FINGER_SCORES: float32 [n, 10] in [0, 1], the probability of each of `nail.CLASSES` for each nail.
        LABELS: int32 [h, w], 0 is background, 1 to n are nails.
        ORIENTATIONS: list of n floats, from base to tip in radians.

    Outputs:
        CLASS_IDS: list of n indices into `nail.CLASSES`, None where the finger is in doubt.

    Options:
        tryon.NailFingersCalculatorOptions
        min_finger_score: smallest probability of a finger that is named, in [0, 1], default 0.4.

    Example:
        node {
          calculator: "NailFingersCalculator"
          input_stream: "FINGER_SCORES:finger_scores"
          input_stream: "LABELS:labels"
          input_stream: "ORIENTATIONS:orientations"
          output_stream: "CLASS_IDS:class_ids"
          node_options {
            [type.googleapis.com/tryon.NailFingersCalculatorOptions] { min_finger_score: 0.4 }
          }
        }
    """

    Options = nails_pb2.NailFingersCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[FINGER_SCORES].set(np.ndarray)
        contract.inputs[LABELS].set(np.ndarray)
        contract.inputs[ORIENTATIONS].set(list)
        contract.outputs[CLASS_IDS].set(list)
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if not 0 <= options.min_finger_score <= 1:
            raise GraphError(f"min_finger_score is {options.min_finger_score:g}; it must be in 0 to 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._min_finger_score = (
            options.min_finger_score if options.HasField("min_finger_score") else MIN_FINGER_SCORE
        )

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        scores, labels, angles = (context.inputs[tag].value for tag in (FINGER_SCORES, LABELS, ORIENTATIONS))
        centers, sizes = places_and_sizes(labels, len(scores))
        shares = hand_shares(scores, centers, sizes, np.array(angles))
        context.outputs[CLASS_IDS].add(name_fingers(shares, self._min_finger_score), context.input_timestamp)
