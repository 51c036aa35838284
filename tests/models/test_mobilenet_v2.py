"""MobileNetV2's prefix against the encoder of `keras.applications`."""

import keras
import numpy as np
import pytest

from models.mobilenet_v2 import encode, load_encoders
from models.weights import WeightsError

LAST = ("Conv1_relu", "expanded_conv_project_BN", "block_2_add", "block_5_add", "block_9_add", "block_12_add")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """`keras.applications.MobileNetV2` with random weights everywhere, and the file with them."""
    model = keras.applications.MobileNetV2((64, 64, 3), include_top=False, weights=None)
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0.1, 1, w.shape) / np.sqrt(w.size) for w in model.get_weights()])
    path = tmp_path_factory.mktemp("weights") / "mobilenet.weights.h5"
    model.save_weights(path)
    return model, path


def test_features_equal_those_of_keras(published):
    reference, path = published
    image = keras.Input((64, 64, 3))
    model = keras.Model(image, encode(image, 6, "deep_"))
    assert load_encoders(model, str(path), ("deep_",)) == 78
    picture = np.random.default_rng(2).uniform(-1, 1, (1, 64, 64, 3)).astype(np.float32)
    expected = keras.Model(reference.input, [reference.get_layer(name).output for name in LAST])(picture)
    for mine, theirs in zip(model(picture), expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)


def test_dilated_stages_keep_the_resolution():
    image = keras.Input((64, 64, 3))
    assert [f.shape[1:] for f in encode(image, 8, dilated=(7, 8))] == [
        (32, 32, 32),
        (32, 32, 16),
        (16, 16, 24),
        (8, 8, 32),
        (4, 4, 64),
        (4, 4, 96),
        (4, 4, 160),
        (4, 4, 320),
    ]


def test_other_weights_are_refused(tmp_path):
    image = keras.Input((32, 32, 3))
    model = keras.Model(image, encode(image, 2, "deep_"))
    path = tmp_path / "other.weights.h5"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, name="Conv1")]).save_weights(path)
    with pytest.raises(WeightsError, match="has no layer Conv1 of MobileNetV2's shape"):
        load_encoders(model, str(path), ("deep_",))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WeightsError, match=r"none\.h5: no such file"):
        load_encoders(keras.Sequential(), str(tmp_path / "none.h5"), ("deep_",))
