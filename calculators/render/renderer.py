"""Which calculators can draw on the GPU, and what takes their place there."""

from typing import Final

from calculators.render.context import find_device
from calculators.render.gpu_image import GpuImage
from tryon.renderer import Renderer, register_renderer

RENDERER: Final = register_renderer(
    Renderer(
        image=GpuImage,
        twins={
            "HairIntensityCalculator": "GlHairIntensityCalculator",
            "MaskRefinementCalculator": "GlMaskRefinementCalculator",
            "LutApplicationCalculator": "GlLutApplicationCalculator",
            "NailPolishCalculator": "GlNailPolishCalculator",
            "RecolorCalculator": "GlRecolorCalculator",
            "FoundationCalculator": "GlFoundationCalculator",
            "ContourCalculator": "GlContourCalculator",
            "BlushCalculator": "GlBlushCalculator",
            "HighlighterCalculator": "GlHighlighterCalculator",
            "BrowsCalculator": "GlBrowsCalculator",
            "EyeshadowCalculator": "GlEyeshadowCalculator",
            "EyelinerCalculator": "GlEyelinerCalculator",
            "MascaraCalculator": "GlMascaraCalculator",
            "LipstickCalculator": "GlLipstickCalculator",
            "LipLinerCalculator": "GlLipLinerCalculator",
            "BeforeAfterCalculator": "GlBeforeAfterCalculator",
        },
        upload="ImageFrameToGpuBufferCalculator",
        read_back="GpuBufferToImageFrameCalculator",
        find_device=find_device,
    )
)
