"""Arrays that are used again, so that a result a frame takes no memory of its own."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class SpareArrays:
    """Gives arrays of one shape and type; one that nobody but this object holds any more is given again.

    Who keeps an array, or a view of it, keeps it from being written to: CPython counts the references. There
    are as many arrays as were ever held at once.

    Args:
        shape, dtype: what each array is.

    Attributes:
        shape: as given.
    """

    def __init__(self, shape: Sequence[int], dtype: DTypeLike) -> None:
        self._arrays = [np.empty(shape, dtype)]
        self.shape = self._arrays[0].shape
        # How the references are counted that this object has itself is up to Python's version.
        (self._own_references,) = self._references()

    def take(self) -> NDArray[Any]:
        """An array that nobody else holds, with any values."""
        for array, references in zip(self._arrays, self._references(), strict=True):
            if references == self._own_references:
                return array
        self._arrays.append(np.empty_like(self._arrays[0]))
        return self._arrays[-1]

    def _references(self) -> list[int]:
        return [sys.getrefcount(array) for array in self._arrays]
