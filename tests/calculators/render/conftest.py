"""What the tests of drawing on the GPU share: a context, in software where there is no GPU."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from calculators.render.context import GlContext, gl_context
from tests.needed import missing
from tryon import GraphError


def find_gl() -> GlContext:
    """The context; ends a test where there is none."""
    try:
        return gl_context()
    except GraphError as error:
        missing(str(error))


@pytest.fixture
def left_gl() -> GlContext:
    """The context, which this thread has not entered."""
    return find_gl()


@pytest.fixture
def gl(left_gl: GlContext) -> Iterator[GlContext]:
    """The context, entered."""
    with left_gl:
        yield left_gl


@pytest.fixture(scope="session")
def picture() -> np.ndarray:
    """A frame without any symmetry, its sides no multiples of four."""
    coarse = np.random.default_rng(0).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (127, 93), interpolation=cv2.INTER_CUBIC))


@pytest.fixture(scope="session")
def mask() -> np.ndarray:
    """0 in a part, 1 in a part, anything in between."""
    coarse = np.random.default_rng(1).random((9, 11), np.float32)
    return np.clip(3 * cv2.resize(coarse, (127, 93)) - 1, 0, 1)
