"""Train a model: `python -m training.fit hair_256` reads `training/configs/hair_256.toml`.

Writes to `runs/hair_256/`: `state.npz` (everything that a resumed run needs), `best.weights.h5` (averaged
weights with the best validation score), `metrics.json`, `curves.png` and `tensorboard/`. A run that was
stopped goes on where its last finished epoch ended.
"""

from __future__ import annotations

import argparse
import inspect
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# TensorFlow leaves oneDNN off on some processors, where its own convolutions train at a third of the speed.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Its greetings on every start hide the messages that matter.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import cv2

from models.weights import WeightsError
from training.config import (
    Config,
    ConfigError,
    config_paths,
    describe,
    find_config,
    nearest,
    read_config,
)
from training.data import DataError
from training.deeplab import DeepLabTask
from training.face_detector import FaceDetectorTask
from training.hair import HairTask, HairTeacherTask
from training.landmarks import LandmarkTask
from training.nail import NailTask
from training.run import Run, RunError

TASKS = {
    "hair": HairTask,
    "hair_teacher": HairTeacherTask,
    "deeplab": DeepLabTask,
    "nail": NailTask,
    "landmarks": LandmarkTask,
    "face_detector": FaceDetectorTask,
}

EXAMPLES = """\
examples:
  python -m training.fit --list                     the configurations
  python -m training.fit hair_256                   train, or go on with a run that was stopped
  python -m training.fit hair_256 --data my/hair    on another data set
  python -m training.fit hair_256 --fresh           forget the run so far
  python -m training.fit nail --config cascade      a variant of a family: nail_cascade
  tensorboard --logdir runs                         watch
"""


def load_task(path: Path, data: Path | None = None) -> tuple[Config, Any]:
    """Read a configuration and set up its task, on the pictures in `data` if given.

    Raises:
        ConfigError: if the configuration cannot be read, or names an unknown task or option.
        DataError: if the data set cannot be read.
    """
    config = read_config(path)
    if config.task not in TASKS:
        raise ConfigError(
            f"{path}: unknown task {config.task!r}{nearest(config.task, list(TASKS))}; "
            f"there are: {', '.join(TASKS)}"
        )
    task = TASKS[config.task]
    known = [
        name for name in inspect.signature(task).parameters if name not in ("data", "split", "backgrounds")
    ]
    for key in config.options:
        if key not in known:
            takes = f"takes {', '.join(known)}" if known else "takes none"
            raise ConfigError(
                f"{path}: options: the task {config.task!r} {takes}, not {key!r}{nearest(key, known)}"
            )
    paths = (data or Path(config.data), Path(config.split), Path(config.backgrounds))
    return config, task(*paths, **config.options)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.fit",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("config", nargs="?", help="name of a file in training/configs, without .toml")
    parser.add_argument(
        "--config", dest="variant", metavar="VARIANT", help="one of a family: nail --config lmp is nail_lmp"
    )
    parser.add_argument("--list", action="store_true", help="show the configurations")
    parser.add_argument("--data", type=Path, help="folder of the data set, instead of the config's")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--fresh", action="store_true", help="start anew, and delete what the run has written")
    group.add_argument("--keep", action="store_true", help="go on although the configuration has changed")
    args = parser.parse_args(arguments)
    if args.list:
        for path in config_paths():
            print(f"{path.stem:20} {describe(path)}")
        return
    if args.config is None:
        parser.error("which configuration? --list shows them")
    name = args.config if args.variant is None else f"{args.config}_{args.variant}"
    # The thread that makes batches must not spread over the cores that train.
    cv2.setNumThreads(1)
    try:
        config, task = load_task(find_config(name), args.data)
        run = Run(config, task, Path("runs") / name)
        if args.fresh:
            run.forget()
        run.fit(keep=args.keep)
    except (ConfigError, DataError, RunError, WeightsError, OSError) as error:
        parser.exit(1, f"error: {error}\n")
    except KeyboardInterrupt:
        parser.exit(130, "stopped; the same command goes on after the last finished epoch\n")


if __name__ == "__main__":
    main()
