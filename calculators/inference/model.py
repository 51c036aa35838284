"""A TFLite model that computes on the CPU."""

from pathlib import Path
from typing import Any

from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray

from tryon import GraphError

Tensor = NDArray[Any]

IDENTIFIER = b"TFL3"
"""Bytes 4 to 7 of every .tflite file."""


class Model:
    """A loaded model: call it with the input tensors to get the output tensors.

    A call releases the GIL while it computes. One object computes one call at a time.

    Args:
        source: a .tflite file with inputs of fixed shape, or its content. A file is read once, so that it may
            be replaced meanwhile.
        threads: how many compute one call, >= 1.
        xnnpack: use the vectorised kernels; False takes the interpreter's own.

    Raises:
        GraphError: the file is missing, is no model or is damaged, needs an unknown operator, or has
            inputs of open shape.
    """

    def __init__(self, source: Path | bytes, threads: int = 1, xnnpack: bool = True) -> None:
        self.name = f'Model "{source}"' if isinstance(source, Path) else "The model"
        try:
            content = source if isinstance(source, bytes) else source.read_bytes()
        except OSError as error:
            raise GraphError(f"{self.name} cannot be read: {error.strerror}.") from error
        check_model(content, self.name)
        resolver = OpResolverType.AUTO if xnnpack else OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        try:
            self._interpreter = Interpreter(
                model_content=content, num_threads=threads, experimental_op_resolver_type=resolver
            )
        except ValueError as error:
            raise GraphError(
                f"{self.name} is damaged or cut short ({error}); export or copy it again."
            ) from error
        try:
            self._interpreter.allocate_tensors()
        except RuntimeError as error:
            raise GraphError(f"{self.name} cannot be run: {error}") from error
        self._inputs = self._interpreter.get_input_details()
        self._outputs = [details["index"] for details in self._interpreter.get_output_details()]
        self._shapes = [tuple(details["shape_signature"].tolist()) for details in self._inputs]
        for details, shape in zip(self._inputs, self._shapes, strict=True):
            if -1 in shape:
                raise GraphError(
                    f'{self.name}: input "{details["name"]}" has the open shape {list(shape)}; '
                    "export the model with a fixed shape."
                )

    def __call__(self, tensors: list[Tensor]) -> list[Tensor]:
        """Computes the output tensors, each a new array.

        Raises:
            GraphError: the number, a shape or a type is not what the model takes.
        """
        if len(tensors) != len(self._inputs):
            names = ", ".join(f'"{details["name"]}"' for details in self._inputs)
            raise GraphError(
                f"{self.name} takes {len(self._inputs)} input tensors ({names}); received {len(tensors)}."
            )
        for details, shape, tensor in zip(self._inputs, self._shapes, tensors, strict=True):
            if tensor.shape != shape or tensor.dtype != details["dtype"]:
                raise GraphError(
                    f'{self.name}: input "{details["name"]}" is {details["dtype"].__name__} '
                    f"{list(shape)}; received {tensor.dtype} {list(tensor.shape)}."
                )
            self._interpreter.set_tensor(details["index"], tensor)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(index) for index in self._outputs]


def check_model(content: bytes, name: str) -> None:
    """Looks at the first bytes of a model.

    Raises:
        GraphError: `content` is none; the message begins with `name`.
    """
    if content[4:8] != IDENTIFIER:
        what = "is empty" if not content else "is not a .tflite file"
        raise GraphError(f"{name} {what}; give a TFLite model.")
