"""A TFLite model that computes on the CPU, or on what a delegate library brings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Delegate, Interpreter, OpResolverType
from numpy.typing import NDArray

from calculators.inference.spare_arrays import SpareArrays
from tryon import GraphError

Tensor = NDArray[Any]

IDENTIFIER = b"TFL3"
"""Bytes 4 to 7 of every .tflite file."""
PLAIN = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
DELEGATE = "DELEGATE"


class Model:
    """A loaded model: call it with the input tensors to get the output tensors.

    A call releases the GIL while it computes. One object computes one call at a time.

    Args:
        source: a .tflite file with inputs of fixed shape, or its content. A file is read once, so that it may
            be replaced meanwhile.
        threads: how many compute one call, >= 1.
        xnnpack: use the vectorised kernels; False takes the interpreter's own.
        delegate: computes the operators that it takes; the CPU computes the others.

    Attributes:
        inputs: the tensors that it takes.
        fallen_back: with a delegate, the operators that it left to the CPU, in the order of computation.

    Raises:
        GraphError: the file is missing, is no model or is damaged, needs an unknown operator, or has
            inputs of open shape; or the delegate fails on it.
    """

    def __init__(
        self,
        source: Path | bytes,
        threads: int = 1,
        xnnpack: bool = True,
        delegate: Delegate | None = None,
    ) -> None:
        self.name = model_name(source)
        self._interpreter = load(
            read_model(source),
            self.name,
            num_threads=threads,
            experimental_op_resolver_type=OpResolverType.AUTO if xnnpack else PLAIN,
            experimental_delegates=[delegate] if delegate else None,
        )
        self.fallen_back = fallen_back(self._interpreter) if delegate else []
        try:
            self._interpreter.allocate_tensors()
        except RuntimeError as error:
            raise GraphError(f"{self.name} cannot be run: {error}") from error
        self.inputs = Inputs(self._interpreter, self.name)
        details = self._interpreter.get_output_details()
        self._outputs = [
            (output["index"], SpareArrays(output["shape"], output["dtype"])) for output in details
        ]

    def __call__(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Computes the output tensors, each in an array that nobody else holds.

        Raises:
            GraphError: the number, a shape or a type is not what the model takes.
        """
        self.inputs.check(tensors)
        for index, tensor in zip(self.inputs.indices, tensors, strict=True):
            self._interpreter.set_tensor(index, tensor)
        self._interpreter.invoke()
        results = []
        for index, spare in self._outputs:
            found = self._interpreter.tensor(index)()
            # An output's shape may be settled by what it holds.
            results.append(spare.take() if found.shape == spare.shape else np.empty_like(found))
            np.copyto(results[-1], found)
        return results

    def close(self) -> None:
        """Gives its memory back; there are no calls after it."""
        del self._interpreter


class Inputs:
    """The tensors that a model takes.

    Args:
        interpreter: of the model.
        name: the model's, for messages.

    Attributes:
        indices: their places among the model's tensors.
        shapes, dtypes: what each holds.

    Raises:
        GraphError: one has an open shape.
    """

    def __init__(self, interpreter: Interpreter, name: str) -> None:
        self._name = name
        self._details = interpreter.get_input_details()
        self.indices = [details["index"] for details in self._details]
        self.shapes = [tuple(details["shape_signature"].tolist()) for details in self._details]
        self.dtypes = [np.dtype(details["dtype"]) for details in self._details]
        for details, shape in zip(self._details, self.shapes, strict=True):
            if -1 in shape:
                raise GraphError(
                    f'{name}: input "{details["name"]}" has the open shape {list(shape)}; '
                    "export the model with a fixed shape."
                )

    def check(self, tensors: Sequence[Tensor]) -> None:
        """Raises GraphError where the number, a shape or a type is not what the model takes."""
        if len(tensors) != len(self._details):
            names = ", ".join(f'"{details["name"]}"' for details in self._details)
            raise GraphError(
                f"{self._name} takes {len(self._details)} input tensors ({names}); received {len(tensors)}."
            )
        for details, shape, dtype, tensor in zip(
            self._details, self.shapes, self.dtypes, tensors, strict=True
        ):
            if tensor.shape != shape or tensor.dtype != dtype:
                raise GraphError(
                    f'{self._name}: input "{details["name"]}" is {dtype} {list(shape)}; '
                    f"received {tensor.dtype} {list(tensor.shape)}."
                )


def model_name(source: Path | bytes) -> str:
    """How messages call a model."""
    return f'Model "{source}"' if isinstance(source, Path) else "The model"


def read_model(source: Path | bytes) -> bytes:
    """The content of a .tflite file, or what is one already.

    Raises:
        GraphError: the file cannot be read, or is no model.
    """
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise GraphError(f"{model_name(source)} cannot be read: {error.strerror}.") from error
    check_model(content, model_name(source))
    return content


def check_model(content: bytes, name: str) -> None:
    """Looks at the first bytes of a model.

    Raises:
        GraphError: `content` is none; the message begins with `name`.
    """
    if content[4:8] != IDENTIFIER:
        what = "is empty" if not content else "is not a .tflite file"
        raise GraphError(f"{name} {what}; give a TFLite model.")


def load(content: bytes, name: str, **options: Any) -> Interpreter:
    """The interpreter of a model, which checks it, but does not yet look whether it can run.

    Raises:
        GraphError: the model is damaged, or a delegate fails on it.
    """
    try:
        return Interpreter(model_content=content, **options)
    except ValueError as error:
        raise GraphError(f"{name} is damaged or cut short ({error}); export or copy it again.") from error
    except RuntimeError as error:
        raise GraphError(f"{name}: the delegate fails on it: {error}") from error


def fallen_back(interpreter: Interpreter) -> list[str]:
    """The operators that run outside of the delegate which was applied to an interpreter.

    The interpreter lists the operators of the file first, then one node for each part that the delegate took:
    all that lies between the inputs and the outputs of such a node is in it.
    """
    nodes = interpreter._get_ops_details()  # the only way to the nodes
    parts = [node for node in nodes if node["op_name"] == DELEGATE]
    originals = [node for node in nodes if node["op_name"] != DELEGATE]
    makers = {int(tensor): node for node in originals for tensor in node["outputs"]}
    taken: set[int] = set()
    for part in parts:
        known = {int(tensor) for tensor in part["inputs"]}
        wanted = [int(tensor) for tensor in part["outputs"]]
        while wanted:
            tensor = wanted.pop()
            maker = makers.get(tensor)
            if tensor not in known and maker is not None:
                taken.add(maker["index"])
                wanted += [int(source) for source in maker["inputs"]]
            known.add(tensor)
    return [node["op_name"] for node in originals if node["index"] not in taken]
