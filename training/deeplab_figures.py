"""The transfer-learning study's two figures, from runs: scores by epoch, and masks beside the truth.

`python -m training.deeplab_figures deeplab_pretrained deeplab_random --out out` reads `runs/NAME/` and writes
`out/epochs.png` (loss, F1 and AUROC of training and validation pictures) and `out/masks.png` (validation
pictures, their true masks, and the masks of every run's best weights).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training.config import ConfigError, find_config
from training.data import DataError
from training.fit import load_task
from training.plot import save

PANELS = {
    "squared error": ("loss", "validation_loss"),
    "F1": ("train_f1", "f1"),
    "AUROC": ("train_auroc", "auroc"),
}
"""What is drawn, of the training and of the validation pictures."""


def draw_epochs(histories: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Draw loss, F1 and AUROC by epoch: a colour a run, dashed for the training pictures.

    Args:
        histories: by the run's name, as `training.fit` writes them for the task `deeplab`.
        path: of the PNG.
    """
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (label, (train, validation)) in zip(figure.subplots(1, 3), PANELS.items(), strict=True):
        for i, (name, history) in enumerate(histories.items()):
            epochs = [row["epoch"] for row in history]
            for key, style, side in ((train, "--", "train"), (validation, "-", "validation")):
                axes.plot(
                    epochs, [row[key] for row in history], style, color=f"C{i}", label=f"{name}, {side}"
                )
        axes.set(xlabel="epoch", ylabel=label)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7)
    save(figure, path)


def draw_masks(pictures: list[np.ndarray], masks: dict[str, list[np.ndarray]], path: Path) -> None:
    """Draw a row for every picture: itself, its true mask, and the mask of every run.

    Args:
        pictures: uint8 [H, W, 4], RGB and the true mask.
        masks: by the run's name, float32 [size, size] in [0, 1] for every picture.
        path: of the PNG.
    """
    columns = ["picture", "truth", *masks]
    figure = Figure(figsize=(2 * len(columns), 2 * len(pictures)), layout="constrained")
    FigureCanvasAgg(figure)
    rows = figure.subplots(len(pictures), len(columns), squeeze=False)
    for row, picture, *found in zip(rows, pictures, *masks.values(), strict=True):
        height, width = picture.shape[:2]
        for axes, image in zip(row, [picture[..., :3], picture[..., 3] / 255, *found], strict=True):
            # The mask of a square is shown in the picture's own proportions.
            axes.imshow(image, cmap="gray", vmin=0, vmax=1, extent=(0, width, height, 0))
            axes.set_axis_off()
    for axes, title in zip(rows[0], columns, strict=True):
        axes.set_title(title, fontsize=8)
    save(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.deeplab_figures",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("runs", nargs="+", help="names of configurations whose task is deeplab")
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder for the figures (out)")
    parser.add_argument("--pictures", type=int, default=4, help="how many validation pictures to show (4)")
    args = parser.parse_args()
    try:
        histories, masks = {}, {}
        for name in args.runs:
            folder = Path("runs") / name
            histories[name] = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
            config, task = load_task(find_config(name))
            model = task.build(None)
            model.load_weights(folder / "best.weights.h5")
            pictures, inputs = task.examples(args.pictures, config.stages[-1].size)
            masks[name] = list(np.asarray(model.predict_on_batch(inputs))[..., 0])
        args.out.mkdir(parents=True, exist_ok=True)
        draw_epochs(histories, args.out / "epochs.png")
        draw_masks(pictures, masks, args.out / "masks.png")
    except (ConfigError, DataError, OSError) as error:
        parser.exit(1, f"error: {error}\n")
    print(f"{args.out / 'epochs.png'} {args.out / 'masks.png'}")


if __name__ == "__main__":
    main()
