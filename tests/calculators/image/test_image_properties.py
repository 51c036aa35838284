import numpy as np
import pytest

from tests.calculators.image.run import run_node
from tryon import GraphError


def node(*inputs: str) -> str:
    streams = "".join(f'input_stream: "{text}" ' for text in inputs)
    return f'node {{ calculator: "ImagePropertiesCalculator" {streams} output_stream: "SIZE:size" }}'


@pytest.mark.parametrize("tag", ["IMAGE", "IMAGE_CPU"])
@pytest.mark.parametrize("shape", [(2, 5), (2, 5, 3)])
def test_size_is_width_and_height(tag, shape):
    outputs = run_node(node(f"{tag}:in"), {"in": [(7, np.zeros(shape, np.uint8))]})
    assert outputs == {"size": [(7, (5, 2))]}


@pytest.mark.parametrize("inputs", [(), ("IMAGE:in", "IMAGE_CPU:in")])
def test_exactly_one_input(inputs):
    with pytest.raises(GraphError, match="one of the input streams IMAGE and IMAGE_CPU"):
        run_node(node(*inputs), {"in": []})
