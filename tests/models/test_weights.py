"""Weights are taken by name from both of Keras's formats."""

import h5py
import keras
import numpy as np
import pytest

from models.weights import WeightsError, load_by_name, read_layers


def network(width: int = 4) -> keras.Model:
    image = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(width, 3, name="first")(image)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.ReLU(name="relu")(x)
    return keras.Model(image, keras.layers.Conv2D(2, 1, name="last")(x))


@pytest.fixture(params=["w.weights.h5", "w.h5"])
def saved(request, tmp_path):
    """A network and its file; `w.h5` is in the format of Keras before 3, as keras.applications downloads."""
    keras.utils.set_random_seed(7)
    model, path = network(), tmp_path / request.param
    if path.name == "w.weights.h5":
        model.save_weights(path)
        return model, path
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{w.name}:0" for w in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights, strict=True):
                group[name] = np.asarray(weight)
    return model, path


def test_all(saved):
    model, path = saved
    keras.utils.set_random_seed(8)
    other = network()
    assert load_by_name(other, path) == ["first", "norm", "last"]
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_layers_of_other_shapes_stay(saved):
    other = network(width=6)
    last = keras.Sequential([keras.Input((8, 8, 4)), keras.layers.Conv2D(2, 1, name="last")])
    assert load_by_name(last, saved[1]) == ["last"]
    with pytest.raises(WeightsError, match=r"none of its 3 layers .* fits one of"):
        load_by_name(other, saved[1])


def test_read_layers(saved):
    layers = read_layers(saved[1])
    assert {name: [a.shape for a in arrays] for name, arrays in layers.items()} == {
        "first": [(3, 3, 3, 4), (4,)],
        "norm": [(4,)] * 4,
        "last": [(1, 1, 4, 2), (2,)],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), (b"not HDF5", "not a Keras weights file"), ({}, "holds no weights")],
)
def test_other_files(tmp_path, content, message):
    path = tmp_path / "other.h5"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        h5py.File(path, "w").close()
    with pytest.raises(WeightsError, match=f"other.h5: {message}"):
        load_by_name(network(), path)
