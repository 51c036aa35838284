"""GraphBuilder: the config that a graph file gives; errors at the line of the Python file."""

import doctest
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculators.core.core_pb2 import GateCalculatorOptions
from calculators.core.gate import GateCalculator
from calculators.hair.hair_pb2 import HairSegmentationSubgraphOptions, MaskRefinementCalculatorOptions
from calculators.nails.nails_pb2 import NailComponentsCalculatorOptions, NailTrackingSubgraphOptions
from tryon import Calculator, CalculatorContract, register
from tryon.builder import GraphBuilder, NodeBuilder
from tryon.config import Config, parse_graph, read_graph
from tryon.errors import GraphError
from tryon.proto import options_pb2

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
    options = MaskRefinementCalculatorOptions(radius=8)
    graph = GraphBuilder(type="HairMatteSubgraph", folder=GRAPHS, options=options)
    image = graph.input("IMAGE:image")
    segmentation = graph.node("HairSegmentationSubgraph", name="segmentation", IMAGE=image)
    mask = segmentation.out.MASK.named("small_mask")
    refinement = graph.node(
        "MaskRefinementCalculator",
        name="refinement",
        IMAGE=image,
        MASK=mask,
        option_value=["options:options"],
    )
    graph.output("MASK:matte", refinement.out.MASK)
    return graph


def hair_recolor() -> GraphBuilder:
    graph = GraphBuilder(folder=GRAPHS, max_queue_size=4)
    video, look_path = graph.input("input_video"), graph.input_side_packet("look_path")
    file = graph.node("LookFileCalculator", name="look", PATH=look_path, categories=["hair_color"])
    look = file.side.LOOK.named("look")
    small_mask = graph.node("HairSegmentationSubgraph", name="segmentation", IMAGE=video).out.MASK
    small_mask.named("small_mask")
    mask = graph.node("MaskRefinementCalculator", name="refinement", IMAGE=video, MASK=small_mask).out.MASK
    intensity = graph.node("HairIntensityCalculator", name="intensity", IMAGE=video, MASK=small_mask)
    pattern = graph.node("HairPatternCalculator", name="pattern", IMAGE=video, MASK=small_mask, LOOK=look)
    tables = graph.node(
        "LutInterpolationCalculator",
        name="interpolation",
        INTENSITY=intensity.out.INTENSITY.named("hair_intensity"),
        SCENE_LIGHT=intensity.out.SCENE_LIGHT.named("scene_light"),
        LOOK=look,
    )
    recolor = graph.node(
        "LutApplicationCalculator",
        name="recolor",
        IMAGE=video,
        MASK=mask,
        LUT=tables.out.LUT.named("lut"),
        SECOND_LUT=tables.out.SECOND_LUT.named("second_lut"),
        SHARE=pattern.out.SHARE.named("share"),
        SHADOW=pattern.out.SHADOW.named("shadow"),
    )
    graph.output("output_video", recolor.out.IMAGE)
    graph.output("hair_mask", mask)
    return graph


