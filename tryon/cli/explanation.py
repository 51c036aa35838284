"""`tryon explain`: what each node of a graph waits for, without running it."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import RenderableType

from tryon.cli.inspection import section, title
from tryon.config import Config, GraphSource
from tryon.executor import Executors, executor_name
from tryon.explain.graph import explain_graph, find_cycles
from tryon.run import DEFAULT_MAX_QUEUE_SIZE
from tryon.run_lock import RunLock
from tryon.validated_graph import ValidatedGraph
from tryon.validation import validate


def explain(source: GraphSource) -> Iterator[RenderableType]:
    """What is to be shown of a graph.

    Raises:
        GraphError: the graph is not valid.
    """
    graph = validate(source)
    config = graph.config
    yield title(config.type or Path(source.name).stem, source.name)
    yield from section("Executors", list(_executors(graph)))
    yield from section("Queues", [_queues(config)])
    rows = []
    for node in explain_graph(graph):
        facts = [("opens after", side) for side in node.opens_after]
        facts += [("waits for", node.waits), *(("may stall", stall) for stall in node.stalls)]
        rows += [("" if number else node.name, *fact) for number, fact in enumerate(facts)]
    yield from section("Nodes", rows)
    yield from section("Cycles", [(" -> ".join([*names, names[0]]),) for names in find_cycles(graph)])


def _executors(graph: ValidatedGraph) -> Iterator[tuple[str, str, str]]:
    for name, executor in Executors(graph, RunLock()).by_name.items():
        here = [info.node for info in graph.nodes if executor_name(info) == name]
        nodes = [node.name or node.calculator for node in here]
        threads = f"{executor.num_threads} threads" if executor.num_threads else "the caller's thread"
        yield name or "default", threads, "all nodes" if len(nodes) == len(graph.nodes) else ", ".join(nodes)


def _queues(config: Config) -> tuple[str, str]:
    size = config.max_queue_size or DEFAULT_MAX_QUEUE_SIZE
    if size < 0:
        return "no limit", "nothing holds the sources back"
    then = "is an error" if config.report_deadlock else "lets the full queues grow"
    return f"{size} packets", f"then the sources upstream pause; a deadlock by full queues {then}"
