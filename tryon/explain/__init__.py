"""Why a run does not go on: what each node waits for, and the likely cause in a sentence."""

from tryon.explain.read import explain_run, read_state
from tryon.explain.state import GraphState

__all__ = ["GraphState", "explain_run", "read_state"]
