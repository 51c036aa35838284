from types import SimpleNamespace

import numpy as np
import pytest

from calculators.inference.gpu_checks import layout
from calculators.inference.gpu_rules import RULES, refusal, refusals
from calculators.inference.operators import Operator, TensorInfo

PICTURE = (1, 8, 8, 4)
NEXT = "CONV_2D"


def tensor(shape, dtype="FLOAT32", values=None, constant=False, index=0, is_open=False):
    data = None if values is None else np.array(values, "<i4").tobytes()
    return TensorInfo(index, "t", tuple(shape), dtype, constant or values is not None, is_open, data)


def weights(*shape):
    return tensor(shape, constant=True)


def integers(*values):
    return tensor(np.shape(values), "INT32", values)


def computed(*shapes):
    return [tensor(shape, index=index) for index, shape in enumerate(shapes)]


def operator(name, inputs, output=PICTURE, version=1, users=(NEXT,), **options):
    result = output if isinstance(output, TensorInfo) else tensor(output, index=99)
    return Operator(7, name, version, tuple(inputs), (result,), SimpleNamespace(**options), users)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ([5], (5, 1, 1, 1)),
        ([1, 5], (1, 1, 1, 5)),
        ([1, 68, 2], (1, 1, 68, 2)),
        ([1, 2, 3, 4], (1, 2, 3, 4)),
    ],
)
def test_layout(shape, expected):
    assert layout(shape) == expected


