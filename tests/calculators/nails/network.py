"""A network for nails whose answers are known, written without TensorFlow."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

TURN = 2 * pi / 10
SURE = 40.0

Builtin = schema.BuiltinOperator
Options = schema.BuiltinOptions


def nail_color(finger: int) -> tuple[int, int, int]:
    """The colour (R, G, B) of a nail of this finger, which points `finger` tenths of a turn."""
    return 255, round(127.5 * (1 + cos(TURN * finger))), round(127.5 * (1 + sin(TURN * finger)))


def red_is_nail(size: int) -> bytes:
    """A .tflite with the input and outputs of a network for nails: what is bright in red is nail.

    Green and blue are its direction: x and y, 0 to 255 for -1 to 1. The finger is in the direction, too.
    """
    side = size // 4
    fingers = [(0.0, SURE * cos(TURN * finger), SURE * sin(TURN * finger)) for finger in range(10)]
    network = Network()
    image = network.tensor("image", (1, size, size, 3))
    coarse = network.tensor("coarse", (1, side, side, 3))
    small = schema.Pool2DOptionsT()
    small.padding = schema.Padding.VALID
    small.strideW = small.strideH = small.filterWidth = small.filterHeight = 4
    network.add(Builtin.AVERAGE_POOL_2D, [image], coarse, Options.Pool2DOptions, small)
    edge = network.linear(image, (1, size, size, 1), [(SURE, 0.0, 0.0)], -0.6 * SURE)
    foreground = network.tensor("foreground", (1, size, size, 1))
    network.add(Builtin.LOGISTIC, [edge], foreground)
    logits = network.linear(coarse, (1, side, side, 10), fingers)
    shares = network.tensor("fingers", (1, side, side, 10))
    softmax = schema.SoftmaxOptionsT()
    softmax.beta = 1.0
    network.add(Builtin.SOFTMAX, [logits], shares, Options.SoftmaxOptions, softmax)
    direction = network.linear(coarse, (1, side, side, 2), [(0.0, 1.0, 0.0), (0.0, 0.0, 1.0)])
    return network.packed([image], [foreground, shares, direction])


class Network:
    def __init__(self) -> None:
        self._graph, self._model = schema.SubGraphT(), schema.ModelT()
        self._graph.tensors, self._graph.operators = [], []
        self._model.buffers, self._model.operatorCodes = [schema.BufferT()], []

    def tensor(self, name: str, shape: Sequence[int], values: Any = None) -> int:
        tensor = schema.TensorT()
        tensor.name, tensor.shape, tensor.type = name, list(shape), schema.TensorType.FLOAT32
        tensor.buffer = 0
        if values is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.array(values, np.float32).tobytes(), np.uint8)
            tensor.buffer = len(self._model.buffers)
            self._model.buffers.append(buffer)
        self._graph.tensors.append(tensor)
        return len(self._graph.tensors) - 1

    def add(
        self, kind: int, inputs: list[int], output: int, options_type: int = 0, options: Any = None
    ) -> None:
        code, operator = schema.OperatorCodeT(), schema.OperatorT()
        code.builtinCode = code.deprecatedBuiltinCode = kind
        code.version = 1
        operator.opcodeIndex = len(self._model.operatorCodes)
        operator.inputs, operator.outputs = inputs, [output]
        operator.builtinOptionsType, operator.builtinOptions = options_type, options
        self._model.operatorCodes.append(code)
        self._graph.operators.append(operator)

    def linear(
        self, source: int, shape: Sequence[int], weights: Sequence[Sequence[float]], bias: float = 0.0
    ) -> int:
        """A convolution of single pixels."""
        kernels = np.reshape(weights, (len(weights), 1, 1, len(weights[0])))
        return self.convolved(source, shape, kernels, [bias] * len(weights))

    def convolved(self, source: int, shape: Sequence[int], kernels: Any, biases: Sequence[float]) -> int:
        """A convolution without padding; kernels are [outputs, height, width, inputs]."""
        output = self.tensor("linear", shape)
        kernel = self.tensor("kernel", np.shape(kernels), kernels)
        bias = self.tensor("bias", (len(biases),), biases)
        options = schema.Conv2DOptionsT()
        options.padding = schema.Padding.VALID
        options.strideW = options.strideH = options.dilationWFactor = options.dilationHFactor = 1
        self.add(Builtin.CONV_2D, [source, kernel, bias], output, Options.Conv2DOptions, options)
        return output

    def packed(self, inputs: list[int], outputs: list[int]) -> bytes:
        self._graph.inputs, self._graph.outputs = inputs, outputs
        self._model.version, self._model.subgraphs = 3, [self._graph]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
