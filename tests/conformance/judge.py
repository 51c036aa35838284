"""Says whether a case passes, fails, or shows a known difference."""

import builtins
import re
import sys
import threading
import traceback
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from google.protobuf import text_format

from tests.conformance.case import Case, difference, load_case
from tests.conformance.run import Outcome, run_case, stream_differences
from tryon import GraphError
from tryon.proto import calculator_pb2, options_pb2
from tryon.proto.pool import POOL

TIMEOUT_S = 30.0

KNOWN_DIFFERENCES = {
    "rotation_mode: ROTATION_180": "the reference leaves one row and one column black",
    "scale_mode: FILL_AND_CROP": "the reference scales by the smaller factor and does not crop",
}


class Status(Enum):
    """How a case ended."""

    PASS = "passed"
    FAIL = "failed"
    XFAIL = "expected_failures"


@dataclass(frozen=True)
class Verdict:
    """A case's result."""

    name: str
    status: Status
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.status.name} {self.name}" + (f": {self.reason}" if self.reason else "")


def judge_file(path: Path, timeout_s: float = TIMEOUT_S) -> Verdict:
    """Judges a case file in a thread of its own; one that does not end in time has failed."""
    verdicts: list[Verdict] = []

    def work() -> None:
        try:
            verdicts.append(judge(load_case(path)))
        except Exception as error:  # noqa: BLE001 - a broken case fails, the others go on
            reason = f"the case cannot be judged: {type(error).__name__}: {error}"
            verdicts.append(Verdict(path.stem, Status.FAIL, reason))

    thread = threading.Thread(target=work, name=f"case {path.stem}", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if verdicts:
        return verdicts[0]
    return Verdict(path.stem, Status.FAIL, f"hangs: no end after {timeout_s:g} s, in {_place(thread)}")


def judge(case: Case) -> Verdict:
    """Runs a case plain and, where recorded, with bounds observed, and compares."""
    expected_failure = "; ".join(known_differences(case))
    outcome = run_case(case, bounds=False)
    problems = _error_problems(case, outcome)
    if not problems:
        problems = stream_differences(case, outcome, case.expected)
        problems += _other_problems(case, outcome)
        if case.expected_bounds is not None and not case.expected_error:
            outcome = run_case(case, bounds=True)
            problems += _error_problems(case, outcome)
            problems += [f"with bounds, {p}" for p in stream_differences(case, outcome, case.expected_bounds)]
    if not problems:
        return Verdict(case.name, Status.PASS)
    if expected_failure:
        return Verdict(case.name, Status.XFAIL, expected_failure)
    return Verdict(case.name, Status.FAIL, "; ".join(problems))


def known_differences(case: Case) -> list[str]:
    """What a case uses that the runtime does differently on purpose."""
    text = case.pbtxt + case.expanded_pbtxt
    return [f"known difference: {why}" for what, why in KNOWN_DIFFERENCES.items() if what in text]


def _error_problems(case: Case, outcome: Outcome) -> list[str]:
    error = outcome.error
    message = f"{type(error).__name__}: {error}" if error else ""
    if case.reference_crash:
        return [] if isinstance(error, GraphError) else [f"expected an error, got {message or 'none'}"]
    if not case.expected_error:
        return [f"in phase {outcome.phase}: {message}"] if error else []
    if error is None:
        return [f"expected an error: {case.error_message or case.expected_error}"]
    problems = []
    wanted = getattr(builtins, case.error_type, Exception)
    if not isinstance(error, wanted):
        problems.append(f"expected {case.error_type}, got {message}")
    if not case.message_is_cpp_ret_check and not re.search(case.expected_error, str(error)):
        problems.append(f"the message {str(error)!r} does not match {case.expected_error!r}")
    if _stage(outcome.phase) != _stage(case.error_phase):
        problems.append(f"expected in phase {case.error_phase}, came in {outcome.phase}: {message}")
    return problems


def _stage(phase: str) -> str:
    """Asynchronous errors surface at one phase of a run or another; before the run there is no such doubt."""
    return phase if phase in ("init", "observe") else "run"


def _other_problems(case: Case, outcome: Outcome) -> list[str]:
    problems = []
    for name, count in (case.packets_before_close or {}).items():
        got = outcome.before_close.get(name)
        if got != count:
            problems.append(f"{name}: {got} packets before the close, expected {count}")
    for name, value in case.expected_side.items():
        if name not in outcome.side:
            problems.append(f"side packet {name} is missing")
            continue
        problem = difference(case.type_of(name), outcome.side[name], value)
        if problem:
            problems.append(f"side packet {name}: {problem}")
    if case.expanded_pbtxt and outcome.config is not None:
        wanted = text_format.Parse(
            case.expanded_pbtxt, calculator_pb2.CalculatorGraphConfig(), descriptor_pool=POOL
        )
        if _canonical(wanted) != _canonical(outcome.config):
            problems.append(f"the expanded graph differs: {_first_difference(outcome.config, wanted)}")
    return problems


def _canonical(config: calculator_pb2.CalculatorGraphConfig) -> calculator_pb2.CalculatorGraphConfig:
    """Without the default executor, which the reference always adds, and which carries num_threads there."""
    result = calculator_pb2.CalculatorGraphConfig()
    result.CopyFrom(config)
    del result.executor[:]
    result.executor.extend(executor for executor in config.executor if executor.ByteSize())
    if config.num_threads:
        result.ClearField("num_threads")
        options = result.executor.add().options.Extensions[options_pb2.ThreadPoolExecutorOptions.ext]
        options.num_threads = config.num_threads
    return result


def _first_difference(
    got: calculator_pb2.CalculatorGraphConfig, wanted: calculator_pb2.CalculatorGraphConfig
) -> str:
    lines, wanted_lines = (
        text_format.MessageToString(_canonical(config), descriptor_pool=POOL).splitlines()
        for config in (got, wanted)
    )
    for number, (line, expected) in enumerate(zip(lines, wanted_lines, strict=False), 1):
        if line != expected:
            return f"line {number} is {line.strip()!r}, expected {expected.strip()!r}"
    return f"{len(lines)} lines, expected {len(wanted_lines)}"


def _place(thread: threading.Thread) -> str:
    """Where a thread is: the innermost calls, outermost first."""
    frame = sys._current_frames().get(thread.ident or 0)
    calls = traceback.extract_stack(frame)[-5:] if frame else []
    return " > ".join(f"{Path(call.filename).name}:{call.lineno} {call.name}" for call in calls)
