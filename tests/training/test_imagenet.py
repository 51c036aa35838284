"""Reading MobileNetV2 out of a package of TensorFlow.js's making."""

import base64
import io
import tarfile

import keras
import numpy as np
import pytest

from training.imagenet import MODEL, PackageError, main, mobilenet_v2, read_package


def package(tmp_path, weights: dict[str, np.ndarray], cut: int = 0):
    """A package whose arrays are `weights`, uint8, in steps of 0.5 from -1."""
    entries = ",".join(
        f'{{name:"{name}",shape:[{",".join(map(str, a.shape))}],dtype:"float32",'
        f'quantization:{{min:-1,scale:.5,dtype:"uint8"}}}}'
        for name, a in weights.items()
    )
    content = b"".join(a.tobytes() for a in weights.values())[: -cut or None]
    files = {
        "model": f'!function(e){{a.exports={{weightsManifest:[{{paths:["x"],weights:[{entries}]}}]}}}}',
        "group1-shard1of1": f'!function(e){{h.exports="{base64.b64encode(content).decode()}"}}',
    }
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(MODEL.format(name))
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_arrays_are_unpacked_to_their_range(tmp_path):
    levels = np.arange(1000, dtype=np.uint8).reshape(10, 100)
    found = read_package(package(tmp_path, {"Conv1/kernel": levels, "bn/gamma": np.uint8([0, 4])}))
    np.testing.assert_allclose(found["Conv1/kernel"], levels * 0.5 - 1)
    np.testing.assert_allclose(found["bn/gamma"], [-1, 1])
    assert found["bn/gamma"].dtype == np.float32


def test_bytes_that_are_missing_are_an_error(tmp_path):
    path = package(tmp_path, {"a/kernel": np.zeros(2000, np.uint8), "b/kernel": np.zeros(0, np.uint8)})
    assert read_package(path).keys() == {"a/kernel", "b/kernel"}
    cut = package(tmp_path, {"a/kernel": np.zeros(2000, np.uint8)}, cut=8)
    with pytest.raises(PackageError, match="1992 bytes of weights, but its list of them says 2000"):
        read_package(cut)


def test_another_package_is_refused(tmp_path):
    path = tmp_path / "other.tgz"
    with tarfile.open(path, "w:gz"):
        pass
    with pytest.raises(PackageError, match=r"other\.tgz: not the npm package nsfwjs"):
        read_package(path)


@pytest.mark.parametrize(
    ("out", "status", "message"),
    [
        ("weights.npz", 2, "name it *.weights.h5"),
        ("new/a.weights.h5", 1, "error: the package lacks Conv1/kernel of MobileNetV2"),
    ],
)
def test_mistakes_are_one_message(tmp_path, monkeypatch, capsys, out, status, message):
    path = package(tmp_path, {"Conv9/kernel": np.zeros(2000, np.uint8)})
    monkeypatch.setattr("sys.argv", ["imagenet", str(path), str(tmp_path / out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == status
    assert message in capsys.readouterr().err
    assert not list(tmp_path.glob("**/*.h5"))


def test_fills_the_network_of_keras():
    empty = keras.applications.MobileNetV2((64, 64, 3), include_top=False, weights=None)
    names = {}
    for layer in empty.layers:
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        for weight in layer.weights:
            names[f"{layer.name}/{'depthwise_kernel' if depthwise else weight.name}"] = weight.shape
    filled = mobilenet_v2({name: np.full(shape, 0.25, np.float32) for name, shape in names.items()})
    assert all((weight == 0.25).all() for weight in filled.get_weights())
