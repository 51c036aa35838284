"""Runs side by side."""

import pytest

from training.ablations import draw, read_run, table
from training.config import ConfigError

ROW = {"epoch": 1, "size": 128, "loss": 1.0, "learning_rate": 0.1, "pictures_per_second": 9.0, "seconds": 1.0}


def run(name: str, *means: float) -> dict:
    history = [
        ROW | {"epoch": i, "figaro": mean - 0.1, "mean": mean} for i, mean in enumerate(means, start=1)
    ]
    return {"name": name, "what": f"it is {name}", "best": history[-1], "history": history}


def test_table():
    assert table([run("full", 0.7, 0.8), run("less", 0.75)]) == (
        "| run | figaro | mean | difference |\n"
        "| --- | --- | --- | --- |\n"
        "| `full` | 0.700 | 0.800 |  |\n"
        "| `less` | 0.650 | 0.750 | -0.050 |\n"
        "\n"
        "- `full`: it is full\n"
        "- `less`: it is less\n"
    )


def test_picture(tmp_path):
    draw([run("full", 0.7, 0.8), run("less", 0.75, 0.7)], tmp_path / "runs.png")
    assert (tmp_path / "runs.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["runs.png"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hair_ablation_ful", "did you mean 'hair_ablation_full'"),
        ("hair_ablation_full", "training.fit hair_abl"),
    ],
)
def test_a_run_that_is_not_there_is_named(name, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=message):
        read_run(name)
