"""Which operators the TFLite GPU delegate computes, and computes rightly.

The rules are those of its sources (LiteRT, folder `tflite/`): operators and versions from
`delegates/gpu/common/model_builder.cc`, inputs and options from `tools/versioning/gpu_compatibility.cc`,
how tensors lie in memory from `delegates/gpu/common/model_builder_helper.cc`. What is not in the table is
refused, and so are LSTM, DENSIFY and MediaPipe's operators for faces, of which the delegate takes some forms.

The delegate lays every tensor out as batch, height, width, channels: [n] is n batches, [b, c] has no height
and width, [b, w, c] no height. It takes some operators whose result then is another than the CPU's: a mean
that drops dimensions, a list added to a picture, two operands that are both broadcast (reports:
tensorflow/tensorflow issues 44060, 58000, 60043). These are refused too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from calculators.inference import gpu_checks as checks
from calculators.inference.gpu_checks import DIMENSIONS, FLOATS, NOTHING, TRUTH, WHOLE, Check, each, operands
from calculators.inference.operators import Operator

COMPUTED: Final = FLOATS | {"INT8", "UINT8"}
"""Types of tensors that are computed; those of 8 bits are computed as floats."""


@dataclass(frozen=True)
class Rule:
    """What the delegate asks of an operator.

    Attributes:
        version: the highest that it knows; None for any.
        check: tells what is wrong with an operator, "" for nothing.
        types: types that computed tensors may have besides COMPUTED.
    """

    version: int | None
    check: Check
    types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """An operator that the delegate does not compute, or not rightly.

    Attributes:
        operator: which.
        reason: why, without its name.
    """

    operator: Operator
    reason: str

    def __str__(self) -> str:
        return f"{self.operator.name}: {self.reason}"


def refusals(operators: Sequence[Operator]) -> list[Refusal]:
    """The operators of a model that keep it from running on the GPU delegate as a whole."""
    found = ((operator, refusal(operator)) for operator in operators)
    return [Refusal(operator, reason) for operator, reason in found if reason]


def refusal(operator: Operator) -> str:
    """Why the delegate refuses an operator; "" where it takes it."""
    rule = RULES.get(operator.name)
    if rule is None:
        return "not among the GPU delegate's operators"
    if rule.version is not None and operator.version > rule.version:
        return f"version {operator.version}, the GPU delegate knows {rule.version}"
    for tensor in filter(None, (*operator.inputs, *operator.outputs)):
        if tensor.is_open:
            return f'the tensor "{tensor.name}" has an open shape'
        if len(tensor.shape) > DIMENSIONS:
            return f"a tensor of {len(tensor.shape)} dimensions, {list(tensor.shape)}; at most {DIMENSIONS}"
    for tensor in (*operator.given, *(output for output in operator.outputs if not output.is_constant)):
        if tensor.dtype not in COMPUTED | rule.types:
            return f"a computed tensor of type {tensor.dtype}, {list(tensor.shape)}"
        if not tensor.shape:
            return "a computed tensor without dimensions"
    return rule.check(operator)


ONE = operands((1, 0))
ONE_AND_CONSTANT = operands((1, 1))
TWO = each(operands((2, 0), (1, 1)), checks.activation, checks.broadcast)
ONE_COMPUTED = checks.computed(1, 1)
KERNEL = checks.computed(1, 2)


def anything(_: Operator) -> str:
    """The delegate asks nothing more."""
    return NOTHING


UNARY = Rule(2, ONE)
BINARY = Rule(2, each(TWO, checks.different))
COMPARISON = Rule(2, each(TWO, checks.compared), TRUTH)
CLAMP = Rule(2, anything)
POOLING = Rule(2, each(ONE_COMPUTED, checks.pooling, checks.activation))
PADDING = Rule(2, each(ONE_COMPUTED, checks.padding))
REDUCTION = Rule(None, each(ONE_AND_CONSTANT, checks.axes))
RESIZE = Rule(3, each(ONE_COMPUTED, checks.resize))
SELECTION = Rule(1, checks.selected, TRUTH)
MEDIAPIPE = Rule(None, anything)

RULES: Final[dict[str, Rule]] = {
    "ABS": UNARY,
    "ADD": Rule(2, TWO),
    "AVERAGE_POOL_2D": POOLING,
    "BATCH_MATMUL": Rule(None, each(KERNEL, checks.matrices)),
    "CAST": Rule(None, each(ONE, checks.cast), TRUTH | WHOLE),
    "CONCATENATION": Rule(2, checks.activation),
    "CONV_2D": Rule(6, each(KERNEL, checks.convolution, checks.activation)),
    "COS": UNARY,
    "CUMSUM": Rule(1, each(ONE_AND_CONSTANT, checks.axes, checks.floats)),
    "DEPTHWISE_CONV_2D": Rule(6, each(KERNEL, checks.depthwise, checks.activation)),
    "DEPTH_TO_SPACE": Rule(None, each(ONE_COMPUTED, checks.blocks)),
    "DEQUANTIZE": Rule(3, checks.dequantized),
    "DIV": BINARY,
    "ELU": UNARY,
    "EQUAL": COMPARISON,
    "EXP": UNARY,
    "FLOOR": UNARY,
    "FLOOR_DIV": BINARY,
    "FLOOR_MOD": BINARY,
    "FULLY_CONNECTED": Rule(9, each(KERNEL, checks.fully_connected, checks.activation)),
    "GATHER": Rule(1, checks.gathered, WHOLE),
    "GELU": UNARY,
    "GREATER": COMPARISON,
    "GREATER_EQUAL": COMPARISON,
    "HARD_SWISH": Rule(None, ONE),
    "LEAKY_RELU": CLAMP,
    "LESS": COMPARISON,
    "LESS_EQUAL": COMPARISON,
    "LOG": UNARY,
    "LOGICAL_AND": Rule(2, operands((2, 0), (1, 1)), TRUTH),
    "LOGISTIC": UNARY,
    "MAXIMUM": BINARY,
    "MAX_POOL_2D": POOLING,
    "MEAN": Rule(None, each(ONE_AND_CONSTANT, checks.axes, checks.mean)),
    "MINIMUM": BINARY,
    "MIRROR_PAD": PADDING,
    "MUL": Rule(3, TWO),
    "NEG": UNARY,
    "NOT_EQUAL": COMPARISON,
    "PACK": Rule(None, anything),
    "PAD": PADDING,
    "PADV2": PADDING,
    "POW": BINARY,
    "PRELU": Rule(1, each(ONE_AND_CONSTANT, checks.slope)),
    "QUANTIZE": Rule(2, ONE_COMPUTED),
    "REDUCE_MAX": REDUCTION,
    "REDUCE_MIN": REDUCTION,
    "REDUCE_PROD": REDUCTION,
    "RELU": CLAMP,
    "RELU6": CLAMP,
    "RELU_0_TO_1": CLAMP,
    "RELU_N1_TO_1": CLAMP,
    "RESHAPE": Rule(1, ONE_COMPUTED),
    "RESIZE_BILINEAR": RESIZE,
    "RESIZE_NEAREST_NEIGHBOR": RESIZE,
    "RSQRT": UNARY,
    "SELECT": SELECTION,
    "SELECT_V2": SELECTION,
    "SIGN": UNARY,
    "SIN": UNARY,
    "SLICE": Rule(2, each(operands((1, 2)), checks.rank(3, 4))),
    "SOFTMAX": Rule(2, checks.softmax),
    "SPACE_TO_DEPTH": Rule(2, each(ONE_COMPUTED, checks.blocks)),
    "SPLIT": Rule(None, anything),
    "SPLIT_V": Rule(None, anything),
    "SQRT": UNARY,
    "SQUARE": UNARY,
    "SQUARED_DIFFERENCE": BINARY,
    "STRIDED_SLICE": Rule(4, each(operands((1, 3)), checks.rank(3, 4), checks.strided_slice)),
    "SUB": BINARY,
    "SUM": REDUCTION,
    "TANH": UNARY,
    "TILE": Rule(None, ONE_COMPUTED),
    "TRANSPOSE": Rule(4, each(ONE_COMPUTED, checks.rank(2, 3, 4))),
    "TRANSPOSE_CONV": Rule(3, KERNEL),  # with a fused activation it is version 4
    "UNPACK": Rule(None, anything),
    # Custom operators that MediaPipe brings and the delegate knows.
    "Convolution2DTransposeBias": MEDIAPIPE,
    "MaxPoolingWithArgmax2D": MEDIAPIPE,
    "MaxUnpooling2D": MEDIAPIPE,
    "Resampler": MEDIAPIPE,
}
"""By operator."""
