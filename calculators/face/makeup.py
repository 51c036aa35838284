"""What the nodes for make-up have in common: a look in, frames in, made-up frames out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from calculators.color.light import ByteArray
from calculators.color.look import check_values
from calculators.color.look_checks import effects_of
from calculators.color.look_input import LOOK, accept_look
from calculators.color.look_pb2 import Look, LookEffect
from calculators.face.canvas import Canvas, MemoryCanvas
from calculators.face.lit_face import LitFace
from tryon import Calculator, CalculatorContext, CalculatorContract

IMAGE = "IMAGE"
SHAPES = "SHAPES"

# Paints an effect of a product on a face: the picture, the face, the effect.
Paint = Callable[[Canvas, LitFace, LookEffect], None]


def make_up(
    image: ByteArray, faces: Sequence[LitFace], effects: Sequence[LookEffect], paint: Paint
) -> ByteArray:
    """A picture with a product on its faces; the same array where there is nothing to paint.

    Args:
        image: RGB uint8 [height, width, 3].
        faces: on it, as they are without make-up.
        effects: of one product, painted one after the other.
        paint: of this product.
    """
    if not faces or not effects:
        return image
    canvas = MemoryCanvas(image.copy())
    for face in faces:
        for effect in effects:
            paint(canvas, face, effect)
    return canvas.picture


class MakeupCalculator(Calculator, ABC):
    """Puts a product of make-up on the faces in a video; each product is a class of its own.

    Attributes:
        category: of the effects of a look that are this product's.
    """

    category: ClassVar[str]

    @staticmethod
    @abstractmethod
    def paint(canvas: Canvas, face: LitFace, effect: LookEffect) -> None:
        """Paints an effect of the product on a face in a picture."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs[IMAGE].set(np.ndarray)
        contract.inputs[SHAPES].set(list[LitFace])
        accept_look(contract, needed=True)
        contract.outputs[IMAGE].set(np.ndarray)
        contract.timestamp_offset = 0

    def open(self, context: CalculatorContext) -> None:
        self._effects: list[LookEffect] = []
        if LOOK in context.input_side_packets:
            self._choose(context.input_side_packets[LOOK].value)

    def process(self, context: CalculatorContext) -> None:
        if LOOK in context.inputs and not context.inputs[LOOK].is_empty:
            self._choose(context.inputs[LOOK].value)
        image, faces = context.inputs[IMAGE], context.inputs[SHAPES]
        if image.is_empty:
            return
        painted = self.painted(image.value, [] if faces.is_empty else faces.value, self._effects)
        if painted is image.value:
            context.outputs[IMAGE].add_packet(image.packet)
        else:
            context.outputs[IMAGE].add(painted, context.input_timestamp)

    def painted(self, image: Any, faces: Sequence[LitFace], effects: Sequence[LookEffect]) -> Any:
        """What `make_up` makes of a frame; where the product draws elsewhere, likewise there."""
        return make_up(image, faces, effects, type(self).paint)

    def _choose(self, look: Look) -> None:
        check_values(look)
        self._effects = effects_of(look, self.category)
