"""Runs a folder of conformance cases: `python -m tests.conformance DIR [--json -] [--jobs N] [-k NAME]`.

Prints one line a case and the counts; the exit status is 1 when a case failed. With `--json -` the
standard output is one JSON object and nothing else: total, passed, failed, expected_failures, and
passed_names, failed_names, expected_failure_names; the lines go to the standard error output.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conformance.case import case_files
from tests.conformance.judge import TIMEOUT_S, Status, judge_file

NAME_LISTS = {
    Status.PASS: "passed_names",
    Status.FAIL: "failed_names",
    Status.XFAIL: "expected_failure_names",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of case files (*.json)")
    parser.add_argument("--json", metavar="FILE", help="write the counts as JSON; - is the standard output")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="cases at once, default 1")
    parser.add_argument(
        "--timeout", type=float, default=TIMEOUT_S, metavar="S", help="seconds a case may take"
    )
    parser.add_argument(
        "-k", dest="name", default="", metavar="NAME", help="only cases whose name contains NAME"
    )
    arguments = parser.parse_args()
    paths = [path for path in case_files(arguments.folder) if arguments.name in path.stem]
    if not paths:
        parser.error(f'there is no case file in "{arguments.folder}" whose name contains "{arguments.name}"')
    lines = sys.stderr if arguments.json == "-" else sys.stdout
    names: dict[Status, list[str]] = {status: [] for status in Status}
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for verdict in pool.map(lambda path: judge_file(path, arguments.timeout), paths):
            print(verdict, file=lines, flush=True)
            names[verdict.status].append(verdict.name)
    counts = {"total": len(paths), **{status.value: len(names[status]) for status in Status}}
    print(", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items()), file=lines)
    if arguments.json:
        report = json.dumps({**counts, **{NAME_LISTS[status]: names[status] for status in Status}}, indent=1)
        if arguments.json == "-":
            print(report)
        else:
            Path(arguments.json).write_text(report + "\n", encoding="utf-8")
    return 1 if names[Status.FAIL] else 0


if __name__ == "__main__":
    sys.exit(main())
