"""ToImageCalculator and FromImageCalculator, which here only pass pictures on; tags of the GPU."""

import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError

IMAGE = np.zeros((2, 3, 3), np.uint8)


@pytest.mark.parametrize(
    "node",
    [
        'calculator: "ToImageCalculator" input_stream: "IMAGE_CPU:in" output_stream: "IMAGE:out"',
        'calculator: "ToImageCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE:out"',
        'calculator: "FromImageCalculator" input_stream: "IMAGE:in" output_stream: "IMAGE_CPU:out"',
    ],
)
def test_same_picture(node):
    ((timestamp, image),) = run_node(f"node {{ {node} }}", {"in": [(5, IMAGE)]})["out"]
    assert timestamp == 5
    assert image is IMAGE


def test_source():
    node = 'calculator: "FromImageCalculator" input_stream: "IMAGE:in" output_stream: "SOURCE_ON_GPU:out"'
    assert run_node(f"node {{ {node} }}", {"in": [(5, IMAGE)]})["out"] == [(5, False)]


@pytest.mark.parametrize(
    ("calculator", "streams", "message"),
    [
        ("ToImageCalculator", 'input_stream: "IMAGE_GPU:in" output_stream: "IMAGE:out"', "use IMAGE_CPU"),
        ("FromImageCalculator", 'input_stream: "IMAGE:in" output_stream: "IMAGE_GPU:out"', "use IMAGE_CPU"),
        ("ImagePropertiesCalculator", 'input_stream: "IMAGE_GPU:in" output_stream: "SIZE:out"', "use IMAGE"),
        ("RecolorCalculator", 'input_stream: "MASK_GPU:in" output_stream: "IMAGE:out"', "use MASK"),
        ("SetAlphaCalculator", 'input_stream: "ALPHA_GPU:in" output_stream: "IMAGE:out"', "use ALPHA"),
        (
            "ImageTransformationCalculator",
            'input_stream: "IMAGE_GPU:in" output_stream: "IMAGE_GPU:out"',
            "IMAGE_GPU is not available, pictures are in memory here: use IMAGE",
        ),
        (
            "ToImageCalculator",
            'input_stream: "IMAGE:in" input_stream: "IMAGE_CPU:in" output_stream: "IMAGE:out"',
            "Cannot have multiple inputs",
        ),
    ],
)
def test_exception(calculator, streams, message):
    with pytest.raises(GraphError, match=message):
        run_node(f'node {{ calculator: "{calculator}" {streams} }}', {"in": []})
