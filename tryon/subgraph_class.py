"""Subgraphs made in Python: nodes whose graph depends on the node's options or streams."""

from typing import ClassVar, TypeVar

from google.protobuf.message import Message

from tryon.config import Config
from tryon.contract import Node
from tryon.errors import GraphError
from tryon.registry import load_calculators

_subgraphs: dict[str, type["Subgraph"]] = {}

SubgraphClass = TypeVar("SubgraphClass", bound=type["Subgraph"])


class Subgraph:
    """A node that stands for a graph. The class name, registered, is the name that graphs use.

    Where a graph file with a `type` is always the same subgraph, this one is made for each node that
    names it. It lives in a module beside calculators and is found in the same way.

    Attributes:
        Options: the message type of the node's options, None when it has none.
    """

    Options: ClassVar[type[Message] | None] = None

    @classmethod
    def get_config(cls, node: Node) -> Config:
        """The graph that takes the node's place; its interface streams have the node's tags.

        Raises:
            GraphError: the node's options or streams do not fit.
        """
        raise GraphError(f"{cls.__name__} has no get_config.")


def register_subgraph(subgraph: SubgraphClass) -> SubgraphClass:
    """Class decorator: makes a subgraph known under its class name.

    Raises:
        ValueError: another class has the name already.
    """
    name = subgraph.__name__
    known = _subgraphs.setdefault(name, subgraph)
    if known.__module__ != subgraph.__module__:
        raise ValueError(f'"{name}" of {subgraph.__module__} is registered already by {known.__module__}.')
    _subgraphs[name] = subgraph
    return subgraph


def find_subgraph(name: str) -> type[Subgraph] | None:
    """The subgraph class registered under `name`, or None."""
    load_calculators()
    return _subgraphs.get(name)


def subgraph_names() -> list[str]:
    """All registered names, sorted."""
    load_calculators()
    return sorted(_subgraphs)
