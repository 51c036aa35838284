"""GraphBuilder: the config that a graph file gives; errors at the line of the Python file."""

import re
from pathlib import Path

import pytest

from tryon import Calculator, CalculatorContract, register
from tryon.builder import GraphBuilder
from tryon.config import Config, parse_graph, read_graph
from tryon.errors import GraphError
from tryon.registry import find_calculator

GRAPHS = Path(__file__).parents[2] / "graphs"


@register
class TestTextCalculator(Calculator):
    """Makes text of what comes."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs["IN"].set_any()
        for kind in contract.outputs.all_of("TEXT"):
            kind.set(str)


@register
class TestNumberCalculator(Calculator):
    """Takes whole numbers."""

    @classmethod
    def get_contract(cls, contract: CalculatorContract) -> None:
        contract.inputs["NUMBER"].set(int)


def hair_matte() -> GraphBuilder:
    graph = GraphBuilder(type="HairMatteSubgraph", folder=GRAPHS)
    image = graph.input("IMAGE:image")
    segmentation = graph.node("HairSegmentationSubgraph", name="segmentation", IMAGE=image)
    mask = segmentation.out.MASK.named("small_mask")
    refinement = graph.node("MaskRefinementCalculator", name="refinement", IMAGE=image, MASK=mask)
    graph.output("MASK:matte", refinement.out.MASK)
    return graph


def hair_recolor() -> GraphBuilder:
    graph = GraphBuilder(folder=GRAPHS, max_queue_size=4)
    video, look_path = graph.input("input_video"), graph.input_side_packet("look_path")
    look = graph.node("LookFileCalculator", name="look", PATH=look_path).side.LOOK.named("look")
    small_mask = graph.node("HairSegmentationSubgraph", name="segmentation", IMAGE=video).out.MASK
    small_mask.named("small_mask")
    mask = graph.node("MaskRefinementCalculator", name="refinement", IMAGE=video, MASK=small_mask).out.MASK
    intensity = graph.node("HairIntensityCalculator", name="intensity", IMAGE=video, MASK=small_mask)
    lut = graph.node(
        "LutInterpolationCalculator",
        name="interpolation",
        INTENSITY=intensity.out.INTENSITY.named("hair_intensity"),
        LOOK=look,
    ).out.LUT.named("lut")
    recolor = graph.node("LutApplicationCalculator", name="recolor", IMAGE=video, MASK=mask, LUT=lut)
    graph.output("output_video", recolor.out.IMAGE)
    graph.output("hair_mask", mask)
    return graph


def hair_segmentation(part: str, size: int, model: str, smooth: bool) -> GraphBuilder:
    """Both segmentation subgraphs; MediaPipe's has another activation and no smoothing."""
    graph = GraphBuilder(type=part)
    small = graph.node(
        "ImageTransformationCalculator",
        name="resize",
        IMAGE=graph.input("IMAGE:image"),
        output_width=size,
        output_height=size,
        scale_mode="STRETCH",
    ).out.IMAGE.named("small_image")
    loop, kind = graph.back_edge(), "PreviousLoopbackCalculator"
    previous = graph.node(kind, name="previous_raw" if smooth else "previous", MAIN=small, LOOP=loop).out.PREV_LOOP
    tensors = graph.node(
        "ImageMaskToTensorCalculator",
        name="to_tensor",
        IMAGE=small,
        MASK=previous.named("previous_raw_mask" if smooth else "previous_mask"),
    ).out.TENSORS.named("input_tensors")
    inference = graph.node(
        "InferenceCalculator", name="inference", TENSORS=tensors, model_path=model, delegate={"xnnpack": {}}
    )
    to_mask = graph.node(
        "TensorsToSegmentationCalculator",
        name="to_mask",
        TENSORS=inference.out.TENSORS.named("output_tensors"),
        **({"activation": "NONE"} if smooth else {"activation": "SOFTMAX", "output_layer_index": 1}),
    )
    loop.close(to_mask.out.MASK)
    if not smooth:
        graph.output("MASK:mask", to_mask.out.MASK)
        return graph
    last = graph.back_edge()
    previous = graph.node(kind, name="previous_smoothed", MAIN=small, LOOP=last).out.PREV_LOOP
    smoothing = graph.node(
        "SegmentationSmoothingCalculator",
        name="smoothing",
        MASK=to_mask.out.MASK.named("raw_mask"),
        MASK_PREVIOUS=previous.named("previous_mask"),
        combine_with_previous_ratio=0.5,
    )
    last.close(smoothing.out.MASK_SMOOTHED)
    graph.output("MASK:mask", smoothing["MASK_SMOOTHED"])
    return graph


REBUILT = {
    "hair_recolor.pbtxt": hair_recolor,
    "subgraphs/hair_matte.pbtxt": hair_matte,
    "subgraphs/hair_segmentation.pbtxt": lambda: hair_segmentation(
        "HairSegmentationSubgraph", 256, "models/hair_256.tflite", smooth=True
    ),
    "subgraphs/hair_segmentation_mediapipe.pbtxt": lambda: hair_segmentation(
        "MediaPipeHairSegmentationSubgraph", 512, "models/hair_segmentation.tflite", smooth=False
    ),
}


@pytest.mark.parametrize("file", REBUILT)
def test_the_same_config_as_the_file(file: str) -> None:
    graph = REBUILT[file]()
    expected = read_graph(GRAPHS / file).config
    assert str(graph.config()) == str(expected)
    assert graph.config() == expected
    assert parse_graph(graph.to_pbtxt(), "written").config == expected
