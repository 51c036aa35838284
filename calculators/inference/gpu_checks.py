"""What the TFLite GPU delegate asks of inputs, shapes and options, one function a question.

Each takes an operator and tells what is wrong with it, "" for nothing; its docstring says what is wanted.
`gpu_rules.py` says which are asked of which operator, and where they come from.
"""

from collections.abc import Callable, Sequence
from typing import Final

from calculators.inference.operators import Operator

NOTHING: Final = ""
Check = Callable[[Operator], str]

DIMENSIONS: Final = 4
SIGN_BIT = 5
REFLECT = 0
FLOATS: Final = frozenset({"FLOAT32", "FLOAT16"})
TRUTH: Final = frozenset({"BOOL"})
WHOLE: Final = frozenset({"INT32"})


def layout(shape: Sequence[int]) -> tuple[int, ...]:
    """How the delegate reads a shape of 1 to 4 sides: batch, height, width, channels.

    Examples:
        >>> layout([128]), layout([1, 68, 2])
        ((128, 1, 1, 1), (1, 1, 68, 2))
    """
    batch, *inner = shape
    width_and_channels = inner[-2:] if len(inner) > 1 else [1, *inner] if inner else [1, 1]
    height = inner[0] if len(inner) == DIMENSIONS - 1 else 1
    return (batch, height, *width_and_channels)


def each(*checks: Check) -> Check:
    """The first of what several checks find."""
    return lambda operator: next(filter(None, (check(operator) for check in checks)), NOTHING)


def operands(*allowed: tuple[int, int]) -> Check:
    """Numbers of computed and of constant inputs, any of the pairs."""

    def check(operator: Operator) -> str:
        found = len(operator.given), len(operator.constants)
        if found in allowed:
            return NOTHING
        wanted = " or ".join(f"{given} and {constants}" for given, constants in allowed)
        return f"{found[0]} computed and {found[1]} constant inputs; the delegate takes {wanted}"

    return check


def computed(least: int, most: int) -> Check:
    """A number of computed inputs."""

    def check(operator: Operator) -> str:
        if least <= len(operator.given) <= most:
            return NOTHING
        wanted = f"{least}" if least == most else f"{least} to {most}"
        return f"{len(operator.given)} computed inputs; the delegate takes {wanted}"

    return check


def activation(operator: Operator) -> str:
    """A fused activation that the delegate has."""
    activation = getattr(operator.options, "fusedActivationFunction", 0)
    return "the fused activation SIGN_BIT" if activation == SIGN_BIT else NOTHING


def rank(*allowed: int) -> Check:
    """A number of dimensions of the first computed input."""

    def check(operator: Operator) -> str:
        found = len(operator.given[0].shape)
        wanted = " or ".join(map(str, allowed))
        return NOTHING if found in allowed else f"{found} dimensions; the delegate takes {wanted}"

    return check


def broadcast(operator: Operator) -> str:
    """Operands that meet in the delegate's layout as on the CPU, one of them as large as the result."""
    (result,) = operator.outputs
    for tensor in operator.given:
        read = list(layout(tensor.shape))
        missing = len(result.shape) - len(tensor.shape)
        if list(layout([1] * missing + list(tensor.shape))) != read:
            return (
                f"the delegate reads {list(tensor.shape)} as {read} (batch, height, width, channels), "
                f"which is not how it meets {list(result.shape)}"
            )
    shapes = [tensor.shape for tensor in operator.given]
    if len(shapes) == 2 and all(layout(shape) != layout(result.shape) for shape in shapes):
        return f"{list(shapes[0])} and {list(shapes[1])} are both broadcast; the delegate broadcasts one"
    for tensor in operator.constants:
        if len(tensor.shape) == DIMENSIONS and tensor.shape[0] != 1:
            return f"a constant of {tensor.shape[0]} batches"
    return NOTHING


def different(operator: Operator) -> str:
    """Two operands, not one twice."""
    indices = [tensor.index for tensor in operator.given]
    return NOTHING if len(set(indices)) == len(indices) else "both operands are the same tensor"


def axes(operator: Operator) -> str:
    """Axes of the type that the delegate reads."""
    (axes,) = operator.constants
    return NOTHING if axes.dtype == "INT32" else f"axes of type {axes.dtype}; the delegate takes INT32"


def mean(operator: Operator) -> str:
    """A result that lies where the delegate puts it: it writes as if the dimensions were kept."""
    (source,), (result,), (axes,) = operator.given, operator.outputs, operator.constants
    dropped = {axis % len(source.shape) for axis in axes.integers()}
    kept = [1 if axis in dropped else side for axis, side in enumerate(source.shape)]
    if layout(kept) == layout(result.shape):
        return NOTHING
    return (
        f"the mean of {list(source.shape)} is {kept}, but the delegate reads {list(result.shape)} as "
        f"{list(layout(result.shape))} (batch, height, width, channels); keep the dimensions and reshape"
    )


def convolution(operator: Operator) -> str:
    """A computed kernel for all channels."""
    source, kernel = operator.inputs[:2]
    if source and kernel and not kernel.is_constant and source.shape[-1] != kernel.shape[-1]:
        return "a grouped convolution with a computed kernel"
    return NOTHING


