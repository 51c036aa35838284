"""Lays the colours of a look out on the hair."""

from typing import Final

import numpy as np
import numpy.typing as npt

from calculators.color.look import check_values, hair_effect
from calculators.color.look_input import LOOK, accept_look
from calculators.color.look_pb2 import Look, LookEffect
from calculators.hair.extent import along_hair, hair_extent, root_shadow, transition
from calculators.hair.steady import Steady
from calculators.hair.strands import bright_strands, light_levels, settled_light, strand_light
from tryon import Calculator, CalculatorContext, CalculatorContract, register

IMAGE = "IMAGE"
MASK = "MASK"
SHARE = "SHARE"
SHADOW = "SHADOW"

# Seconds: the hair's place moves with the head, its height and the contrast of its strands hardly at all.
PLACE_TIME: Final = 0.1
SIZE_TIME: Final = 0.5
# What holds where the look leaves a field out, in percent.
DEFAULTS: Final = {
    "ombre": {"position": 55.0, "softness": 50.0},
    "highlights": {"amount": 30.0},
    "root": {"amount": 50.0, "length": 35.0},
}


@register
class HairPatternCalculator(Calculator):
    """Says where on the hair a look's second colour goes, and where the roots are darker.

    A look of one colour without dark roots costs nothing: nothing is measured and nothing sent. Neither is
    anything sent before hair was seen; where there is no hair the pattern stays where it was.

    Inputs:
        IMAGE: RGB uint8 frames [height, width, 3].
        MASK: float32 hair masks in [0, 1], any size.
        LOOK: optional; a tryon.Look from which on another pattern is used.

    Outputs:
        SHARE: optional; how much of the second colour, float32 in [0, 1], smaller than the frame.
        SHADOW: optional; how much darker, float32 in [0, 1], smaller than the frame.

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "HairPatternCalculator"
          input_stream: "IMAGE:image"
          input_stream: "MASK:small_mask"
          input_side_packet: "LOOK:look"
          output_stream: "SHARE:share"
          output_stream: "SHADOW:shadow"
        }
    """

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[MASK].set(np.ndarray)
        accept_look(contract)
        for tag in (SHARE, SHADOW):
            if tag in contract.outputs:
                contract.outputs[tag].set(np.ndarray)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._effect: LookEffect | None = None
        self._place, self._size = Steady(PLACE_TIME), Steady(SIZE_TIME)
        self._levels = Steady(SIZE_TIME)
        self._light: npt.NDArray[np.float32] | None = None
        if LOOK in context.input_side_packets:
            self._choose(context.input_side_packets[LOOK].value)

    def process(self, context: CalculatorContext) -> None:
        if LOOK in context.inputs and not context.inputs[LOOK].is_empty:
            self._choose(context.inputs[LOOK].value)
        effect, image, mask = self._effect, context.inputs[IMAGE], context.inputs[MASK]
        if effect is None or image.is_empty or mask.is_empty:
            return
        time = context.input_timestamp
        has_root = bool(self._percent("root", "amount"))
        down = self._down(mask.value, time) if has_root or effect.pattern == "ombre" else None
        if SHADOW in context.outputs and has_root and down is not None:
            amount, length = self._percent("root", "amount"), self._percent("root", "length")
            context.outputs[SHADOW].add(root_shadow(down, amount, length), time)
        if SHARE not in context.outputs:
            return
        if effect.pattern == "ombre" and down is not None:
            position, softness = self._percent("ombre", "position"), self._percent("ombre", "softness")
            context.outputs[SHARE].add(transition(down, position, softness), time)
        elif effect.pattern == "highlights":
            share = self._highlights(image.value, mask.value, time)
            if share is not None:
                context.outputs[SHARE].add(share, time)

    def _choose(self, look: Look) -> None:
        check_values(look)
        effect = hair_effect(look)
        is_plain = effect is None or (effect.pattern in ("", "full") and not effect.HasField("root"))
        self._effect = None if is_plain else effect
        self._levels, self._light = Steady(SIZE_TIME), None

    def _percent(self, message: str, field: str) -> float:
        """A field of the look as a part of 1; 0 where the look has no such message."""
        assert self._effect is not None
        given = getattr(self._effect, message)
        if message == "root" and not self._effect.HasField("root"):
            return 0.0
        value = getattr(given, field) if given.HasField(field) else DEFAULTS[message][field]
        return float(value) / 100

    def _down(self, mask: npt.NDArray[np.float32], timestamp: int) -> npt.NDArray[np.float32] | None:
        extent = hair_extent(mask)
        if extent is not None:
            self._place.follow(extent[:1], timestamp)
            self._size.follow(extent[1:], timestamp)
        if self._place.values is None or self._size.values is None:
            return None
        return along_hair(*self._place.values, *self._size.values)

    def _highlights(
        self, image: npt.NDArray[np.uint8], mask: npt.NDArray[np.float32], timestamp: int
    ) -> npt.NDArray[np.float32] | None:
        light, hair = strand_light(image, mask)
        if self._light is not None and self._light.shape == light.shape and self._levels.values is not None:
            light = settled_light(light, self._light, self._levels.values[1])
        self._light = light
        levels = light_levels(light, hair, self._percent("highlights", "amount"))
        if levels is not None:
            self._levels.follow(levels, timestamp)
        return None if self._levels.values is None else bright_strands(light, *self._levels.values)
