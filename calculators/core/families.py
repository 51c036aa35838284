"""Calculators that MediaPipe has once for each element type, here written once."""

from typing import Any

import numpy as np

from calculators.formats import classification_pb2, detection_pb2, landmark_pb2, rect_pb2
from tryon import Calculator, register


def list_of(element: type) -> type:
    """The packet type of a list that holds nothing but `element`."""
    kind: type = list[element]  # type: ignore[valid-type]  # made at run time
    return kind


ELEMENTS: dict[str, type] = {
    "AffineMatrix": np.ndarray,
    "Bool": bool,
    "Boolean": bool,
    "ClassificationList": classification_pb2.ClassificationList,
    "Detection": detection_pb2.Detection,
    "Float": float,
    "Image": np.ndarray,
    "ImageFrame": np.ndarray,
    "ImageSize": tuple,
    "Int": int,
    "Int32": int,
    "Landmark": landmark_pb2.NormalizedLandmark,
    "LandmarkList": landmark_pb2.LandmarkList,
    "Matrix": np.ndarray,
    "MatrixVector": list_of(np.ndarray),
    "NormalizedLandmarkList": landmark_pb2.NormalizedLandmarkList,
    "NormalizedRect": rect_pb2.NormalizedRect,
    "Rect": rect_pb2.Rect,
    "String": str,
    "Tensor": np.ndarray,
    "UInt64": int,
    "Uint64t": int,
}


def register_family(base: type[Calculator], name: str, **attributes: Any) -> None:
    """Registers a calculator `name` that is `base` with these class attributes.

    Its docstring is the base's, with the base's name in the example replaced.
    """
    doc = (base.__doc__ or "").replace(f'"{base.__name__}"', f'"{name}"')
    register(type(name, (base,), {"__doc__": doc, "__module__": base.__module__, **attributes}))
