"""Subgraphs made in Python: registering, finding, and standing in a graph."""

import pytest

from tryon import GraphError, subgraph_class
from tryon.config import Config
from tryon.contract import Node
from tryon.graph import CalculatorGraph
from tryon.subgraph_class import Subgraph, find_subgraph, register_subgraph, subgraph_names


class ChainSubgraph(Subgraph):
    """As many pass-through nodes as the node's name says: "chain3"."""

    @classmethod
    def get_config(cls, node: Node) -> Config:
        length = node.name.removeprefix("chain")
        if not length.isdigit():
            raise GraphError(f'"{length}" is no number.')
        config = Config(input_stream=["IN:s0"], output_stream=[f"OUT:s{length}"])
        for index in range(int(length)):
            inner = config.node.add(calculator="PassThroughCalculator")
            inner.input_stream.append(f"s{index}")
            inner.output_stream.append(f"s{index + 1}")
        return config


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers the class for one test only."""
    find_subgraph("SwitchContainer")  # the installed ones are loaded by now
    monkeypatch.setattr(subgraph_class, "_subgraphs", dict(subgraph_class._subgraphs))
    register_subgraph(ChainSubgraph)
    return


def graph_text(name: str) -> str:
    return (
        'input_stream: "in" node { calculator: "ChainSubgraph" '
        f'name: "{name}" input_stream: "IN:in" output_stream: "OUT:out" }}'
    )


def test_a_registered_subgraph_is_found() -> None:
    assert find_subgraph("ChainSubgraph") is ChainSubgraph
    assert find_subgraph("NoSuchSubgraph") is None
    assert {"ChainSubgraph", "SwitchContainer"} <= set(subgraph_names())


def test_the_graph_depends_on_the_node() -> None:
    assert len(CalculatorGraph(graph_text("chain3")).config.node) == 3


def test_a_node_that_does_not_fit_is_refused_with_its_place() -> None:
    with pytest.raises(GraphError, match=r'<string>:1:20: .*"_of_three" is no number'):
        CalculatorGraph(graph_text("chain_of_three"))


def test_two_classes_with_one_name_are_refused() -> None:
    other = type("ChainSubgraph", (Subgraph,), {"__module__": "elsewhere"})
    with pytest.raises(ValueError, match="is registered already by"):
        register_subgraph(other)


def test_a_subgraph_without_get_config_says_so() -> None:
    with pytest.raises(GraphError, match=r"Subgraph has no get_config\."):
        Subgraph.get_config(Node())
