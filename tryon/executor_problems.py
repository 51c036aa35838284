"""Checking the executors that a graph declares and its nodes name."""

from collections.abc import Sequence

from tryon.config import GraphSource
from tryon.contract import Node
from tryon.proto import options_pb2
from tryon.registry import nearest_name
from tryon.subgraph import Origin
from tryon.validated_graph import place

RESERVED = ("gpu", "default")
POOL = "ThreadPoolExecutor"
APPLICATION_THREAD = "ApplicationThreadExecutor"


def executor_problems(source: GraphSource, nodes: Sequence[tuple[Node, Origin]]) -> list[str]:
    """What is wrong with a graph's executors and with those that the nodes of the expanded graph name."""
    config = source.config
    problems = (
        _number_problems(config.num_threads, source.where("num_threads")) if config.num_threads < -1 else []
    )
    names: set[str] = set()
    for index, executor in enumerate(config.executor):
        name, where = executor.name, source.where("executor", index)
        if _is_reserved(name):
            problems.append(f"{where}{_reserved(name)}")
        if not name and config.num_threads:
            problems.append(
                f"{where}ExecutorConfig for the default executor and the graph-level num_threads field "
                "should not both be specified."
            )
        if name in names:
            which = f'"{name}"' if name else "the default executor"
            problems.append(f"{where}ExecutorConfig for {which} is duplicate.")
        names.add(name)
        if name and not executor.type:
            problems.append(
                f'{where}ExecutorConfig for "{name}" does not have a "type" field. The executor "{name}" '
                "must be provided to the graph with a CalculatorGraph::SetExecutor() call. "
                f'(Here: give it type: "{POOL}".)'
            )
        elif executor.type not in ("", POOL, APPLICATION_THREAD):
            nearest = nearest_name(executor.type, [POOL, APPLICATION_THREAD])
            hint = f'Did you mean "{nearest}"?' if nearest else f"Known: {POOL}, {APPLICATION_THREAD}."
            problems.append(
                f"{source.where('executor', index, 'type')}No registered object with name: {executor.type}; "
                f'Unable to find Executor "{executor.type}". {hint}'
            )
        elif name and executor.type == APPLICATION_THREAD:
            problems.append(
                f"{where}No registered object with name: {APPLICATION_THREAD}; it can only be the default "
                f'executor, the one without a name, not "{name}".'
            )
        elif executor.type != APPLICATION_THREAD:
            options = executor.options.Extensions[options_pb2.ThreadPoolExecutorOptions.ext]
            if options.HasField("num_threads"):
                problems += _number_problems(options.num_threads, where)
            elif executor.type:
                problems.append(f"{where}num_threads is not specified in ThreadPoolExecutorOptions.")
            if options.HasField("stack_size") and options.stack_size <= 0:
                problems.append(
                    f"{where}The stack_size field in ThreadPoolExecutorOptions should be positive but is "
                    f"{options.stack_size}"
                )
    for node, origin in nodes:
        if _is_reserved(node.executor):
            problems.append(f"{place(origin, 'executor')}{_reserved(node.executor)}")
        elif node.executor and node.executor not in names:
            nearest = nearest_name(node.executor, sorted(names))
            hint = f' Did you mean "{nearest}"?' if nearest else ""
            problems.append(
                f'{place(origin, "executor")}The executor "{node.executor}" is not declared in an '
                f"ExecutorConfig.{hint}"
            )
    return problems


def _is_reserved(name: str) -> bool:
    return name in RESERVED or name.startswith("__")


def _reserved(name: str) -> str:
    return f'"{name}" is a reserved executor name.'


def _number_problems(num_threads: int, where: str) -> list[str]:
    if num_threads > 0:
        return []
    return [
        f"{where}The num_threads field in ThreadPoolExecutorOptions should be positive but is {num_threads}"
    ]
