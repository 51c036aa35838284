"""The teacher network."""

import numpy as np

from models.hair_teacher import hair_teacher


def test_mask_of_any_size_from_a_picture():
    model = hair_teacher(None, "lite0")
    for size in (32, 64):
        mask = np.asarray(model(np.zeros((1, size, size, 3), np.float32), training=False))
        assert mask.shape == (1, size, size, 1)
        assert 0 <= mask.min() <= mask.max() <= 1
    assert model.get_layer("mask").input is model.get_layer("logits").output
