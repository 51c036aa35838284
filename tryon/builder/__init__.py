"""Building graphs in Python."""

from tryon.builder.graph import GraphBuilder
from tryon.builder.streams import BackEdge, NodeBuilder, Stream

__all__ = ["BackEdge", "GraphBuilder", "NodeBuilder", "Stream"]
