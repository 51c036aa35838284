import json
from pathlib import Path

import pytest

from tests.calculators.inference.tiny import ADD, BITWISE_XOR, tiny_model
from tests.gpu import need_gpu
from training.gpu_check import AGREEMENT, gpu_problems, main, run_on_gpu

MODELS = sorted((Path(__file__).resolve().parents[2] / "models").glob("*.tflite"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
class TestCommitted:
    def test_gpu_delegate_takes_every_operator(self, path):
        assert gpu_problems(path.read_bytes()) == []

    def test_gpu_computes_all_and_agrees_with_the_cpu(self, path):
        need_gpu()
        run = run_on_gpu(path.read_bytes(), allow_precision_loss=False, calls=1)
        assert run.precision == "float32"
        assert run.difference <= AGREEMENT


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def test_table(write, capsys):
    main([write("good.tflite", tiny_model([1, 2], [ADD] * 5))])
    out, err = capsys.readouterr()
    _, header, row = out.splitlines()
    assert header.split() == ["operator", "count", "version", "GPU", "where"]
    assert row.split() == ["ADD", "5", "1", "yes", "0,", "1,", "2,", "2", "more"]
    assert err == ""


def test_refused(write, capsys):
    path = write("bad.tflite", tiny_model([1, 2], [ADD, BITWISE_XOR]))
    with pytest.raises(SystemExit) as ended:
        main([path])
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    assert "refused  not among the GPU delegate's operators" in out
    assert "1 output_1" in out
    assert err == f"{path}: the GPU delegate refuses BITWISE_XOR\n"


def test_json(write, capsys):
    path = write("bad.tflite", tiny_model([1, 2], [ADD, BITWISE_XOR]))
    with pytest.raises(SystemExit):
        main([path, "--json", "-"])
    (model,) = json.loads(capsys.readouterr().out)["models"]
    add, unknown = model["operators"]
    assert model["model"] == path
    assert add == {
        "operator": "ADD",
        "version": 1,
        "count": 1,
        "delegate_version": 2,
        "refused": "",
        "places": [0],
        "outputs": ["output_0"],
    }
    assert unknown["delegate_version"] is None
    assert unknown["refused"] == "not among the GPU delegate's operators"


def test_run(write, capsys):
    need_gpu()
    main([write("good.tflite", tiny_model([1, 2], [ADD])), "--run", "--json", "-"])
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert [run["precision"] for run in model["runs"]] == ["float32", "float16"]
    assert all(run["gpu_ms"] > 0 and run["cpu_ms"] > 0 for run in model["runs"])
    assert [run["difference"] for run in model["runs"]] == [0, pytest.approx(0, abs=1e-2)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG", r"is not a .tflite file; give a TFLite model."),
        (tiny_model([2], [ADD])[:100], "is damaged or cut short"),
    ],
)
def test_no_model(write, capsys, content, message):
    with pytest.raises(SystemExit) as ended:
        main([write("picture.png", content)])
    assert ended.value.code == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith('error: Model "')
    assert message in err


def test_missing_file(capsys):
    with pytest.raises(SystemExit):
        main(["no/such.tflite"])
    assert (
        capsys.readouterr().err
        == 'error: Model "no/such.tflite" cannot be read: No such file or directory.\n'
    )
