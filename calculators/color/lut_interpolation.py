"""Chooses the colour table for the hair at hand."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL.ImageFilter import Color3DLUT

from calculators.color.cube import lut_table
from calculators.color.look import check_values, hair_effect, hair_luts
from calculators.color.look_input import LOOK, accept_look
from calculators.color.look_pb2 import Look, LookPalette
from calculators.color.lut import LutPair, exposure, light_share, mix_luts
from tryon import Calculator, CalculatorContext, CalculatorContract, register

INTENSITY = "INTENSITY"
LUT = "LUT"
SECOND_LUT = "SECOND_LUT"
SCENE_LIGHT = "SCENE_LIGHT"
# Steps in which tables change: grey levels, and brightnesses of the scene, each of two grey levels.
LEVELS: Final = 255
LIGHTS: Final = 128


@dataclass
class _Mixture:
    """The tables of one palette and what was mixed from them last."""

    pair: LutPair
    palette: LookPalette
    mixed_at: tuple[float, float] | None = None
    lut: Color3DLUT | None = None

    def __post_init__(self) -> None:
        # The share moves in steps that change no colour of the table by more than a grey level.
        widest = float(np.abs(lut_table(self.pair.light) - lut_table(self.pair.dark)).max())
        self._steps = max(1, math.ceil(LEVELS * widest))
        given = self.palette.HasField("color_intensity")
        self._strength = self.palette.color_intensity / 100 if given else 1.0

    def at(self, intensity: float, scene_light: float) -> Color3DLUT:
        """The table for hair of this intensity: the one given before unless it differs visibly."""
        wanted = light_share(intensity, self.pair.light_intensity, self.pair.dark_intensity)
        place = round(wanted * self._steps) / self._steps, round(exposure(scene_light) * LIGHTS) / LIGHTS
        if self.lut is None or place != self.mixed_at:
            self.mixed_at = place
            share, light = place
            self.lut = mix_luts(self.pair, share, self._strength, self.palette.shine / 100, light)
        return self.lut


@register
class LutInterpolationCalculator(Calculator):
    """Mixes a look's tables for light and dark hair in the proportion that the hair's brightness asks for.

    Hair beyond both tables' references is followed with care, and in a dim scene colours are dimmed. The same
    table object is sent again until it changes by a visible step (one or two grey levels), so that nodes
    downstream can tell. Nothing is sent before the first look, or while the look leaves hair alone.

    Inputs:
        INTENSITY: mean luma of the hair, float in [0, 1].
        SCENE_LIGHT: optional; luma of what is bright besides the hair, float in [0, 1]; full light without.
        LOOK: optional; a tryon.Look from which on another shade is used.

    Outputs:
        LUT: the table, a PIL.ImageFilter.Color3DLUT over [0, 1].
        SECOND_LUT: optional; the table of the second colour, sent while the look has one.

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "LutInterpolationCalculator"
          input_stream: "INTENSITY:hair_intensity"
          input_stream: "SCENE_LIGHT:scene_light"
          input_side_packet: "LOOK:look"
          output_stream: "LUT:lut"
          output_stream: "SECOND_LUT:second_lut"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[INTENSITY].set(float)
        if SCENE_LIGHT in contract.inputs:
            contract.inputs[SCENE_LIGHT].set(float)
        accept_look(contract)
        contract.outputs[LUT].set(Color3DLUT)
        if SECOND_LUT in contract.outputs:
            contract.outputs[SECOND_LUT].set(Color3DLUT)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._pairs: dict[bytes, LutPair] = {}
        self._mixtures: list[tuple[str, _Mixture]] = []
        self._scene_light = 1.0
        self._tags = [tag for tag in (LUT, SECOND_LUT) if tag in context.outputs]
        if LOOK in context.input_side_packets:
            self._choose(context.input_side_packets[LOOK].value)

    def process(self, context: CalculatorContext) -> None:
        if LOOK in context.inputs and not context.inputs[LOOK].is_empty:
            self._choose(context.inputs[LOOK].value)
        if SCENE_LIGHT in context.inputs and not context.inputs[SCENE_LIGHT].is_empty:
            self._scene_light = context.inputs[SCENE_LIGHT].value
        intensity = context.inputs[INTENSITY]
        if intensity.is_empty:
            return
        for tag, mixture in self._mixtures:
            context.outputs[tag].add(mixture.at(intensity.value, self._scene_light), context.input_timestamp)

    def _choose(self, look: Look) -> None:
        check_values(look)
        effect = hair_effect(look)
        # Where nobody takes the second colour, the first is the whole look.
        palettes = zip(self._tags, effect.palettes, strict=False) if effect else ()
        self._mixtures = [(tag, _Mixture(self._pair(palette), palette)) for tag, palette in palettes]

    def _pair(self, palette: LookPalette) -> LutPair:
        key = palette.SerializeToString(deterministic=True)
        if key not in self._pairs:
            self._pairs[key] = hair_luts(palette)
        return self._pairs[key]
