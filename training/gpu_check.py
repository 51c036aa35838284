"""Tells whether models run on a phone's GPU: `python -m training.gpu_check MODEL.tflite`.

Every operator is held against the rules of the TFLite GPU delegate (`calculators/inference/gpu_rules.py`);
nothing is run for that. With --run each model is also compiled for this machine's GPU, as a whole, and
compared with the CPU on noise. The exit status is 1 when an operator is refused, or when the GPU refuses a
model or differs from the CPU by more than 1e-3 in float32.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from rich.table import Table
from rich.text import Text

from calculators.inference.gpu_model import GpuModel
from calculators.inference.gpu_rules import RULES, refusal, refusals
from calculators.inference.model import Model, read_model
from calculators.inference.operators import Operator, read_operators
from training.evaluate_report import STDOUT, show, write_json
from tryon import GraphError

EXAMPLES = """\
examples:
  python -m training.gpu_check models/hair_256.tflite
  python -m training.gpu_check models/*.tflite --json -
  python -m training.gpu_check models/*.tflite --run
"""
CALLS = 5
FLOAT16, FLOAT32 = "float16", "float32"
AGREEMENT = 1e-3
"""Largest difference of the GPU's outputs from the CPU's, in float32."""
SHOWN = 3
"""Places that the table names in a row."""


@dataclass(frozen=True)
class OperatorRow:
    """Operators of one name and version that are judged alike.

    Attributes:
        operator, version: which.
        count: how many.
        delegate_version: the highest version that the delegate knows; None for any, or where it knows none.
        refused: why the delegate does not take them; "" where it does.
        places: where they are in the order of computation, from 0 on.
        outputs: the names of their first outputs.
    """

    operator: str
    version: int
    count: int
    delegate_version: int | None
    refused: str
    places: tuple[int, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class GpuRun:
    """What a model did on this machine's GPU.

    Attributes:
        precision: "float32", or "float16" where the GPU may compute in that.
        seconds: to compile it.
        gpu_ms: a call, with the way to the GPU and back; the median.
        cpu_ms: a call on one thread of the CPU, the median.
        difference: the largest absolute difference of any output from the CPU's.
    """

    precision: str
    seconds: float
    gpu_ms: float
    cpu_ms: float
    difference: float


def gpu_problems(tflite: bytes) -> list[str]:
    """Why the TFLite GPU delegate would not run all of a model; an empty list if it would.

    Raises:
        GraphError: it is no .tflite file, or damaged.
    """
    return list(dict.fromkeys(str(problem) for problem in refusals(read_operators(tflite))))


def operator_rows(operators: Sequence[Operator]) -> list[OperatorRow]:
    """The table of a model's operators, by name and version, those that are taken first."""
    groups: dict[tuple[str, int, str], list[Operator]] = {}
    for operator in operators:
        groups.setdefault((operator.name, operator.version, refusal(operator)), []).append(operator)
    return [
        OperatorRow(
            name,
            version,
            len(group),
            RULES[name].version if name in RULES else None,
            reason,
            tuple(operator.index for operator in group),
            tuple(operator.outputs[0].name for operator in group),
        )
        for (name, version, reason), group in sorted(groups.items(), key=lambda item: item[0])
    ]


def run_on_gpu(tflite: bytes, allow_precision_loss: bool, calls: int = CALLS) -> GpuRun:
    """Compiles a model for this machine's GPU and compares it with the CPU on noise between 0 and 1.

    Args:
        tflite: the model.
        allow_precision_loss: the GPU may compute in float16.
        calls: how many are timed, 1 or more.

    Raises:
        GraphError: there is no GPU, or it does not take the model.
    """
    cpu = Model(tflite)
    random = np.random.default_rng(0)
    noise = [
        random.random(shape).astype(dtype)
        for shape, dtype in zip(cpu.inputs.shapes, cpu.inputs.dtypes, strict=True)
    ]
    start = time.perf_counter()
    gpu = GpuModel(tflite, allow_precision_loss)
    seconds = time.perf_counter() - start
    found, gpu_ms = _timed(gpu, noise, calls)
    gpu.close()
    expected, cpu_ms = _timed(cpu, noise, calls)
    difference = max(float(np.abs(a - b).max()) for a, b in zip(found, expected, strict=True))
    return GpuRun(FLOAT16 if allow_precision_loss else FLOAT32, seconds, gpu_ms, cpu_ms, difference)


def _timed(model: GpuModel | Model, tensors: list[np.ndarray], calls: int) -> tuple[list[np.ndarray], float]:
    """What a model gives, and the median of a call's milliseconds."""
    milliseconds = []
    for _ in range(calls):
        start = time.perf_counter()
        result = model(tensors)
        milliseconds.append(1000 * (time.perf_counter() - start))
    return result, median(milliseconds)


def operators_table(rows: Sequence[OperatorRow]) -> Table:
    """The operators of a model as a table."""
    table = Table(box=None, pad_edge=False)
    table.add_column("operator", no_wrap=True)
    table.add_column("count", justify="right")
    table.add_column("version", justify="right")
    table.add_column("GPU", no_wrap=True)
    table.add_column("where")
    for row in rows:
        verdict, where = "yes", ", ".join(map(str, row.places[:SHOWN]))
        if row.refused:
            named = [f"{place} {output}" for place, output in zip(row.places, row.outputs, strict=True)]
            verdict, where = "refused", f"{row.refused}\n{', '.join(named[:SHOWN])}"
        more = f", {row.count - SHOWN} more" if row.count > SHOWN else ""
        style = "red" if row.refused else ""
        cells = (row.operator, str(row.count), str(row.version), verdict, where + more)
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table


def runs_table(runs: dict[Path, list[GpuRun]]) -> Table:
    """What the models did on the GPU as a table."""
    table = Table(box=None, pad_edge=False)
    table.add_column("on this machine's GPU")
    for column in ("precision", "compile s", "GPU ms", "CPU ms", "largest difference"):
        table.add_column(column, justify="right")
    for path, results in runs.items():
        for run in results:
            figures = (
                f"{run.seconds:.2f}",
                f"{run.gpu_ms:.1f}",
                f"{run.cpu_ms:.1f}",
                f"{run.difference:.1e}",
            )
            table.add_row(str(path), run.precision, *figures)
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.gpu_check",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL", help="a .tflite file")
    parser.add_argument("--json", metavar="FILE", help="write the findings here; - is standard output")
    parser.add_argument(
        "--run",
        action="store_true",
        help="also compile for this machine's GPU, compare with the CPU, time both",
    )
    options = parser.parse_args(arguments)
    tables: dict[Path, list[OperatorRow]] = {}
    runs: dict[Path, list[GpuRun]] = {}
    try:
        for path in options.models:
            content = read_model(path)
            tables[path] = operator_rows(read_operators(content, f'Model "{path}"'))
            if options.run:
                runs[path] = [run_on_gpu(content, allow) for allow in (False, True)]
    except GraphError as error:
        parser.exit(1, f"error: {error}\n")
    if options.json:
        write_json(_findings(tables, runs), options.json)
    if options.json != STDOUT:
        for path, rows in tables.items():
            print(path)
            show(operators_table(rows))
        if runs:
            show(runs_table(runs))
    problems = [
        f"{path}: the GPU delegate refuses {row.operator}"
        for path, rows in tables.items()
        for row in rows
        if row.refused
    ]
    problems += [
        f"{path}: this machine's GPU differs from the CPU by {run.difference:.1e} in float32"
        for path, results in runs.items()
        for run in results
        if run.precision == FLOAT32 and not run.difference <= AGREEMENT
    ]
    if problems:
        parser.exit(1, "".join(f"{problem}\n" for problem in problems))


def _findings(
    tables: dict[Path, list[OperatorRow]], runs: dict[Path, list[GpuRun]]
) -> dict[str, list[dict[str, Any]]]:
    return {
        "models": [
            {"model": str(path), "operators": [asdict(row) for row in rows]}
            | ({"runs": [asdict(run) for run in runs[path]]} if path in runs else {})
            for path, rows in tables.items()
        ]
    }


if __name__ == "__main__":
    main()
