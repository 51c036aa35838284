"""tryon: MediaPipe-style graphs of Python calculators."""

from tryon.calculator import STOP, Calculator, CalculatorContext, ProcessStatus
from tryon.contract import CalculatorContract
from tryon.errors import GraphError, GraphWarning
from tryon.outside import add_calculators
from tryon.packet import Packet
from tryon.registry import register
from tryon.timestamp import Timestamp

__all__ = [
    "STOP",
    "Calculator",
    "CalculatorContext",
    "CalculatorContract",
    "GraphError",
    "GraphWarning",
    "Packet",
    "ProcessStatus",
    "Timestamp",
    "add_calculators",
    "register",
]
