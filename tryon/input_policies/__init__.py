"""Input policies: when a node is ready, and which packets it then sees together."""

from collections.abc import Callable, Sequence

from tryon.input_policies.default import DefaultInputStreamHandler
from tryon.input_policies.immediate import ImmediateInputStreamHandler
from tryon.stream import InputQueue

InputPolicy = DefaultInputStreamHandler | ImmediateInputStreamHandler

POLICIES: dict[str, Callable[[Sequence[InputQueue], bool], InputPolicy]] = {
    "DefaultInputStreamHandler": DefaultInputStreamHandler,
    "ImmediateInputStreamHandler": ImmediateInputStreamHandler,
}
