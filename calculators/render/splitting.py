"""Two pictures in one on the GPU, with the results of `image.splitting`."""

from calculators.image.splitting import Split, check_same_size
from calculators.render.context import GlContext
from calculators.render.gpu_image import GpuImage, Picture
from calculators.render.shader import SHADERS, Shader
from tryon import GraphError


class SplitDrawing:
    """`split_view` on the GPU, bit for bit.

    Args:
        gl: the context, entered.

    Raises:
        GraphError: the driver does not take the shader.
    """

    def __init__(self, gl: GlContext) -> None:
        self._gl = gl
        self._shader = Shader(gl, SHADERS / "before_after.frag")

    def draw(self, before: GpuImage, after: GpuImage, split: Split) -> GpuImage:
        """A picture that is `before` on its left and `after` on its right; the context is entered.

        Raises:
            GraphError: a picture is a mask, or they differ in size.
        """
        if Picture.MASK in (before.picture, after.picture):
            raise GraphError("The picture must be a frame, uint8 [h, w, 3], not a mask.")
        check_same_size(before.size, after.size)
        target = GpuImage(self._gl, after.size, Picture.FRAME)
        self._shader.draw(
            target,
            before=before,
            after=after,
            line=split.columns(after.size[0]),
            line_color=tuple(level / 255 for level in split.line_color),
        )
        return target
