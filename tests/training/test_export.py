"""Export: what is refused, and what is counted."""

import keras
import numpy as np
import pytest

from training.evaluate_model import HairModel
from training.export import (
    ExportError,
    convert,
    difference,
    export,
    main,
    multiply_adds,
    operators,
    precise,
)
from training.gpu_check import gpu_problems

layers = keras.layers


def model(*stack, size: int | None = 8) -> keras.Model:
    frame = x = keras.Input((size, size, 4))
    for layer in stack:
        x = layer(x)
    return keras.Model(frame, x)


def noise() -> np.ndarray:
    return np.random.default_rng(0).random((1, 8, 8, 4), np.float32)


def test_transposed_convolution_with_fused_activation_is_refused():
    plain = layers.Conv2DTranspose(3, 2, 2, bias_initializer="ones")
    assert gpu_problems(convert(model(plain))) == []
    fused = model(layers.Conv2DTranspose(3, 2, 2, bias_initializer="ones", activation="relu"))
    with pytest.raises(ExportError, match=r"TRANSPOSE_CONV: version 4, the GPU delegate knows 3"):
        export(fused, noise())


def test_unknown_operator_is_refused():
    with pytest.raises(ExportError, match="ROUND: not among the GPU delegate's operators"):
        export(model(layers.Lambda(keras.ops.round)), noise())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody", "error: no configuration 'nobody'"),
        (
            "hair_teacher",
            "error: hair_teacher: models of the task 'hair_teacher' are not shipped, only those of h",
        ),
    ],
)
def test_what_cannot_be_shipped_is_said_before_the_work(name, message, capsys):
    with pytest.raises(SystemExit) as ended:
        main([name])
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(message)


def test_several_outputs_are_compared_by_their_names():
    frame = keras.Input((8, 8, 4))
    outputs = [layers.Conv2D(1, 1, name=name)(frame) for name in ("zebra", "ant", "bee")]
    three = keras.Model(frame, outputs)
    three.set_weights([w + 0.1 * i for i, w in enumerate(three.get_weights())])
    tflite = convert(three, float16=False)
    assert difference(three, tflite, noise()) < 1e-5
    three.get_layer("ant").set_weights([w + 0.5 for w in three.get_layer("ant").get_weights()])
    assert difference(three, tflite, noise()) > 0.4


@pytest.mark.parametrize(("scale", "weights"), [(1.0, "float16"), (5000.0, "float32")])
def test_weights_are_float32_where_float16_is_too_coarse(scale, weights, capsys):
    """The difference of two large numbers, of which float16 keeps eleven bits."""
    kernel = scale * np.array([1.0003, -1, 0, 0]).reshape(1, 1, 4, 1)
    network = model(layers.Conv2D(1, 1, activation="sigmoid"))
    network.layers[-1].set_weights([kernel, np.zeros(1)])
    flat = np.repeat(noise()[..., :1], 4, axis=-1)
    tflite, found = precise(network, flat)
    assert found == weights
    assert difference(network, tflite, flat) <= 1e-2
    assert ("with float16 weights LiteRT differs" in capsys.readouterr().err) == (weights == "float32")


def test_open_size_is_refused():
    with pytest.raises(ExportError, match="build the model at one size"):
        convert(model(layers.Conv2D(1, 1), size=None))


@pytest.mark.parametrize(
    ("layer", "expected", "name"),
    [
        (layers.Conv2D(5, 3, padding="same"), 8 * 8 * 5 * 3 * 3 * 4, "CONV_2D"),
        (layers.DepthwiseConv2D(3, padding="same"), 8 * 8 * 4 * 3 * 3, "DEPTHWISE_CONV_2D"),
        (layers.Conv2DTranspose(3, 2, 2), 8 * 8 * 4 * 2 * 2 * 3, "TRANSPOSE_CONV"),
    ],
)
def test_multiply_adds(layer, expected, name):
    tflite = convert(model(layer), float16=False)
    assert multiply_adds(tflite) == expected
    assert name in operators(tflite)


def test_batch_is_one():
    tflite = convert(model(layers.Conv2D(1, 1)))
    assert HairModel(tflite)(noise()[0]).shape == (8, 8, 1)


def test_two_channels_of_logits_become_one_mask():
    two = model(layers.Conv2D(2, 1, kernel_initializer="zeros", bias_initializer="zeros"))
    two.layers[-1].set_weights([np.zeros((1, 1, 4, 2)), np.array([0, np.log(3)])])
    np.testing.assert_allclose(HairModel(convert(two))(noise()[0]), 0.75, atol=1e-3)


def test_another_output_is_refused():
    with pytest.raises(ValueError, match=r"output of \[1, 8, 8, 1 or 2\], got \[1, 8, 8, 3\]"):
        HairModel(convert(model(layers.Conv2D(3, 1))))
