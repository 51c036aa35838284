"""Draws a line along the border of the lips on the GPU."""

from calculators.face.lip_liner import LipLinerCalculator
from calculators.render.gl_makeup import GlMakeupCalculator
from tryon import register


@register
class GlLipLinerCalculator(GlMakeupCalculator, LipLinerCalculator):
    """Draws a line along the border of the lips on the GPU.

    The twin of LipLinerCalculator. A frame without a face passes as the packet that it came in, and so does
    every frame where the look has no "lip_liner".

    Inputs:
        IMAGE: frames on the GPU.
        SHAPES: the faces of the frame, a list of LitFace, from FaceShapesCalculator.
        LOOK: optional; a tryon.Look from which on another one is used.

    Outputs:
        IMAGE: the painted frames, on the GPU.

    Input side packets:
        LOOK: optional; the tryon.Look to begin with.

    Example:
        node {
          calculator: "GlLipLinerCalculator"
          input_stream: "IMAGE:gpu_image"
          input_stream: "SHAPES:shapes"
          input_side_packet: "LOOK:look"
          output_stream: "IMAGE:painted_gpu_image"
        }
    """
