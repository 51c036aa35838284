"""Training configurations: `training/configs/NAME.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

CONFIGS = Path(__file__).parent / "configs"
KINDS = {
    "str": ((str,), "text"),
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "tuple": ((tuple,), "tables"),
    "dict": ((dict,), "a table"),
}
"""What TOML may hold for a field of a type."""


class ConfigError(ValueError):
    """A configuration cannot be used; the message names the file and the key."""


@dataclass(frozen=True)
class Stage:
    """Epochs of `steps` batches at one picture size."""

    size: int
    batch: int
    steps: int
    epochs: int


@dataclass(frozen=True)
class Config:
    """A training run; see `training/configs/` for the values in use.

    Attributes:
        task: a key of `training.fit.TASKS`.
        data: folder of the data set.
        split: file with the names of the validation pictures.
        backgrounds: folder of pictures without what is looked for.
        seed: of weights, batches and dropout.
        learning_rate: the highest; it rises over `warmup_steps`, then falls along a cosine.
        weight_decay: AdamW's; 0 is Adam.
        warmup_steps: batches until the learning rate is at its highest.
        ema: share of the averaged weights that stays at each step; 0 keeps no average.
        stages: what is trained in which order.
        clip_norm: largest norm of all gradients together; None clips nothing.
        final_rate: the learning rate's end, as a share of the highest; 1 keeps it constant.
        initial: weights to start from, a .weights.h5 or .h5: layers whose name and shapes agree are taken.
        options: arguments of the task's own.
    """

    task: str
    data: str
    split: str
    backgrounds: str
    seed: int
    learning_rate: float
    weight_decay: float
    warmup_steps: int
    ema: float
    stages: tuple[Stage, ...]
    clip_norm: float | None = None
    final_rate: float = 0.005
    initial: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def epochs(self) -> int:
        return sum(stage.epochs for stage in self.stages)

    @property
    def steps(self) -> int:
        return sum(stage.epochs * stage.steps for stage in self.stages)

    def stage(self, epoch: int) -> Stage:
        """The stage of an epoch counted from 0."""
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage
            epoch -= stage.epochs
        raise IndexError(f"the run has {self.epochs} epochs")


def find_config(name: str) -> Path:
    """The path of a configuration.

    Raises:
        ConfigError: if there is none of that name.
    """
    path = CONFIGS / f"{name}.toml"
    if not path.is_file():
        known = [path.stem for path in config_paths()]
        raise ConfigError(f"no configuration {name!r}{nearest(name, known)}; there are: {', '.join(known)}")
    return path


def config_paths() -> list[Path]:
    return sorted(CONFIGS.glob("*.toml"))


def describe(path: Path) -> str:
    """The first comment line of a configuration."""
    line = path.read_text(encoding="utf-8").partition("\n")[0]
    return line.removeprefix("#").strip() if line.startswith("#") else ""


def read_config(path: Path) -> Config:
    """Read a TOML file whose keys are the fields of `Config`.

    Raises:
        ConfigError: if it is no TOML, or a key is unknown, missing or has a value of another kind.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    stages = values.get("stages")
    if "stages" in values:
        if not isinstance(stages, list) or not stages or not all(isinstance(s, dict) for s in stages):
            raise ConfigError(f"{path}: stages must be one or more tables [[stages]]")
        values["stages"] = tuple(
            _build(Stage, stage, f"{path}: stage {number}") for number, stage in enumerate(stages, start=1)
        )
    config = _build(Config, values, str(path))
    for number, stage in enumerate(config.stages, start=1):
        for key, value in vars(stage).items():
            if value <= 0:
                raise ConfigError(f"{path}: stage {number}: {key} must be positive, got {value}")
    if not 0 <= config.warmup_steps < config.steps:
        raise ConfigError(
            f"{path}: warmup_steps must be 0 to {config.steps - 1} "
            f"(the stages have {config.steps} steps), got {config.warmup_steps}"
        )
    return config


def nearest(word: str, known: list[str]) -> str:
    """` (did you mean 'x'?)` with the nearest of `known`, or nothing if none is near."""
    matches = get_close_matches(word, known, n=1)
    return f" (did you mean {matches[0]!r}?)" if matches else ""


def _build(kind: type, values: dict[str, Any], where: str) -> Any:
    known = {f.name: f for f in fields(kind)}
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}{nearest(key, list(known))}")
        types, expected = KINDS[str(known[key].type).removesuffix(" | None").partition("[")[0]]
        if not isinstance(value, types) or isinstance(value, bool):
            raise ConfigError(f"{where}: {key} must be {expected}, got {value!r}")
    required = (f for f in known.values() if f.default is MISSING and f.default_factory is MISSING)
    missing = [f.name for f in required if f.name not in values]
    if missing:
        raise ConfigError(f"{where}: key missing: {', '.join(missing)}")
    return kind(**values)
