"""Find nails in the network's maps."""

import numpy as np

from calculators.nails import nails_pb2
from calculators.nails.components import find_components, mean_foreground, numbered_anew
from calculators.nails.maps import nail_means
from calculators.nails.splitting import split_components
from tryon import Calculator, CalculatorContext, CalculatorContract, GraphError, register

FOREGROUND = "FOREGROUND"
FINGERS = "FINGERS"
LABELS = "LABELS"
FINGER_SCORES = "FINGER_SCORES"
SCORES = "SCORES"

THRESHOLD = 0.5
CONNECTIVITY = 8
MIN_AREA = 0.0002
MIN_SCORE = 0.6


@register
class NailComponentsCalculator(Calculator):
    """Finds the nails in the network's maps: connected parts of the foreground.

    What is connected is one nail, whatever fingers the network sees in its pixels, unless two nails touch:
    parts of which two fingers each hold a large share, or that have a waist, are taken apart if the halves
    are rounder than the whole.

    Inputs:
        FOREGROUND: float32 [h, w] in [0, 1], 1 is nail.
        FINGERS: float32 [h / 4, w / 4, 10] in [0, 1], the probability of each of `nail.CLASSES`.

    Outputs:
        LABELS: int32 [h, w], 0 is background, 1 to n are nails.
        FINGER_SCORES: float32 [n, 10] in [0, 1], the mean probability of each finger over each nail.
        SCORES: list of n floats in [0, 1], the mean foreground probability of each nail.

    Options:
        tryon.NailComponentsCalculatorOptions
        threshold: foreground probability from which on a pixel is nail, in (0, 1), default 0.5.
        connectivity: neighbours of a pixel, 4 (sides) or 8 (and corners), default 8.
        min_area: smallest nail as a share of the map, in [0, 1), default 0.0002.
        min_score: smallest mean foreground probability of a nail, in [0, 1], default 0.6.

    Example:
        node {
          calculator: "NailComponentsCalculator"
          input_stream: "FOREGROUND:foreground"
          input_stream: "FINGERS:fingers"
          output_stream: "LABELS:labels"
          output_stream: "FINGER_SCORES:finger_scores"
          output_stream: "SCORES:scores"
          node_options {
            [type.googleapis.com/tryon.NailComponentsCalculatorOptions] { threshold: 0.5 connectivity: 8 }
          }
        }
    """

    Options = nails_pb2.NailComponentsCalculatorOptions

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[FOREGROUND].set(np.ndarray)
        contract.inputs[FINGERS].set(np.ndarray)
        contract.outputs[LABELS].set(np.ndarray)
        contract.outputs[FINGER_SCORES].set(np.ndarray)
        contract.outputs[SCORES].set(list)
        contract.timestamp_offset = 0
        options = contract.options(cls.Options)
        if options.HasField("threshold") and not 0 < options.threshold < 1:
            raise GraphError(f"threshold is {options.threshold:g}; it must lie between 0 and 1.")
        if options.HasField("connectivity") and options.connectivity not in (4, 8):
            raise GraphError(f"connectivity is {options.connectivity}; it must be 4 or 8.")
        if not 0 <= options.min_area < 1:
            raise GraphError(f"min_area is {options.min_area:g}; it must be at least 0 and less than 1.")
        if not 0 <= options.min_score <= 1:
            raise GraphError(f"min_score is {options.min_score:g}; it must be in 0 to 1.")

    def open(self, context: CalculatorContext) -> None:
        options = context.options(self.Options)
        self._threshold = options.threshold if options.HasField("threshold") else THRESHOLD
        self._connectivity = options.connectivity if options.HasField("connectivity") else CONNECTIVITY
        self._min_area = options.min_area if options.HasField("min_area") else MIN_AREA
        self._min_score = options.min_score if options.HasField("min_score") else MIN_SCORE

    def process(self, context: CalculatorContext) -> None:
        if any(stream.is_empty for stream in context.inputs):
            return
        foreground, fingers = context.inputs[FOREGROUND].value, context.inputs[FINGERS].value
        labels = find_components(foreground, self._threshold, self._connectivity, self._min_area)
        scores = mean_foreground(labels, foreground)
        labels = numbered_anew(labels, scores >= self._min_score)
        count = int(labels.max())
        shares = nail_means(labels, count, foreground, fingers)
        split, now = split_components(labels, count, shares, fingers)
        if now > count:
            shares = nail_means(split, now, foreground, fingers)
        context.outputs[LABELS].add(split, context.input_timestamp)
        context.outputs[FINGER_SCORES].add(shares, context.input_timestamp)
        context.outputs[SCORES].add(mean_foreground(split, foreground)[1:].tolist(), context.input_timestamp)
