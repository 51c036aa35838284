"""Collect the faces of a loop."""

from calculators.core.families import register_family
from calculators.core.loop import EndLoopCalculator
from calculators.face.types import Face

register_family(EndLoopCalculator, "EndLoopFaceCalculator", element=Face)
