"""Registers the small calculators that the runtime's tests use."""

from tests.tryon import nodes

__all__ = ["nodes"]
