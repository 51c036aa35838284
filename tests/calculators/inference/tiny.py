"""Tiny .tflite files, written without TensorFlow.

Each is a chain of operators of one kind over tensors of one shape, enough to see what goes in and out.
"""

from collections.abc import Sequence
from typing import Any

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

ADD = schema.BuiltinOperator.ADD
BATCH_MATMUL = schema.BuiltinOperator.BATCH_MATMUL
CUSTOM = schema.BuiltinOperator.CUSTOM
SUB = schema.BuiltinOperator.SUB

FLOAT32 = schema.TensorType.FLOAT32
INT32 = schema.TensorType.INT32


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
    graph = schema.SubGraphT()
    graph.tensors = [_tensor(name, shape, dtype, shape_signature) for name in names]
    graph.inputs = [0, 1]
    graph.outputs = list(range(2, len(names)))
    graph.operators = [_operator(index) for index in range(len(operators))]
    model = schema.ModelT()
    model.version = 3
    model.buffers = [schema.BufferT()]
    model.operatorCodes = [_operator_code(operator) for operator in operators]
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


def _operator(index: int) -> Any:
    operator = schema.OperatorT()
    operator.opcodeIndex = index
    operator.inputs = [0, 1]
    operator.outputs = [2 + index]
    return operator