def hair_segmentation(part: str, size: int, model: str, smooth: bool) -> GraphBuilder:
    """Both segmentation subgraphs; MediaPipe's has another activation, no smoothing and no options."""
    options = HairSegmentationSubgraphOptions(model_path=model, input_size=size) if smooth else None
    graph = GraphBuilder(type=part, options=options)
    sides = ("output_width", "output_height")
    size_options: dict[str, Any] = dict.fromkeys(sides, size)
    model_options: dict[str, Any] = {"model_path": model}
    if smooth:
        size_options = {"option_value": [f"{side}:input_size" for side in sides]}
        model_options = {"option_value": ["model_path:model_path"]}
    small = graph.node(
        "ImageTransformationCalculator",
        name="resize",
        IMAGE=graph.input("IMAGE:image"),
        scale_mode="STRETCH",
        **size_options,
    ).out.IMAGE.named("small_image")
    loop, kind = graph.back_edge(), "PreviousLoopbackCalculator"
    previous = graph.node(
        kind, name="previous_raw" if smooth else "previous", MAIN=small, LOOP=loop
    ).out.PREV_LOOP
    tensors = graph.node(
        "ImageMaskToTensorCalculator",
        name="to_tensor",
        IMAGE=small,
        MASK=previous.named("previous_raw_mask" if smooth else "previous_mask"),
    ).out.TENSORS.named("input_tensors")
    inference = graph.node(
        "InferenceCalculator", name="inference", TENSORS=tensors, delegate={"xnnpack": {}}, **model_options
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
    smoothing = graph.node(
        "MotionSmoothingCalculator",
        name="smoothing",
        IMAGE=small,
        MASK=to_mask.out.MASK.named("raw_mask"),
    )
    graph.output("MASK:mask", smoothing.out.MASK)
    return graph


def nail_polish() -> GraphBuilder:
    graph = GraphBuilder(folder=GRAPHS, max_queue_size=4)
    video, look_path = graph.input("input_video"), graph.input_side_packet("look_path")
    file = graph.node("LookFileCalculator", name="look", PATH=look_path, categories=["nail_polish"])
    look = file.side.LOOK.named("look")
    nails = graph.node("NailTrackingSubgraph", name="nail_tracking", IMAGE=video).out.NAILS
    longer = graph.node("NailStretchCalculator", name="stretch", IMAGE=video, NAILS=nails).out.NAILS
    polish = graph.node(
        "NailPolishCalculator", name="polish", IMAGE=video, NAILS=longer.named("painted_nails"), LOOK=look
    )
    graph.output("output_video", polish.out.IMAGE)
    graph.output("nails", nails)
    return graph


def nail_tracking() -> GraphBuilder:
    options = NailTrackingSubgraphOptions(model_path="models/nail_352.tflite", input_size=352)
    graph = GraphBuilder(type="NailTrackingSubgraph", options=options)
    image = graph.input("IMAGE:image")
    tensor = graph.node(
        "ImageToTensorCalculator",
        name="to_tensor",
        IMAGE=image,
        option_value=["output_tensor_width:input_size", "output_tensor_height:input_size"],
        keep_aspect_ratio=True,
        output_tensor_float_range={"min": -1, "max": 1},
        border_mode="BORDER_ZERO",
    )
    tensors = tensor.out.TENSORS.named("input_tensors")
    padding = tensor.out.LETTERBOX_PADDING.named("padding")
    inference = graph.node(
        "InferenceCalculator",
        name="inference",
        TENSORS=tensors,
        delegate={"xnnpack": {}},
        option_value=["model_path:model_path"],
    )
    maps = graph.node(
        "TensorsToNailMapsCalculator",
        name="to_maps",
        TENSORS=inference.out.TENSORS.named("output_tensors"),
        LETTERBOX_PADDING=padding,
    )
    foreground, fingers = maps.out.FOREGROUND.named("foreground"), maps.out.FINGERS.named("fingers")
    direction = maps.out.DIRECTION.named("direction")
    parts = graph.node(
        "NailComponentsCalculator",
        name="components",
        FOREGROUND=foreground,
        FINGERS=fingers,
        options=NailComponentsCalculatorOptions(min_score=0.8),
    )
    labels, finger_scores = parts.out.LABELS.named("labels"), parts.out.FINGER_SCORES.named("finger_scores")
    scores = parts.out.SCORES.named("scores")
    orientation = graph.node(
        "NailOrientationCalculator",
        name="orientation",
        LABELS=labels,
        FOREGROUND=foreground,
        DIRECTION=direction,
    )
    orientations = orientation.out.ORIENTATIONS.named("orientations")
    named = graph.node(
        "NailFingersCalculator",
        name="fingers",
        FINGER_SCORES=finger_scores,
        LABELS=labels,
        ORIENTATIONS=orientations,
    )
    instances = graph.node(
        "NailInstancesCalculator",
        name="instances",
        IMAGE=image,
        LABELS=labels,
        FOREGROUND=foreground,
        ORIENTATIONS=orientations,
        CLASS_IDS=named.out.CLASS_IDS.named("class_ids"),
        SCORES=scores,
    )
    raw_nails = instances.out.NAILS.named("raw_nails")
    tracking = graph.node("NailTrackingCalculator", name="tracking", IMAGE=image, NAILS=raw_nails)
    graph.output("NAILS:nails", tracking.out.NAILS)
    return graph


REBUILT = {
    "nail_polish.pbtxt": nail_polish,
    "subgraphs/nail_tracking.pbtxt": nail_tracking,
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


def config_of(text: str) -> Config:
    return parse_graph(text, "expected").config


def test_every_field() -> None:
    graph = GraphBuilder(
        package="shop",
        type="Everything",
        report_deadlock=True,
        input_stream_handler={"input_stream_handler": "ImmediateInputStreamHandler"},
        options=GateCalculatorOptions(allow=True),
    )
    one, two = graph.input("ONE:0:a"), graph.input("ONE:1:b")
    allow, side = graph.input("ALLOW:c"), graph.input_side_packet("SIDE:s")
    handler = options_pb2.InputStreamHandlerConfig(input_stream_handler="DefaultInputStreamHandler")
    gate = graph.node(
        GateCalculator,
        one,
        two,
        name="gate",
        ALLOW=[allow],
        executor=graph.executor("own", num_threads=1),
        max_in_flight=1,
        source_layer=3,
        input_stream_handler=handler,
        option_value=["allow:options/allow"],
    )
    graph.executor("", kind="ApplicationThreadExecutor")
    passed = graph.node(
        "PassThroughCalculator",
        IN=[gate.out[0], gate.out[1]],
        SIDE=side,
        input_stream_handler="ImmediateInputStreamHandler",
    )
    graph.output("OUT:0:d", passed.out.IN[1])
    graph.output("OUT:1:e", passed.out.IN[0])
    graph.output("SIDE:t", passed.side.SIDE)
    expected = """
        package: "shop" type: "Everything" report_deadlock: true
        input_stream: ["ONE:0:a", "ONE:1:b", "ALLOW:c"] input_side_packet: "SIDE:s"
        output_stream: ["OUT:0:d", "OUT:1:e"] output_side_packet: "SIDE:t"
        input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }
        executor {
          name: "own" type: "ThreadPoolExecutor"
          options { [mediapipe.ThreadPoolExecutorOptions.ext] { num_threads: 1 } }
        }
        executor { type: "ApplicationThreadExecutor" }
        graph_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { allow: true } }
        node {
          name: "gate" calculator: "GateCalculator" input_stream: ["a", "b", "ALLOW:c"]
          output_stream: ["gate", "gate_1"] executor: "own" max_in_flight: 1 source_layer: 3
          input_stream_handler { input_stream_handler: "DefaultInputStreamHandler" }
          option_value: "allow:options/allow"
          node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } }
        }
        node {
          calculator: "PassThroughCalculator" input_stream: ["IN:0:gate", "IN:1:gate_1"]
          input_side_packet: "SIDE:s" output_stream: ["IN:0:e", "IN:1:d"] output_side_packet: "SIDE:t"
          input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }
        }
    """
    assert str(graph.config()) == str(config_of(expected))
    assert parse_graph(graph.to_pbtxt(), "written").config == config_of(expected)


def test_names_that_are_not_given() -> None:
    graph = GraphBuilder()
    numbers = graph.input("gate")
    for name in ("", "", "My Node"):
        gated = graph.node("GateCalculator", numbers, name=name, ALLOW=numbers).out[0]
    graph.node("PassThroughCalculator", X=gated)["X"].named("last")
    names = [list(node.output_stream) for node in graph.config().node]
    assert names == [["gate_2"], ["gate_3"], ["my_node"], ["X:last"]]


def test_a_subgraph_built_in_place_runs() -> None:
    part = GraphBuilder(type="GatedSubgraph", package="shop", options=GateCalculatorOptions(allow=True))
    gate = part.node("GateCalculator", part.input("IN:in"), option_value=["allow:allow"])
    part.output("OUT:out", gate.out[0])
    graph = GraphBuilder()
    numbers = graph.input("numbers")
    graph.output("kept", graph.node(part, IN=numbers).out.OUT)
    graph.output("lost", graph.node(part, IN=numbers, name="closed", allow=False).out.OUT)
    assert [node.calculator for node in graph.config().node] == ["shop.GatedSubgraph"] * 2
    built = graph.build()
    seen: list[tuple[str, int]] = []
    with built:
        for name in ("kept", "lost"):
            built.observe_output_stream(name, lambda stream, packet: seen.append((stream, packet.value)))
        built.start_run()
        built.add_packet_to_input_stream("numbers", 7, 0)
    assert seen == [("kept", 7)]


def test_settings() -> None:
    graph = GraphBuilder()
    graph.output("out", graph.node("GateCalculator", graph.input("in"), name="gate", allow=False).out[0])
    assert "allow: true" in graph.build(["gate.allow=true"]).text_config


def test_a_loop_runs() -> None:
    graph = GraphBuilder()
    numbers, loop = graph.input("numbers"), graph.back_edge()
    last = graph.node("PreviousLoopbackCalculator", MAIN=numbers, LOOP=loop).out.PREV_LOOP
    both = graph.node("PassThroughCalculator", numbers, last)
    loop.close(both.out[0])
    graph.output("last", both.out[1])
    built = graph.build()
    seen: list[int | None] = []
    with built:
        built.observe_output_stream("last", lambda _, packet: seen.append(packet.value))
        built.start_run()
        for number in (5, 6, 7):
            built.add_packet_to_input_stream("numbers", number, number)
    assert seen == [5, 6]


def wrong_type() -> GraphBuilder:
    graph = GraphBuilder()
    text = graph.node("TestTextCalculator", IN=graph.input("a")).out.TEXT
    graph.node("TestNumberCalculator", NUMBER=text)
    return graph


def wrong_tag() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("TestNumberCalculator", NUMBR=graph.input("a"))
    return graph


def wrong_output() -> GraphBuilder:
    graph = GraphBuilder()
    text = graph.node("TestTextCalculator", IN=graph.input("a"))
    graph.node("TestTextCalculator", IN=text.out.TEXX)
    return graph


def wrong_part() -> GraphBuilder:
    graph = GraphBuilder(folder=GRAPHS)
    graph.output("out", graph.node("HairMatteSubgraph", IMAG=graph.input("a")).out.MASK)
    return graph


def unknown_calculator() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("GateCalculater", graph.input("a"))
    return graph


def unknown_option() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("GateCalculator", graph.input("a"), alow=True)
    return graph


def wrong_enum() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("ImageTransformationCalculator", IMAGE=graph.input("a"), scale_mode="FITT")
    return graph


def no_options() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("PassThroughCalculator", graph.input("a"), speed=3)
    return graph


def no_stream() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("TestNumberCalculator", NUMBER="a")
    return graph


def open_loop() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("PreviousLoopbackCalculator", MAIN=graph.input("a"), LOOP=graph.back_edge())
    return graph


def foreign_stream() -> GraphBuilder:
    graph = GraphBuilder()
    graph.node("PassThroughCalculator", GraphBuilder().input("b"))
    return graph


def unknown_field() -> GraphBuilder:
    return GraphBuilder(max_queue_sise=4)


@pytest.mark.parametrize(
    ("build", "code", "message"),
    [
        (wrong_type, "graph.node(", 'expects packets of type "int" but the connected output stream will'),
        (wrong_tag, "graph.node(", 'Tag "NUMBR" index 0 was not expected.'),
        (wrong_output, "text.out.TEXX", 'Tag "TEXX" index 0 was not expected.'),
        (wrong_part, "graph.node(", 'Tag "IMAG" does not exist in the subgraph config. (It has: IMAGE.)'),
        (unknown_calculator, "graph.node(", 'Did you mean "GateCalculator"?'),
        (unknown_option, "graph.node(", 'Options has no option "alow". Did you mean "allow"?'),
        (wrong_enum, "graph.node(", "ImageTransformationCalculator: scale_mode cannot be 'FITT'"),
        (no_options, "graph.node(", "PassThroughCalculator has no options, such as speed."),
        (no_stream, "graph.node(", "TestNumberCalculator: NUMBER takes streams, not 'a'."),
        (open_loop, "graph.back_edge(", "This back edge was never closed: call close(stream)."),
        (foreign_stream, "graph.node(", 'The stream "b" is of another graph.'),
        (unknown_field, "GraphBuilder(", 'has no option "max_queue_sise". Did you mean "max_queue_size"?'),
    ],
)
def test_problems_are_at_the_python_line(build: Callable[[], GraphBuilder], code: str, message: str) -> None:
    with pytest.raises(GraphError) as caught:
        build().config()
    assert message in str(caught.value)
    places = re.findall(re.escape(__file__) + r":(\d+):(\d+)", str(caught.value))
    lines = Path(__file__).read_text().splitlines()
    assert code in [lines[int(line) - 1][int(column) - 1 :][: len(code)] for line, column in places]


def test_a_stream_has_one_name() -> None:
    graph = GraphBuilder()
    with pytest.raises(GraphError, match=r'The stream "a" cannot be named "b" too'):
        graph.output("b", graph.input("a"))


def test_inputs_of_the_graph_have_no_index() -> None:
    with pytest.raises(GraphError, match=r'"a" comes from outside, it has no index 1'):
        GraphBuilder().input("a")[1]


@pytest.mark.parametrize("use", [lambda node: node.out.image, lambda node: list(node.out.IMAGE)])
def test_what_ports_are_not(use: Callable[[NodeBuilder], object]) -> None:
    graph = GraphBuilder()
    with pytest.raises((AttributeError, TypeError)):
        use(graph.node("ImageTransformationCalculator", IMAGE=graph.input("a")))


def test_code_from_elsewhere_counts_as_the_line_that_called_it() -> None:
    graph = GraphBuilder()
    code = compile("graph.node('TestNumberCalculator', NUMBR=graph.input('a'))", "elsewhere", "exec")
    exec(code, {"graph": graph})
    with pytest.raises(GraphError, match=r"test_builder\.py:"):
        graph.config()


def test_the_example_in_the_docstring() -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(GraphBuilder, globs={"GraphBuilder": GraphBuilder})
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example) == doctest.TestResults(0, 5)


NODES = st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.integers(0, 99)), min_size=1, max_size=6)


@given(NODES)
@settings(max_examples=40, deadline=None)
def test_random_graphs_come_back_from_their_text(nodes: list[tuple[int, bool, int]]) -> None:
    graph = GraphBuilder()
    streams = [graph.input("in")]
    for count, tagged, seed in nodes:
        chosen = [streams[(seed + number) % len(streams)] for number in range(count)]
        node = graph.node(
            "PassThroughCalculator", *(() if tagged else chosen), **({"X": chosen} if tagged else {})
        )
        streams += [node.out["X", index] if tagged else node.out[index] for index in range(count)]
    graph.output("out", streams[-1])
    config = graph.config()
    assert parse_graph(graph.to_pbtxt(), "written").config == config
    assert [node.calculator for node in graph.build().config.node] == ["PassThroughCalculator"] * len(nodes)
