"""What stands in for the network when the nodes behind it are measured."""

import numpy as np
import pytest

from benchmarks.nail_nodes import COUNTS, LOOK, perfect_scene, scenes, time_nodes


@pytest.mark.parametrize("count", COUNTS)
def test_the_nodes_find_all_nails_in_the_exact_tensors(count: int) -> None:
    profile, found = time_nodes(count, LOOK, 2)
    assert found == count
    assert {node.name: node.count for node in profile}["polish"] == 2


def test_a_perfect_scene() -> None:
    """Two nails, of which one is in the tensors; the bars are above and below."""
    instances = np.zeros((16, 32), np.int32)
    instances[4:12, 8:16], instances[4:12, 20:24] = 1, 2
    scene = perfect_scene(np.zeros((16, 32, 3), np.uint8), instances, [7], np.float32([[0, -1]]), side=32)
    foreground, fingers, direction = scene.tensors
    assert [tensor.shape for tensor in scene.tensors] == [(1, 32, 32, 1), (1, 8, 8, 10), (1, 8, 8, 2)]
    np.testing.assert_array_equal(foreground[0, 8:24, :, 0], instances == 1)
    assert foreground.sum() == 64
    assert (fingers[0, 3:5, 2:4].argmax(-1) == 7).all()
    assert direction[0, :, :, 1].sum() == -4
    assert (scene.padding, scene.area) == ([0, 0.25, 0, 0.25], 64)


def test_scenes_move() -> None:
    first, second = (scene for scene, _ in zip(scenes(5), range(2), strict=False))
    assert first.frame.shape == (480, 640, 3)
    assert (first.frame != second.frame).any()
    assert 100 < first.area < 2000
