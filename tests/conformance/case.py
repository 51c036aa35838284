"""Conformance case files and the values in them."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import json_format, message_factory, text_format

from tryon import Timestamp
from tryon.proto.pool import POOL

SPECIAL = {
    name: getattr(Timestamp, name)
    for name in ("UNSET", "UNSTARTED", "PRESTREAM", "MIN", "MAX", "POSTSTREAM", "DONE")
}
SCALARS: dict[str, type] = {
    "int": int,
    "uint64": int,
    "int64": int,
    "float": float,
    "double": float,
    "bool": bool,
    "string": str,
}
IMAGE_FORMATS = {
    "SRGB": (np.uint8, 3),
    "SRGBA": (np.uint8, 4),
    "GRAY8": (np.uint8, 1),
    "VEC32F1": (np.float32, 1),
}


@dataclass(frozen=True)
class Case:
    """One recorded run; the fields are those of the file, described in the README beside the cases.

    Attributes:
        name: the file's name without its suffix.
    """

    name: str
    pbtxt: str
    side_packets: dict[str, dict[str, Any]] = field(default_factory=dict)
    inputs: list[dict[str, Any]] = field(default_factory=list)
    settle: bool = False
    observe: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    no_start: bool = False
    mode: str = ""
    add_mode: str = ""
    get_side: list[str] = field(default_factory=list)
    expected: dict[str, list[list[Any]]] = field(default_factory=dict)
    expected_bounds: dict[str, list[list[Any]]] | None = None
    packets_before_close: dict[str, int] | None = None
    expected_error: str = ""
    error_phase: str = ""
    error_type: str = ""
    error_message: str = ""
    message_is_cpp_ret_check: bool = False
    reference_crash: str = ""
    expanded_pbtxt: str = ""
    expected_side: dict[str, Any] = field(default_factory=dict)

    def type_of(self, name: str) -> str:
        """How a stream or side packet is read."""
        return self.types.get(name, "int")


def load_case(path: Path) -> Case:
    """Reads a case file; fields that the harness does not use are ignored.

    Raises:
        ValueError: the file is no case.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("pbtxt"), str):
        raise ValueError('not a case: there is no "pbtxt"')
    known = {
        key: value for key, value in data.items() if key in Case.__dataclass_fields__ and value is not None
    }
    return Case(**{**known, "name": path.stem})


def case_files(folder: Path) -> list[Path]:
    """The case files of a folder, sorted by name."""
    return sorted(folder.glob("*.json"))


def read_timestamp(value: int | str) -> int:
    """The timestamp that a case writes: a number, a special name, or MIN+n."""
    if isinstance(value, int):
        return value
    if value.startswith("MIN+"):
        return Timestamp.MIN + int(value[4:])
    return SPECIAL[value] if value in SPECIAL else int(value)


def write_timestamp(timestamp: int) -> int | str:
    """The timestamp as cases write it."""
    for name, value in SPECIAL.items():
        if timestamp == value:
            return name
    if timestamp < Timestamp.MIN + 1000:
        return f"MIN+{timestamp - Timestamp.MIN}"
    return timestamp


def encode(kind: str, value: Any) -> Any:
    """The Python value of a recorded one; the reference's floats have 32 bits."""
    if kind.startswith("proto:"):
        return _parse(kind[6:], value)
    if kind.startswith("protovec:"):
        return [_parse(kind[9:], text) for text in value]
    if kind in ("image", "image_frame"):
        dtype, _ = IMAGE_FORMATS[value["format"]]
        return np.array(value["data"], dtype).reshape(value["shape"])
    if kind == "matrix":
        return np.array(value, np.float32)
    if kind.endswith(("_vector", "_array")):
        return [encode(kind.rpartition("_")[0], item) for item in value]
    if kind == "float":
        return float(np.float32(value))
    return SCALARS[kind](value)


def difference(kind: str, got: Any, expected: Any) -> str:
    """How a packet's value differs from the recorded one; "" where it does not."""
    if kind == "raw":
        return ""
    if kind.startswith("proto:"):
        wanted = json_format.MessageToDict(_parse(kind[6:], expected))
        return "" if _close(json_format.MessageToDict(got), wanted, 1e-5) else f"{got} is not {expected}"
    if kind.startswith("protovec:"):
        return _list_difference(f"proto:{kind[9:]}", got, expected)
    if kind in ("image", "image_frame"):
        return _image_difference(got, expected)
    if kind.endswith("_vector"):
        return _list_difference(kind.removesuffix("_vector"), got, expected)
    wanted_type = SCALARS[kind]
    if type(got) is not wanted_type:
        return f"{got!r} is no {kind}"
    equal = abs(got - expected) <= 1.5e-6 + 1e-6 * abs(expected) if wanted_type is float else got == expected
    return "" if equal else f"{got!r} is not {expected!r}"


def _parse(name: str, text: str) -> Any:
    kind = message_factory.GetMessageClass(POOL.FindMessageTypeByName(f"mediapipe.{name}"))
    return text_format.Parse(text, kind(), descriptor_pool=POOL)


def _list_difference(element: str, got: Any, expected: list[Any]) -> str:
    if not isinstance(got, list) or len(got) != len(expected):
        return f"{got!r} is not {expected!r}"
    differences = (difference(element, *pair) for pair in zip(got, expected, strict=True))
    return next(filter(None, differences), "")


def _image_difference(got: Any, expected: dict[str, Any]) -> str:
    dtype, channels = IMAGE_FORMATS[expected["format"]]
    if not isinstance(got, np.ndarray) or got.dtype != dtype:
        return f"{type(got).__name__} {getattr(got, 'dtype', '')} is no {expected['format']} image"
    shape = list(got.shape)
    if shape != list(expected["shape"]) and not (channels == 1 and [*shape, 1] == list(expected["shape"])):
        return f"shape {shape} is not {expected['shape']}"
    wanted = np.array(expected["data"], np.float64)
    worst = float(np.abs(got.astype(np.float64).ravel() - wanted).max(initial=0.0))
    return "" if worst <= (1 if dtype is np.uint8 else 1e-5) else f"pixels differ by up to {worst:g}"


def _close(got: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, dict):
        return (
            isinstance(got, dict)
            and got.keys() == wanted.keys()
            and all(_close(got[key], wanted[key], tolerance) for key in wanted)
        )
    if isinstance(wanted, list):
        return len(got) == len(wanted) and all(map(_close, got, wanted, [tolerance] * len(wanted)))
    if isinstance(wanted, float):
        return bool(abs(got - wanted) <= tolerance * max(1.0, abs(wanted)))
    return bool(got == wanted)
