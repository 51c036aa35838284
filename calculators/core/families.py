"""Calculators that MediaPipe has once for each element type, here written once."""

from typing import Any

import numpy as np

from tryon import Calculator, register

ELEMENTS: dict[str, type] = {
    "Bool": bool,
    "Boolean": bool,
    "Float": float,
    "Image": np.ndarray,
    "ImageFrame": np.ndarray,
    "Int": int,
    "Int32": int,
    "Matrix": np.ndarray,
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
