"""The teacher's encoder: its published shapes, and weights by their PyTorch names."""

import keras
import numpy as np
import pytest
from keras import layers

from models.efficientnet_lite import encode, load_imagenet


def encoder(variant: str, size: int = 32) -> keras.Model:
    image = layers.Input((size, size, 3))
    return keras.Model(image, encode(image, variant))


def state_dict(model: keras.Model) -> dict[str, np.ndarray]:
    """Random weights under the names and in the layout that the published files have."""
    rng = np.random.default_rng(5)
    state = {}
    for layer in model.layers:
        if not layer.weights:
            continue
        if layer.name.startswith("stem"):
            name = "_conv_stem" if layer.name.endswith("_conv") else "_bn0"
        else:
            block, part, kind = layer.name.removeprefix("block").split("_")
            bn = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}[part]
            name = f"_blocks.{block}.{bn if kind == 'bn' else f'_{part}_conv'}"
        if layer.name.endswith("_bn"):
            for part in ("weight", "bias", "running_mean", "running_var"):
                state[f"{name}.{part}"] = rng.random(layer.weights[0].shape, np.float32)
        else:
            height, width, before, after = layer.weights[0].shape
            depthwise = isinstance(layer, layers.DepthwiseConv2D)
            shape = (before, after, height, width) if depthwise else (after, before, height, width)
            state[f"{name}.weight"] = rng.random(shape, np.float32)
    return state


@pytest.mark.parametrize(
    ("variant", "channels", "parameters"),
    # Parameters: numbers in the published files, less those of the head and the classifier
    [("lite0", [16, 24, 40, 112, 320], 2_998_304), ("lite2", [16, 24, 48, 120, 352], 4_413_488)],
)
def test_shapes(variant, channels, parameters):
    model = encoder(variant)
    assert [tuple(output.shape[1:]) for output in model.outputs] == [
        (size, size, width) for size, width in zip((16, 8, 4, 2, 1), channels, strict=True)
    ]
    assert model.count_params() == parameters


def test_weights_by_their_published_names():
    model = encoder("lite0")
    state = state_dict(model)
    load_imagenet(model, state)
    np.testing.assert_array_equal(
        model.get_layer("block3_depthwise_conv").get_weights()[0][1, 2, 7, 0],
        state["_blocks.3._depthwise_conv.weight"][7, 0, 1, 2],
    )
    np.testing.assert_array_equal(
        model.get_layer("block3_project_conv").get_weights()[0][0, 0, 5, 6],
        state["_blocks.3._project_conv.weight"][6, 5, 0, 0],
    )
    np.testing.assert_array_equal(model.get_layer("stem_bn").get_weights()[3], state["_bn0.running_var"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda state: state.pop("_blocks.2._bn1.weight"), KeyError),
        (lambda state: state.update({"_conv_stem.weight": np.zeros((8, 3, 3, 3))}), ValueError),
    ],
)
def test_weights_of_another_network_are_refused(change, error):
    model = encoder("lite0")
    state = state_dict(model)
    change(state)
    with pytest.raises(error):
        load_imagenet(model, state)