POOL = {"filterHeight": 2, "filterWidth": 2, "strideH": 2, "strideW": 2, "fusedActivationFunction": 0}
DENSE = {"weightsFormat": 0, "keepNumDims": True, "fusedActivationFunction": 0}
SLICE = {"ellipsisMask": 0, "newAxisMask": 0, "shrinkAxisMask": 0}
CUT = [*computed((1, 68, 2)), integers(0, 0, 0), integers(1, 68, 1)]
MATRICES = computed((1, 6, 4), (1, 4, 8))
PADS = [[0, 0], [1, 1], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    "given",
    [
        operator("ADD", computed(PICTURE, PICTURE)),
        operator("ADD", computed(PICTURE, (1, 1, 1, 4))),
        operator("ADD", computed(PICTURE, (1, 4))),
        operator("ADD", [*computed(PICTURE), weights(4)]),
        operator("ADD", [tensor(PICTURE)] * 2),
        operator("AVERAGE_POOL_2D", computed(PICTURE), (1, 4, 4, 4), **POOL),
        operator("BATCH_MATMUL", MATRICES, (1, 6, 8), adjX=False, adjY=False),
        operator("CAST", [tensor(PICTURE, "BOOL")]),
        operator("CONV_2D", [*computed(PICTURE), weights(9, 3, 3, 4), weights(9)], (1, 8, 8, 9), 6),
        operator(
            "DEPTHWISE_CONV_2D",
            [*computed(PICTURE), weights(1, 3, 3, 8), None],
            (1, 8, 8, 8),
            2,
            depthMultiplier=2,
        ),
        operator("DEQUANTIZE", [tensor([8], "FLOAT16", constant=True)], weights(8), 3),
        operator("FULLY_CONNECTED", [*computed((1, 68, 9)), weights(2, 9), None], (1, 68, 2), 5, **DENSE),
        operator("GREATER", computed(PICTURE, PICTURE), tensor(PICTURE, "BOOL"), users=("CAST",)),
        operator("LOGISTIC", computed(PICTURE)),
        operator("MEAN", [*computed(PICTURE), integers(1, 2)], (1, 4), keepDims=False),
        operator("MEAN", [*computed(PICTURE), integers(-1)], (1, 8, 8, 1), keepDims=True),
        operator("PAD", [*computed(PICTURE), tensor((4, 2), "INT32", PADS)], (1, 10, 10, 4)),
        operator("PRELU", [*computed(PICTURE), weights(1, 1, 4)]),
        operator("RESHAPE", [*computed(PICTURE), integers(1, 64, 4)], (1, 64, 4)),
        operator(
            "RESIZE_BILINEAR",
            [*computed(PICTURE), integers(16, 16)],
            (1, 16, 16, 4),
            3,
            alignCorners=False,
            halfPixelCenters=True,
        ),
        operator("SOFTMAX", computed(PICTURE), beta=1.0),
        operator("STRIDED_SLICE", [*CUT, integers(1, 1, 1)], (1, 68, 1), **SLICE),
        operator("SUB", [weights(), *computed((1, 68, 9))], (1, 68, 9)),
        operator("TRANSPOSE", [*computed((1, 64, 4)), integers(0, 2, 1)], (1, 4, 64)),
        operator(
            "TRANSPOSE_CONV",
            [integers(1, 16, 16, 2), weights(2, 2, 2, 4), *computed(PICTURE)],
            (1, 16, 16, 2),
            3,
        ),
        operator("MaxUnpooling2D", computed(PICTURE, PICTURE)),
    ],
    ids=lambda given: given.name,
)
def test_taken(given):
    assert refusal(given) == ""


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (operator("ROUND", computed(PICTURE)), "not among the GPU delegate's operators"),
        (operator("UnheardOf", computed(PICTURE)), "not among the GPU delegate's operators"),
        (operator("TRANSPOSE_CONV", computed(PICTURE), version=4), "version 4, the GPU delegate knows 3"),
        (operator("LOGISTIC", [tensor(PICTURE, is_open=True)]), 'the tensor "t" has an open shape'),
        (operator("LOGISTIC", computed((1, 1, 2, 2, 2))), "5 dimensions, [1, 1, 2, 2, 2]; at most 4"),
        (operator("LOGISTIC", [tensor(PICTURE, "INT32")]), "a computed tensor of type INT32, [1, 8, 8, 4]"),
        (operator("LOGISTIC", computed(()), ()), "a computed tensor without dimensions"),
        (operator("LOGISTIC", [weights(4)]), "0 computed and 1 constant inputs; the delegate takes 1 and 0"),
        (
            operator("ADD", computed(PICTURE, (4,))),
            "[4] as [4, 1, 1, 1] (batch, height, width, channels), which is not how it meets [1, 8, 8, 4]",
        ),
        (
            operator("MUL", computed(PICTURE, (8, 8, 4))),
            "the delegate reads [8, 8, 4] as [8, 1, 8, 4] (batch, height, width, channels), which is not",
        ),
        (operator("MUL", [*computed(PICTURE), weights(2, 8, 8, 4)]), "a constant of 2 batches"),
        (
            operator("MUL", computed((1, 8, 1, 4), (1, 1, 8, 4))),
            "[1, 8, 1, 4] and [1, 1, 8, 4] are both broadcast; the delegate broadcasts one",
        ),
        (operator("SUB", [tensor(PICTURE)] * 2), "both operands are the same tensor"),
        (operator("ADD", computed(PICTURE, PICTURE), fusedActivationFunction=5), "activation SIGN_BIT"),
        (
            operator("AVERAGE_POOL_2D", computed(PICTURE), **POOL | {"strideW": 0}),
            "a window or stride of 0",
        ),
        (
            operator("BATCH_MATMUL", MATRICES, (1, 6, 8), adjX=False, adjY=True),
            "a transposed operand: the delegate does not read the flag; transpose it before",
        ),
        (
            operator("BATCH_MATMUL", [MATRICES[0], weights(1, 4, 8)], (1, 6, 8), adjX=False, adjY=False),
            "a constant of 3 dimensions on the right; the delegate takes 2",
        ),
        (operator("CAST", [tensor(PICTURE, "BOOL")], tensor(PICTURE, "INT32")), "from BOOL to INT32"),
        (
            operator("CONV_2D", computed(PICTURE, (9, 3, 3, 2))),
            "a grouped convolution with a computed kernel",
        ),
        (
            operator("DEPTHWISE_CONV_2D", [*computed(PICTURE), weights(1, 3, 3, 8)], depthMultiplier=2),
            "channels that do not agree with the kernel and its depth multiplier",
        ),
        (operator("DEQUANTIZE", [tensor([8], "INT16", constant=True)], weights(8)), "from INT16"),
        (
            operator("FULLY_CONNECTED", [*computed((1, 68, 9)), weights(2, 9)], (68, 2), **DENSE),
            "from 3 to 2 dimensions, although they are to be kept",
        ),
        (
            operator("FULLY_CONNECTED", [*computed((1, 8)), weights(2, 9)], (1, 2), **DENSE),
            "8 channels, but weights for 9",
        ),
        (
            operator("GREATER", computed(PICTURE, PICTURE), tensor(PICTURE, "BOOL"), users=("CAST", "CAST")),
            "its result must go to one CAST or SELECT and nowhere else",
        ),
        (
            operator("MEAN", [*computed((1, 49, 68, 16)), integers(-1)], (1, 49, 68)),
            "is [1, 49, 68, 1], but the delegate reads [1, 49, 68] as [1, 1, 49, 68] (batch, height, width, ",
        ),
        (
            operator("PAD", [*computed((8, 8, 4)), tensor((3, 2), "INT32", PADS[:3])], (10, 10, 4)),
            "paddings of shape [3, 2]; the delegate takes [4, 2]",
        ),
        (
            operator("MIRROR_PAD", [*computed(PICTURE), tensor((4, 2), "INT32", PADS)], mode=1),
            "the mode SYMMETRIC; the delegate takes REFLECT",
        ),
        (
            operator("PRELU", [*computed(PICTURE), weights(8, 1, 4)]),
            "slopes of shape [8, 1, 4] for [1, 8, 8, 4]; one a channel or a value is taken",
        ),
        (
            operator("RESIZE_BILINEAR", computed(PICTURE), alignCorners=True, halfPixelCenters=True),
            "both align_corners and half_pixel_centers",
        ),
        (operator("SOFTMAX", computed(PICTURE), beta=0.5), "beta 0.5; the delegate takes 1"),
        (
            operator("STRIDED_SLICE", [*CUT, integers(1, 1, 1)], (68, 1), **SLICE | {"shrinkAxisMask": 1}),
            "shrinkAxisMask is set",
        ),
        (operator("STRIDED_SLICE", [*CUT, integers(1, -1, 1)], (1, 68, 2), **SLICE), "a stride below 1"),
        (
            operator("TRANSPOSE", [*computed((4,)), integers(0)], (4,)),
            "1 dimensions; the delegate takes 2 or 3",
        ),
        (operator("DEPTH_TO_SPACE", computed(PICTURE), blockSize=1), "blocks of 1; the delegate takes 2"),
        (
            operator("SELECT", [tensor(PICTURE, "BOOL"), *computed((1, 4), PICTURE)]),
            "a choice of shape [1, 4]; the delegate takes one value or [1, 8, 8, 4]",
        ),
        (operator("GATHER", [*computed(PICTURE), tensor((1, 2), "INT32")]), "indices that are no list"),
        (operator("CUMSUM", [tensor(PICTURE, "INT8"), integers(1)]), "whole numbers"),
        (
            operator("SUM", [*computed(PICTURE), tensor((1,), "INT64", constant=True)]),
            "axes of type INT64; the delegate takes INT32",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Operator) else "",
)
def test_refused(given, reason):
    assert reason in refusal(given)
    assert [str(problem) for problem in refusals([given])] == [f"{given.name}: {refusal(given)}"]


def test_table_is_in_order():
    names = [name for name in RULES if name.isupper()]
    assert names == sorted(names)
