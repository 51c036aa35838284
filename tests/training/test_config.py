"""Configurations: what is wrong is named, with the file and the key."""

import pytest

from training.config import (
    CONFIGS,
    Config,
    ConfigError,
    Stage,
    config_paths,
    describe,
    find_config,
    read_config,
)

TEXT = """# One line.
# Another.
task = "hair"
data = "d"
split = "s"
backgrounds = "b"
seed = 1
learning_rate = 0.1
weight_decay = 0.0
warmup_steps = 2
ema = 0

[[stages]]
size = 8
batch = 4
steps = 5
epochs = 2

[[stages]]
size = 16
batch = 2
steps = 4
epochs = 3
"""


@pytest.fixture
def read(tmp_path):
    def read(text: str) -> Config:
        path = tmp_path / "run.toml"
        path.write_text(text)
        return read_config(path)

    return read


def test_values(read):
    config = read(TEXT + '[options]\nweights = "w"\n')
    assert config == Config(
        task="hair",
        data="d",
        split="s",
        backgrounds="b",
        seed=1,
        learning_rate=0.1,
        weight_decay=0.0,
        warmup_steps=2,
        ema=0,
        stages=(Stage(8, 4, 5, 2), Stage(16, 2, 4, 3)),
        options={"weights": "w"},
    )
    assert (config.epochs, config.steps) == (5, 22)


def test_what_may_be_left_out(read):
    config = read(TEXT)
    assert (config.clip_norm, config.final_rate, config.initial, config.options) == (None, 0.005, None, {})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed = 1", "sede = 1", r": unknown key 'sede' \(did you mean 'seed'\?\)"),
        ("seed = 1", "seed = 1\nzzz = 1", ": unknown key 'zzz'$"),
        ("seed = 1", "", ": key missing: seed"),
        ("seed = 1", "seed = 1.5", ": seed must be a whole number, got 1.5"),
        ("seed = 1", "seed = true", ": seed must be a whole number, got True"),
        ('task = "hair"', "task = 3", ": task must be text, got 3"),
        ("seed = 1", 'seed = 1\ninitial = ["w"]', r": initial must be text, got \['w'\]"),
        ("seed = 1", "seed = 1\nclip_norm = 'x'", ": clip_norm must be a number, got 'x'"),
        ("seed = 1", "seed = 1\noptions = 2", ": options must be a table, got 2"),
        ("size = 16", "sise = 16", r": stage 2: unknown key 'sise' \(did you mean 'size'\?\)"),
        ("steps = 4", "steps = 0", ": stage 2: steps must be positive, got 0"),
        ("warmup_steps = 2", "warmup_steps = 22", ": warmup_steps must be 0 to 21 .* 22 steps.*, got 22"),
        ("[[stages]]", "[stagess]", ": "),
        ("seed = 1", "seed = ", ": Invalid value"),
    ],
)
def test_refused(read, old, new, message):
    with pytest.raises(ConfigError, match=rf"run\.toml{message}"):
        read(TEXT.replace(old, new))


@pytest.mark.parametrize("stages", ["stages = []", "stages = 3", "stages = [3]"])
def test_stages_that_are_none(read, stages):
    text = stages + "\n" + TEXT.partition("[[")[0]
    with pytest.raises(ConfigError, match=r"stages must be one or more tables \[\[stages\]\]"):
        read(text)


@pytest.mark.parametrize(("epoch", "size"), [(0, 8), (1, 8), (2, 16), (4, 16)])
def test_stage(read, epoch, size):
    assert read(TEXT).stage(epoch).size == size


def test_stage_beyond_the_run(read):
    with pytest.raises(IndexError, match="5 epochs"):
        read(TEXT).stage(5)


def test_describe(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(TEXT)
    assert describe(path) == "One line."


def test_no_such_configuration():
    with pytest.raises(ConfigError, match=r"'hair_265' \(did you mean 'hair_256'\?\); there are: .*hair_256"):
        find_config("hair_265")


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
def test_committed_configs(path):
    assert path in config_paths()
    assert read_config(path).epochs > 0
    assert describe(path)
