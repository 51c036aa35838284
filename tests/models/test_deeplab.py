"""DeepLabv3: its encoder against Keras's own ResNet-101, its size against torchvision's, its weights."""

import http.server
import re
import threading

import keras
import numpy as np
import pytest
from keras.applications.resnet import preprocess_input

from models.deeplab import RESNET101, deeplab, dilations, download_imagenet, encode
from models.weights import WeightsError

SMALL = (1, 1, 2, 1)


def pictures(size: int, count: int = 2) -> np.ndarray:
    return np.random.default_rng(5).random((count, size, size, 3), np.float32)


@pytest.fixture(scope="module")
def small() -> keras.Model:
    keras.utils.set_random_seed(1)
    return deeplab(output_stride=16, depths=SMALL)


def encoder(output_stride: int, depths=SMALL) -> keras.Model:
    image = keras.Input((None, None, 3))
    return keras.Model(image, encode(image, output_stride, depths))


class TestNetwork:
    @pytest.mark.parametrize("size", [32, 48])
    def test_one_mask_of_the_picture_s_size(self, small, size):
        masks = np.asarray(small(pictures(size), training=False))
        assert masks.shape == (2, size, size, 1)
        assert masks.dtype == np.float32
        assert masks.min() >= 0
        assert masks.max() <= 1

    def test_mask_is_the_sigmoid_of_the_layer_named_logits(self, small):
        assert small.get_layer("mask").input is small.get_layer("logits").output

    def test_every_weight_gets_a_gradient(self, small):
        """In one step all weights move; a bias before a batch normalisation is taken away and may not."""
        before = small.get_weights()
        small.compile(keras.optimizers.SGD(1e3), "mse", run_eagerly=True)
        small.train_on_batch(pictures(32), pictures(32)[..., :1])
        moved = zip(small.weights, before, strict=True)
        still = {w.path for w, b in moved if w.trainable and (np.asarray(w) == b).all()}
        small.set_weights(before)
        assert all(path.endswith("_conv/bias") for path in still)

    @pytest.mark.parametrize(("size", "stride"), [(0, 8), (-8, 8), (100, 8), (72, 16)])
    def test_refuses_a_size(self, size, stride):
        with pytest.raises(ValueError, match=f"multiple of {stride}, got {size}"):
            deeplab(size, output_stride=stride, depths=SMALL)

    @pytest.mark.parametrize("stride", [8, 16, 32])
    def test_features_at_the_output_stride(self, stride):
        assert encoder(stride).compute_output_shape((1, 64, 96, 3)) == (1, 64 // stride, 96 // stride, 2048)


@pytest.mark.parametrize(
    ("output_stride", "third", "fourth"),
    [
        # (stride, dilation) of the first block and of the others, as in torchvision's
        # replace_stride_with_dilation: (False, True, True), (False, False, True), (False, False, False)
        (8, [(1, 1), (1, 2)], [(1, 2), (1, 4)]),
        (16, [(2, 1), (1, 1)], [(1, 1), (1, 2)]),
        (32, [(2, 1), (1, 1)], [(2, 1), (1, 1)]),
    ],
)
def test_dilations(output_stride, third, fourth):
    stages = dilations(output_stride, RESNET101)
    assert [len(stage) for stage in stages] == [3, 4, 23, 3]
    assert stages[0] == [(1, 1)] * 3
    assert stages[1] == [(2, 1)] + [(1, 1)] * 3
    assert stages[2] == third[:1] + third[1:] * 22
    assert stages[3] == fourth[:1] + fourth[1:] * 2


def test_dilations_refuse_another_stride():
    with pytest.raises(ValueError, match="8, 16 or 32, got 4"):
        dilations(4, RESNET101)


@pytest.fixture(scope="module")
def reference() -> keras.Model:
    keras.utils.set_random_seed(2)
    return keras.applications.ResNet101(weights=None, include_top=False, input_shape=(64, 64, 3))


@pytest.fixture(scope="module")
def full(reference, tmp_path_factory) -> keras.Model:
    """The whole network, the encoder's weights from a file, without dilation."""
    path = tmp_path_factory.mktemp("weights") / "resnet101.weights.h5"
    reference.save_weights(path)
    return deeplab(weights=str(path), output_stride=32)


class TestResNet101:
    def test_encoder_equals_keras_s_own(self, reference, full):
        frames = pictures(64)
        expected = np.asarray(reference(preprocess_input(255 * frames), training=False))
        features = keras.Model(full.input, full.get_layer("conv5_block3_out").output)(frames, training=False)
        np.testing.assert_allclose(np.asarray(features), expected, atol=1e-4 * abs(expected).max())

    def test_parameters_are_torchvision_s(self, full):
        """60,996,202 with its auxiliary head and 21 classes; Keras's encoder has biases besides."""
        auxiliary = 9 * 1024 * 256 + 2 * 256 + 256 * 21 + 21
        classes = 20 * (256 + 1)
        biases = sum(w.shape[0] for w in full.weights if re.search("conv[1-5].*_conv/bias", w.path))
        trainable = sum(int(np.prod(w.shape)) for w in full.trainable_weights)
        assert trainable - biases + classes + auxiliary == 60_996_202
        assert trainable == 58_678_529


class TestWeights:
    def test_of_another_encoder(self, small, tmp_path):
        path = tmp_path / "small.weights.h5"
        small.save_weights(path)
        with pytest.raises(WeightsError, match=r"small\.weights\.h5: not the weights .* layers stay empty"):
            deeplab(weights=str(path), depths=(1, 1, 3, 1))

    def test_missing(self, tmp_path):
        with pytest.raises(WeightsError, match="no such file"):
            deeplab(weights=str(tmp_path / "none.h5"), depths=SMALL)

    def test_download_fails(self):
        """From a server that has nothing."""
        with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                with pytest.raises(WeightsError, match=r"could not be downloaded .* put it into"):
                    download_imagenet(f"http://127.0.0.1:{server.server_port}/tryon_absent.h5")
            finally:
                server.shutdown()
                thread.join()
