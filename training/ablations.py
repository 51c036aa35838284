"""Compare runs: `python -m training.ablations OUT RUN RUN ...` writes OUT.md, OUT.json and OUT.png.

The runs are finished ones of one task, by `training.fit`, the first the yardstick. The table has each run's
best epoch by the validation's `mean`, what its configuration says of it, and the difference to the first. Of
hair, `mean` is the intersection over union; of landmarks, the area under the curve of the faces by their
error, up to 8 %.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from training.config import ConfigError, describe, find_config
from training.plot import NOT_SCORES, save

EXAMPLES = """\
examples:
  python -m training.ablations models/hair_ablations hair_ablation_full hair_ablation_no_skips \\
      hair_ablation_no_dense
  python -m training.ablations models/landmarks_ablations landmarks_ablation_full \\
      landmarks_ablation_no_heatmap landmarks_ablation_no_distance landmarks_ablation_no_refinement
"""


def read_run(name: str) -> dict[str, Any]:
    """A run's name, purpose, history, and its best epoch.

    Raises:
        ConfigError: if there is no such configuration, or no epoch of it was finished.
    """
    purpose = describe(find_config(name))
    path = Path("runs") / name / "metrics.json"
    if not path.is_file():
        raise ConfigError(f"{path}: no such file; python -m training.fit {name} writes it")
    history = json.loads(path.read_text(encoding="utf-8"))
    return {
        "name": name,
        "what": purpose,
        "best": max(history, key=lambda row: row["mean"]),
        "history": history,
    }


def table(runs: list[dict[str, Any]]) -> str:
    """The runs' best epochs as Markdown."""
    sets = [name for name in runs[0]["best"] if name not in NOT_SCORES and name != "mean"]
    rows = [["run", *sets, "mean", "difference"], ["---"] * (len(sets) + 3)]
    for run in runs:
        best = run["best"]
        difference = f"{best['mean'] - runs[0]['best']['mean']:+.3f}" if run is not runs[0] else ""
        rows.append(
            [f"`{run['name']}`", *(f"{best[s]:.3f}" for s in sets), f"{best['mean']:.3f}", difference]
        )
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", *(f"- `{run['name']}`: {run['what']}" for run in runs)]) + "\n"


def draw(runs: list[dict[str, Any]], path: Path) -> None:
    """The validation's `mean` by epoch, a line a run."""
    figure = Figure(figsize=(6, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for run in runs:
        axes.plot(
            [r["epoch"] for r in run["history"]], [r["mean"] for r in run["history"]], label=run["name"]
        )
    axes.set(xlabel="epoch", ylabel="mean of the validation")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    save(figure, path)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.ablations",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("out", type=Path, help="files to write, without the ending")
    parser.add_argument("runs", nargs="+", help="names of configurations whose runs are finished")
    args = parser.parse_args()
    try:
        runs = [read_run(name) for name in args.runs]
    except ConfigError as error:
        parser.exit(1, f"error: {error}\n")
    for ending, text in ((".md", table(runs)), (".json", json.dumps(runs, indent=1) + "\n")):
        partial = args.out.with_suffix(f"{ending}.partial")
        partial.write_text(text, encoding="utf-8")
        partial.replace(args.out.with_suffix(ending))
    draw(runs, args.out.with_suffix(".png"))
    print(table(runs), end="")


if __name__ == "__main__":
    main()