def depthwise(operator: Operator) -> str:
    """Pictures, and a kernel for their channels."""
    source, kernel = operator.inputs[:2]
    (result,) = operator.outputs
    if not source or not kernel or {len(t.shape) for t in (source, kernel, result)} != {DIMENSIONS}:
        return f"a tensor that has not {DIMENSIONS} dimensions"
    if not result.shape[3] == kernel.shape[3] == source.shape[3] * operator.options.depthMultiplier:
        return "channels that do not agree with the kernel and its depth multiplier"
    return NOTHING


def fully_connected(operator: Operator) -> str:
    """Plain weights for the last axis, which the delegate calls channels."""
    source, weights = operator.inputs[:2]
    (result,) = operator.outputs
    if operator.options.weightsFormat:
        return "shuffled weights"
    if not source or not weights:
        return "an input is missing"
    if operator.options.keepNumDims and len(source.shape) != len(result.shape):
        return f"from {len(source.shape)} to {len(result.shape)} dimensions, although they are to be kept"
    if weights.is_constant and layout(source.shape)[3] != weights.shape[1]:
        return f"{layout(source.shape)[3]} channels, but weights for {weights.shape[1]}"
    return NOTHING


def pooling(operator: Operator) -> str:
    """A window and strides."""
    options = operator.options
    sizes = (options.filterHeight, options.filterWidth, options.strideH, options.strideW)
    return NOTHING if min(sizes) > 0 else "a window or stride of 0"


def matrices(operator: Operator) -> str:
    """Two computed matrices, or one and a constant of 2 dimensions; none to be transposed."""
    left, right = operator.inputs[:2]
    if operator.options.adjX or operator.options.adjY:
        return "a transposed operand: the delegate does not read the flag; transpose it before"
    if not left or left.is_constant:
        return "a constant on the left"
    if right and right.is_constant and len(right.shape) != 2:
        return f"a constant of {len(right.shape)} dimensions on the right; the delegate takes 2"
    return NOTHING


def softmax(operator: Operator) -> str:
    """No factor before the exponential."""
    return NOTHING if operator.options.beta == 1 else f"beta {operator.options.beta:g}; the delegate takes 1"


def strided_slice(operator: Operator) -> str:
    """A cut that keeps all dimensions and goes forwards."""
    options = operator.options
    for name in ("ellipsisMask", "newAxisMask", "shrinkAxisMask"):
        if getattr(options, name):
            return f"{name} is set"
    return "a stride below 1" if min(operator.constants[2].integers()) < 1 else NOTHING


def padding(operator: Operator) -> str:
    """Paddings of four dimensions; a mirror that does not repeat the border."""
    sides = next(iter(operator.constants), None)
    if sides is None or sides.shape != (DIMENSIONS, 2):
        return f"paddings of shape {list(sides.shape) if sides else 'unknown'}; the delegate takes [4, 2]"
    if operator.name == "MIRROR_PAD" and operator.options.mode != REFLECT:
        return "the mode SYMMETRIC; the delegate takes REFLECT"
    return NOTHING


def resize(operator: Operator) -> str:
    """One convention of where pixels lie."""
    both = operator.options.alignCorners and operator.options.halfPixelCenters
    return "both align_corners and half_pixel_centers" if both else NOTHING


def blocks(operator: Operator) -> str:
    """Blocks that move something."""
    size = operator.options.blockSize
    return NOTHING if size > 1 else f"blocks of {size}; the delegate takes 2 or more"


def slope(operator: Operator) -> str:
    """A slope for each channel, or for each value."""
    (source,) = operator.given
    (slopes,) = operator.constants
    *outer, channels = slopes.shape
    if channels == source.shape[-1] and (set(outer) <= {1} or slopes.shape[-3:] == source.shape[-3:]):
        return NOTHING
    return f"slopes of shape {list(slopes.shape)} for {list(source.shape)}; one a channel or a value is taken"


def compared(operator: Operator) -> str:
    """A truth value that becomes a number at once."""
    if len(operator.users) == 1 and operator.users[0] in ("CAST", "SELECT", "SELECT_V2"):
        return NOTHING
    return "its result must go to one CAST or SELECT and nowhere else"


def selected(operator: Operator) -> str:
    """Choices of the result's shape, or single values."""
    wanted = operator.outputs[0].shape
    for tensor in operator.inputs[1:]:
        if tensor and tensor.shape not in ((), (1,), wanted):
            return f"a choice of shape {list(tensor.shape)}; the delegate takes one value or {list(wanted)}"
    return NOTHING


def cast(operator: Operator) -> str:
    """Types between which the delegate converts."""
    (source,), (result,) = operator.given, operator.outputs
    kinds = {source.dtype, result.dtype}
    if kinds <= FLOATS | TRUTH or kinds <= {"FLOAT32", "INT32"}:
        return NOTHING
    return f"from {source.dtype} to {result.dtype}"


def gathered(operator: Operator) -> str:
    """A list of indices."""
    indices = operator.inputs[1]
    if indices is None or len(indices.shape) != 1 or indices.dtype != "INT32":
        return "indices that are no list of INT32"
    return NOTHING


def floats(operator: Operator) -> str:
    """Floats."""
    return NOTHING if operator.given[0].dtype in FLOATS else "whole numbers"


def dequantized(operator: Operator) -> str:
    """Weights in a type that the delegate expands."""
    source = operator.inputs[0]
    return "from INT16" if source and source.dtype == "INT16" else NOTHING
