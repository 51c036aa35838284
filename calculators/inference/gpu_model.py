"""A TFLite model that computes on the GPU, through LiteRT's WebGPU accelerator."""

import ctypes
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_litert import compiled_model
from ai_edge_litert.compiled_model import CompiledModel, GpuOptions, HardwareAccelerator, Options
from ai_edge_litert.environment import Environment
from ai_edge_litert.interpreter import Interpreter
from ai_edge_litert.tensor_buffer import TensorBuffer

from calculators.inference.gpu_rules import refusals
from calculators.inference.model import PLAIN, Inputs, Tensor, load, model_name, read_model
from calculators.inference.native_output import captured_output
from calculators.inference.operators import read_operators
from calculators.inference.spare_arrays import SpareArrays
from tryon import GraphError

LIBRARY: Final = "libLiteRt.*"  # its ending is the system's
CAPSULE: Final = b"LiteRtTensorBuffer"
READ: Final = 0
NO_GPU: Final = "No adapters found"
REFUSED: Final = "Following operations are not supported by GPU delegate:\n"
COUNT: Final = " operations will run on the "
"""The line after LiteRT's list of refused operators has this."""


class GpuModel:
    """A model that computes on the GPU as a whole: call it with the input tensors to get the output tensors.

    A call releases the GIL while it waits for the GPU. Memory is allocated once, on the GPU and here. One
    object computes one call at a time.

    Args:
        source: a .tflite file with inputs of fixed shape, or its content.
        allow_precision_loss: compute in float16 where the GPU can; False asks for float32.

    Attributes:
        inputs: the tensors that it takes.

    Raises:
        GraphError: the file is missing, is no model or is damaged, or has inputs of open shape; there is no
            GPU; or it does not take an operator.
    """

    def __init__(self, source: Path | bytes, allow_precision_loss: bool = True) -> None:
        self.name = model_name(source)
        content = read_model(source)
        interpreter = load(content, self.name, experimental_op_resolver_type=PLAIN)
        self.inputs = Inputs(interpreter, self.name)
        self._model = _compile(content, self.name, allow_precision_loss)
        self._key = next(iter(self._model.get_signature_list()))
        self._sources = {
            name: self._model.create_input_buffer_by_name(self._key, name)
            for name in _names(interpreter, "inputs", interpreter.get_input_details())
        }
        details = interpreter.get_output_details()
        self._results = {
            name: _Result(self._model.create_output_buffer_by_name(self._key, name), output)
            for name, output in zip(_names(interpreter, "outputs", details), details, strict=True)
        }
        self._result_buffers = {name: result.buffer for name, result in self._results.items()}
        with captured_output():  # the first call makes the GPU's programs
            self([np.zeros(*spec) for spec in zip(self.inputs.shapes, self.inputs.dtypes, strict=True)])

    def __call__(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Computes the output tensors, each in an array that nobody else holds.

        Raises:
            GraphError: the number, a shape or a type is not what the model takes, or the GPU fails.
        """
        self.inputs.check(tensors)
        try:
            for source, tensor in zip(self._sources.values(), tensors, strict=True):
                source.write(tensor)
            self._model.run_by_name(self._key, self._sources, self._result_buffers)
        except RuntimeError as error:
            raise GraphError(f"{self.name}: the GPU failed: {error}") from error
        return [result.read(self.name) for result in self._results.values()]

    def close(self) -> None:
        """Gives back what lies on the GPU; there are no calls after it."""
        with captured_output():
            self._sources.clear()
            self._result_buffers.clear()
            self._results.clear()
            del self._model


class _Result:
    """An output on the GPU.

    LiteRT's own `TensorBuffer.read` holds the GIL until the GPU is done; its C function, called through
    ctypes, does not.
    """

    def __init__(self, buffer: TensorBuffer, details: dict[str, Any]) -> None:
        self.buffer = buffer
        self._spare = SpareArrays(details["shape"], details["dtype"])
        library = ctypes.CDLL(str(next(Path(compiled_model.__file__).parent.glob(LIBRARY))))
        self._lock, self._unlock = library.LiteRtLockTensorBuffer, library.LiteRtUnlockTensorBuffer
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        self._pointer = ctypes.c_void_p(pointer(buffer.capsule, CAPSULE))

    def read(self, name: str) -> Tensor:
        """Waits for the GPU and copies the result; `name` is the model's, for messages."""
        address = ctypes.c_void_p()
        status = self._lock(self._pointer, ctypes.byref(address), READ)
        if status or address.value is None:
            raise GraphError(f"{name}: its output cannot be read from the GPU (LiteRT's status {status}).")
        result = self._spare.take()
        ctypes.memmove(result.ctypes.data, address, result.nbytes)
        self._unlock(self._pointer)
        return result


def _compile(content: bytes, name: str, allow_precision_loss: bool) -> CompiledModel:
    """The model on the GPU, or a GraphError that says why not."""
    gpu = GpuOptions(enforce_f32=not allow_precision_loss)
    options = Options(HardwareAccelerator.GPU, gpu_options=gpu)
    try:
        with captured_output() as said:
            environment = Environment.create()
            try:
                return CompiledModel.from_buffer(content, environment=environment, options=options)
            except RuntimeError:
                environment.close()
                raise
    except RuntimeError as error:
        if NO_GPU in said.text:
            reason = "there is no GPU with a Vulkan driver (Debian: mesa-vulkan-drivers, or the maker's own)"
        else:
            reason = f"the GPU does not take {_refused(content, said.text) or f'it: {error}'}"
        raise GraphError(f"{name}: {reason}.") from error


def _refused(content: bytes, said: str) -> str:
    """The operators that the GPU does not take, with reasons: as LiteRT tells, or else by our own rules."""
    _, _, told = said.partition(REFUSED)
    lines = list(takewhile(lambda line: COUNT not in line, told.splitlines()))
    return "; ".join(dict.fromkeys(lines or map(str, refusals(read_operators(content)))))


def _names(interpreter: Interpreter, kind: str, details: Sequence[dict[str, Any]]) -> list[str]:
    """What the signature calls the inputs or outputs; where there is none, tensors have their own names."""
    signature = next(iter(interpreter._get_full_signature_list().values()), None)  # the only way to it
    if signature is None:
        return [tensor["name"] for tensor in details]
    names = {index: name for name, index in signature[kind].items()}
    return [names[tensor["index"]] for tensor in details]
