"""Chooses the colour table for the hair at hand."""

import math

import numpy as np
from PIL.ImageFilter import Color3DLUT

from calculators.color.look import check_values, hair_luts, hair_palette
from calculators.color.look_pb2 import Look
from calculators.color.lut import LutPair, light_share, lut_table, mix_luts
from tryon import Calculator, CalculatorContext, CalculatorContract, register

INTENSITY = "INTENSITY"
LOOK = "LOOK"
LUT = "LUT"


@register
class LutInterpolationCalculator(Calculator):
    """Mixes a look's tables for light and dark hair in the proportion that the hair's brightness asks for.

    The same table object is sent again until it changes by a visible step (one grey level), so that nodes
    downstream can tell. Nothing is sent before the first look.

    Inputs:
        INTENSITY: mean luma of the hair, float in [0, 1].
        LOOK: optional; a tryon.Look from which on another shade is used.

    Outputs:
        LUT: the table, a PIL.ImageFilter.Color3DLUT over [0, 1].

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "LutInterpolationCalculator"
          input_stream: "INTENSITY:hair_intensity"
          input_side_packet: "LOOK:look"
          output_stream: "LUT:lut"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[INTENSITY].set(float)
        if LOOK in contract.inputs:
            contract.inputs[LOOK].set(Look)
        if LOOK in contract.input_side_packets:
            contract.input_side_packets[LOOK].set(Look)
        contract.outputs[LUT].set(Color3DLUT)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._pairs: dict[bytes, LutPair] = {}
        self._pair: LutPair | None = None
        self._lut: Color3DLUT | None = None
        self._share = 0.0
        if LOOK in context.input_side_packets:
            self._choose(context.input_side_packets[LOOK].value)

    def process(self, context: CalculatorContext) -> None:
        if LOOK in context.inputs and not context.inputs[LOOK].is_empty:
            self._choose(context.inputs[LOOK].value)
        intensity = context.inputs[INTENSITY]
        if self._pair is None or intensity.is_empty:
            return
        wanted = light_share(intensity.value, self._pair.light_intensity, self._pair.dark_intensity)
        share = round(wanted * self._steps) / self._steps
        if self._lut is None or share != self._share:
            self._share = share
            self._lut = mix_luts(self._pair, share, self._strength)
        context.outputs[LUT].add(self._lut, context.input_timestamp)

    def _choose(self, look: Look) -> None:
        check_values(look)
        palette = hair_palette(look)
        key = palette.SerializeToString(deterministic=True)
        if key not in self._pairs:
            self._pairs[key] = hair_luts(palette)
        self._pair = self._pairs[key]
        self._strength = palette.color_intensity / 100 if palette.HasField("color_intensity") else 1.0
        # The share moves in steps that change no colour of the table by more than a grey level.
        widest = float(np.abs(lut_table(self._pair.light) - lut_table(self._pair.dark)).max())
        self._steps = max(1, math.ceil(255 * widest))
        self._lut = None
