"""What a .tflite file consists of: its operators and the tensors between them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from calculators.inference.model import PLAIN, check_model, load
from tryon import GraphError

CUSTOM = "CUSTOM"
DEQUANTIZE = "DEQUANTIZE"


@dataclass(frozen=True)
class TensorInfo:
    """A tensor of a model.

    Attributes:
        index: its place among the tensors of the model.
        name: as the file has it.
        shape: its sides; () for a scalar.
        dtype: as the schema writes it, "FLOAT32".
        is_constant: its values stand in the file, as they are or in fewer bits behind a DEQUANTIZE.
        is_open: a side is settled only when the model runs.
        data: the values of a constant, little-endian; None for others and behind a DEQUANTIZE.
    """

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: str
    is_constant: bool
    is_open: bool
    data: bytes | None

    def integers(self) -> list[int]:
        """The values of an INT32 constant."""
        return [] if self.data is None else np.frombuffer(self.data, "<i4").tolist()


@dataclass(frozen=True)
class Operator:
    """An operator of a model.

    Attributes:
        index: its place in the order of computation.
        name: as the schema writes it, "CONV_2D"; of a custom operator the name that its makers gave.
        version: of the operator, from 1 on.
        inputs: None where an optional one is left out.
        outputs: what it computes.
        options: the schema's object with its options, None where it has none.
        users: the names of the operators that read an output, once for each.
    """

    index: int
    name: str
    version: int
    inputs: tuple[TensorInfo | None, ...]
    outputs: tuple[TensorInfo, ...]
    options: Any
    users: tuple[str, ...]

    @property
    def given(self) -> list[TensorInfo]:
        """The inputs that are computed or come from outside."""
        return [tensor for tensor in self.inputs if tensor and not tensor.is_constant]

    @property
    def constants(self) -> list[TensorInfo]:
        """The inputs that stand in the file."""
        return [tensor for tensor in self.inputs if tensor and tensor.is_constant]


def read_operators(content: bytes, name: str = "The model") -> list[Operator]:
    """The operators of a model in the order of computation.

    Args:
        content: a .tflite file, with one graph.
        name: how messages call it.

    Raises:
        GraphError: it is no .tflite file, is damaged, or has more than one graph.
    """
    check_model(content, name)
    # The reader below trusts every offset; the interpreter has them checked.
    load(content, name, experimental_op_resolver_type=PLAIN)
    model = schema.ModelT.InitFromPackedBuf(content, 0)
    if len(model.subgraphs) != 1:
        raise GraphError(f"{name} has {len(model.subgraphs)} graphs; give one without control flow.")
    graph = model.subgraphs[0]
    codes = [_code(code) for code in model.operatorCodes]
    users = defaultdict(list)
    dequantized = set()
    for node in graph.operators:
        operator = codes[node.opcodeIndex].name
        for index in node.inputs:
            users[int(index)].append(operator)
        if operator == DEQUANTIZE and model.buffers[graph.tensors[node.inputs[0]].buffer].data is not None:
            dequantized.add(int(node.outputs[0]))
    tensors = [
        _tensor(index, tensor, model.buffers, index in dequantized)
        for index, tensor in enumerate(graph.tensors)
    ]
    return [
        Operator(
            place,
            codes[node.opcodeIndex].name,
            codes[node.opcodeIndex].version,
            tuple(tensors[index] if index >= 0 else None for index in node.inputs),
            tuple(tensors[index] for index in node.outputs),
            node.builtinOptions,
            tuple(user for index in node.outputs for user in users[int(index)]),
        )
        for place, node in enumerate(graph.operators)
    ]


class _Code(NamedTuple):
    name: str
    version: int


def _code(code: Any) -> _Code:
    name = _name(schema.BuiltinOperator, max(code.builtinCode, code.deprecatedBuiltinCode))
    return _Code(code.customCode.decode() if name == CUSTOM else name, code.version)


def _name(names: type, value: int) -> str:
    return next(name for name, number in vars(names).items() if number == value)


def _tensor(index: int, tensor: Any, buffers: Sequence[Any], is_dequantized: bool) -> TensorInfo:
    data = buffers[tensor.buffer].data
    shape = () if tensor.shape is None else tuple(int(side) for side in tensor.shape)
    return TensorInfo(
        index,
        tensor.name.decode(),
        shape,
        _name(schema.TensorType, tensor.type),
        data is not None or is_dequantized,
        tensor.shapeSignature is not None and -1 in tensor.shapeSignature,
        None if data is None else bytes(data),
    )
