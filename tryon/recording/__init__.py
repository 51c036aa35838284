"""Recording what streams carry, and replaying it."""

from tryon.recording.recorder import Recorder
from tryon.recording.recording import Event, Recording
from tryon.recording.values import make_recordable

__all__ = ["Event", "Recorder", "Recording", "make_recordable"]
