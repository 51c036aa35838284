"""A face as the products of make-up take it: its shape, the light on it, its eyes, lips and skin."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from calculators.color.light import ByteArray, scene_light
from calculators.face.eye_shape import EyeShape, eye_shape
from calculators.face.face_light import FaceLight, face_light
from calculators.face.lip_shape import LipShape, lip_shape
from calculators.face.parts import SIDES, FaceShape, face_shape
from calculators.face.small_face import SmallFace, small_face
from calculators.face.types import Face


@dataclass(frozen=True, eq=False)
class LitFace:
    """A face in a frame that nothing is painted on yet.

    What several products need is reckoned when the first one asks for it, and kept.

    Attributes:
        image: RGB uint8 [height, width, 3], the frame.
        shape: the face in its pixels.
        light: on the face.
    """

    image: ByteArray
    shape: FaceShape
    light: FaceLight

    @cached_property
    def eyes(self) -> Sequence[EyeShape]:
        """Those of its eyes that can be painted."""
        found = (eye_shape(self.shape, side) for side in SIDES)
        return [eye for eye in found if eye is not None]

    @cached_property
    def lips(self) -> LipShape | None:
        """Its lips; None where they cannot be painted."""
        return lip_shape(self.shape, self.image)

    @cached_property
    def small(self) -> SmallFace | None:
        """A small picture of it; None outside the frame."""
        return small_face(self.shape, self.light, self.image)


def lit_faces(image: ByteArray, faces: Sequence[Face]) -> list[LitFace]:
    """The faces that can be painted.

    Args:
        image: RGB uint8 [height, width, 3], the frame without make-up.
        faces: on it.
    """
    shapes = [face_shape(face, (image.shape[1], image.shape[0])) for face in faces]
    found = [shape for shape in shapes if shape is not None]
    if not found:
        return []
    scene = scene_light(image)
    return [LitFace(image, shape, face_light(image, shape, scene)) for shape in found]
