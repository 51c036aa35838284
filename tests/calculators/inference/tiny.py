"""Tiny .tflite files, written without TensorFlow.

`tiny_model` is a chain of operators of one kind over tensors of one shape, enough to see what goes in and
out; `any_model` is whatever is asked for.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

ADD = schema.BuiltinOperator.ADD
BATCH_MATMUL = schema.BuiltinOperator.BATCH_MATMUL
BITWISE_XOR = schema.BuiltinOperator.BITWISE_XOR
CUSTOM = schema.BuiltinOperator.CUSTOM
MEAN = schema.BuiltinOperator.MEAN
RESHAPE = schema.BuiltinOperator.RESHAPE
SUB = schema.BuiltinOperator.SUB

FLOAT32 = schema.TensorType.FLOAT32
INT32 = schema.TensorType.INT32


class Node(NamedTuple):
    """An operator: a builtin one, the indices of its inputs and outputs, its options."""

    operator: int
    inputs: Sequence[int]
    outputs: Sequence[int]
    options: Any = None


def tiny_model(
    shape: Sequence[int],
    operators: Sequence[int],
    dtype: int = FLOAT32,
    shape_signature: Sequence[int] | None = None,
) -> bytes:
    """A model with the inputs "left" and "right" and one output for each operator, computed from them.

    Args:
        shape: the shape of all tensors.
        operators: builtin operators with two operands; CUSTOM is one that nobody knows.
        dtype: the type of all tensors.
        shape_signature: the inputs' shape with -1 where it is open.
    """
    names = ["left", "right", *(f"output_{index}" for index in range(len(operators)))]
    tensors = [_tensor(name, shape, dtype, shape_signature) for name in names]
    nodes = [Node(operator, [0, 1], [2 + index]) for index, operator in enumerate(operators)]
    return _model(tensors, [schema.BufferT()], nodes, [0, 1], range(2, len(names)))


def any_model(
    tensors: Sequence[Sequence[int] | np.ndarray],
    nodes: Sequence[Node],
    inputs: Sequence[int],
    outputs: Sequence[int],
) -> bytes:
    """A model of float32 tensors and int32 constants.

    Args:
        tensors: the shape of each, or its values where it is a constant.
        nodes: in the order of computation.
        inputs, outputs: indices of tensors.
    """
    buffers = [schema.BufferT()]
    made = []
    for index, tensor in enumerate(tensors):
        if isinstance(tensor, np.ndarray):
            made.append(_tensor(f"t{index}", tensor.shape, INT32, None))
            made[-1].buffer = len(buffers)
            data = schema.BufferT()
            data.data = np.frombuffer(tensor.astype("<i4").tobytes(), np.uint8)
            buffers.append(data)
        else:
            made.append(_tensor(f"t{index}", tensor, FLOAT32, None))
    return _model(made, buffers, nodes, inputs, outputs)


def _model(
    tensors: list[Any],
    buffers: list[Any],
    nodes: Sequence[Node],
    inputs: Sequence[int],
    outputs: Sequence[int],
) -> bytes:
    graph = schema.SubGraphT()
    graph.tensors = tensors
    graph.inputs, graph.outputs = list(inputs), list(outputs)
    graph.operators = [_operator(index, node) for index, node in enumerate(nodes)]
    model = schema.ModelT()
    model.version = 3
    model.buffers = buffers
    model.operatorCodes = [_operator_code(node.operator) for node in nodes]
    model.subgraphs = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _tensor(name: str, shape: Sequence[int], dtype: int, signature: Sequence[int] | None) -> Any:
    tensor = schema.TensorT()
    tensor.name = name
    tensor.shape = list(shape)
    tensor.type = dtype
    tensor.buffer = 0
    if signature is not None:
        tensor.shapeSignature = list(signature)
    return tensor


def _operator_code(operator: int) -> Any:
    code = schema.OperatorCodeT()
    code.builtinCode = operator
    code.deprecatedBuiltinCode = min(operator, 127)
    code.version = 1
    if operator == CUSTOM:
        code.customCode = "UnheardOf"
    return code


def _operator(index: int, node: Node) -> Any:
    operator = schema.OperatorT()
    operator.opcodeIndex = index
    operator.inputs, operator.outputs = list(node.inputs), list(node.outputs)
    if node.options is not None:
        operator.builtinOptions = node.options
        kind = type(node.options).__name__.removesuffix("T")
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
    return operator


def reducer(keep_dimensions: bool) -> Any:
    """The options of a MEAN."""
    options = schema.ReducerOptionsT()
    options.keepDims = keep_dimensions
    return options
