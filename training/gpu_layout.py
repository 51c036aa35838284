"""Rewriting what TensorFlow's converter writes for CPUs so that the TFLite GPU delegate computes the same.

The delegate reads every tensor as batch, height, width, channels (`calculators/inference/gpu_rules.py`). Two
habits of the converter give wrong numbers there, without a word. Numbers on the CPU stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from calculators.inference.gpu_checks import layout
from calculators.inference.model import IDENTIFIER

ELEMENTWISE = {
    schema.BuiltinOperator.ADD,
    schema.BuiltinOperator.DIV,
    schema.BuiltinOperator.MUL,
    schema.BuiltinOperator.SUB,
}


def for_gpu(tflite: bytes) -> bytes:
    """The model with other operators where the delegate reads a tensor in another way than the CPU.

    - A value a channel, [1, 1, 1, C], that is added to a picture: the converter makes it [C] before, which is
      C batches to the delegate. That RESHAPE goes.
    - A MEAN that drops dimensions and thereby moves others: it keeps them, and a RESHAPE follows.
    """
    model = schema.ModelT.InitFromPackedBuf(tflite, 0)
    changes = [*_drop_reshapes(model), *_keep_dimensions(model)]
    if not changes:
        return tflite
    builder = flatbuffers.Builder(len(tflite))
    builder.Finish(model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())


def _drop_reshapes(model: Any) -> Iterator[int]:
    """Removes the RESHAPEs before a broadcast; yields their results' indices."""
    graph = model.subgraphs[0]
    for operator in _all(model, schema.BuiltinOperator.RESHAPE):
        source, result = operator.inputs[0], operator.outputs[0]
        users = [user for user in graph.operators if result in user.inputs]
        before, after = _shape(graph, source), _shape(graph, result)
        fits = all(
            _kind(model, user) in ELEMENTWISE and len(_shape(graph, user.outputs[0])) == len(before)
            for user in users
        )
        is_padded = before == [1] * (len(before) - len(after)) + after
        if users and fits and is_padded and layout(before) != layout(after) and result not in graph.outputs:
            for user in users:
                user.inputs = [source if index == result else index for index in user.inputs]
            graph.operators.remove(operator)
            yield int(result)


def _keep_dimensions(model: Any) -> Iterator[int]:
    """Puts a RESHAPE behind means that move dimensions; yields the results' indices."""
    graph = model.subgraphs[0]
    for operator in _all(model, schema.BuiltinOperator.MEAN):
        source, axes = operator.inputs
        result = operator.outputs[0]
        shape = _shape(graph, source)
        dropped = np.frombuffer(bytes(model.buffers[graph.tensors[axes].buffer].data), "<i4") % len(shape)
        kept = [1 if axis in dropped else side for axis, side in enumerate(shape)]
        if layout(kept) == layout(_shape(graph, result)):
            continue
        whole = schema.TensorT()
        whole.name = graph.tensors[result].name + b"/kept"
        whole.shape, whole.type = kept, graph.tensors[result].type
        shape_of_result = schema.TensorT()
        shape_of_result.name = graph.tensors[result].name + b"/shape"
        shape_of_result.shape, shape_of_result.type = (
            [len(graph.tensors[result].shape)],
            schema.TensorType.INT32,
        )
        data = schema.BufferT()
        data.data = np.frombuffer(np.array(graph.tensors[result].shape, "<i4").tobytes(), np.uint8)
        shape_of_result.buffer = len(model.buffers)
        model.buffers.append(data)
        graph.tensors += [whole, shape_of_result]
        reshape = schema.OperatorT()
        reshape.opcodeIndex = _opcode(model, schema.BuiltinOperator.RESHAPE)
        reshape.inputs = [len(graph.tensors) - 2, len(graph.tensors) - 1]
        reshape.outputs = [result]
        operator.outputs, operator.builtinOptions.keepDims = [len(graph.tensors) - 2], True
        graph.operators.insert(graph.operators.index(operator) + 1, reshape)
        yield int(result)


def _kind(model: Any, operator: Any) -> int:
    code = model.operatorCodes[operator.opcodeIndex]
    return max(code.builtinCode, code.deprecatedBuiltinCode)


def _all(model: Any, kind: int) -> list[Any]:
    return [operator for operator in model.subgraphs[0].operators if _kind(model, operator) == kind]


def _shape(graph: Any, tensor: int) -> list[int]:
    return [int(side) for side in graph.tensors[tensor].shape]


def _opcode(model: Any, kind: int) -> int:
    """The index of an operator's code; adds it where the model has none."""
    for index, code in enumerate(model.operatorCodes):
        if max(code.builtinCode, code.deprecatedBuiltinCode) == kind:
            return index
    code = schema.OperatorCodeT()
    code.builtinCode = code.deprecatedBuiltinCode = kind
    code.version = 1
    model.operatorCodes.append(code)
    return len(model.operatorCodes) - 1
