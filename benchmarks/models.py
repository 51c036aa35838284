"""How long models take alone: each .tflite in LiteRT's interpreter with XNNPACK, taking turns in one process.

The first model is the yardstick: ratios are the others' times over its own, below 1 is faster. Inputs are
random; a run copies no tensor. Where the machine is shared, the 10th percentile says more than the median.
"""

import argparse
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from rich.console import Console
from rich.table import Table

from benchmarks.common import Others, Worker, say, write_json

EXAMPLES = """examples:
  python -m benchmarks.models models/hair_256.tflite models/hair_512.tflite
  python -m benchmarks.models path/to/hair_segmentation.tflite models/hair_*.tflite --json -
"""
WARM_UP = 5


@dataclass
class ModelTime:
    """Milliseconds a run, and their ratios to the first model's."""

    model: str
    median_ms: float
    p10_ms: float
    median_ratio: float
    p10_ratio: float


def time_models(paths: list[str], threads: int, runs: int) -> list[list[float]]:
    """Seconds of `runs` runs of each model, all taking turns."""
    interpreters = [Interpreter(model_path=path, num_threads=threads) for path in paths]
    for interpreter in interpreters:
        interpreter.allocate_tensors()
        for tensor in interpreter.get_input_details():
            noise = np.random.default_rng(0).random(tensor["shape"]).astype(tensor["dtype"])
            interpreter.set_tensor(tensor["index"], noise)
    seconds: list[list[float]] = [[] for _ in paths]
    for turn in range(WARM_UP + runs):
        for interpreter, taken in zip(interpreters, seconds, strict=True):
            start = time.perf_counter()
            interpreter.invoke()
            if turn >= WARM_UP:
                taken.append(time.perf_counter() - start)
    return seconds


def compare(paths: list[str], seconds: list[list[float]]) -> list[ModelTime]:
    """The rows of the table, in the models' order."""
    figures = [(1000 * median(s), 1000 * float(np.percentile(s, 10))) for s in seconds]
    first = figures[0]
    return [
        ModelTime(Path(path).name, middle, low, middle / first[0], low / first[1])
        for path, (middle, low) in zip(paths, figures, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.models",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", help=".tflite files, the yardstick first")
    parser.add_argument("--threads", type=int, default=2, help="threads of each interpreter (2)")
    parser.add_argument("--runs", type=int, default=200, help="runs of each model (200)")
    parser.add_argument("--json", help="write the figures here; - is standard output")
    args = parser.parse_args()
    for path in args.models:
        if not Path(path).is_file():
            parser.error(f"there is no {path}")
    others = Others()
    say(f"{args.runs} runs of {len(args.models)} models ...")
    with Worker() as worker:
        rows = compare(args.models, worker(time_models, args.models, args.threads, args.runs))
    busy = others.cores()
    if args.json:
        figures = {
            "threads": args.threads,
            "models": [asdict(row) for row in rows],
            "cores_used_by_others": busy,
        }
        write_json(figures, args.json)
        return
    table = Table("model", "median ms", "ratio", "10th percentile ms", "ratio")
    for row in rows:
        table.add_row(
            row.model,
            f"{row.median_ms:.2f}",
            f"{row.median_ratio:.2f}",
            f"{row.p10_ms:.2f}",
            f"{row.p10_ratio:.2f}",
        )
    Console().print(table)
    print(f"Other programs used {busy:.2f} cores meanwhile.")


if __name__ == "__main__":
    main()
