"""What can be recorded comes back as it was; what is read cannot do harm."""

import dataclasses
import json
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL.ImageFilter import Color3DLUT

from calculators.color.look_pb2 import Look, LookEffect
from calculators.video.header import VideoHeader
from tests.tryon import nodes
from tryon.proto.calculator_pb2 import CalculatorGraphConfig
from tryon.recording.compare import compare
from tryon.recording.files import ValueReader, ValueWriter
from tryon.recording.values import Damaged, Unrecordable, decode, encode

assert nodes  # makes "tests" a package with calculators


class Kind(Enum):
    ONE = 1
    TWO = "two"


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    name: str
    items: tuple[Any, ...]

    def __post_init__(self) -> None:
        assert self.name != "checked on making only"


class Memory:
    """Keeps blobs in a list."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []

    def put(self, data: bytes) -> list[int]:
        self.blobs.append(data)
        return [len(self.blobs) - 1]

    def get(self, place: list[int]) -> bytes:
        return self.blobs[place[0]]


def round_trip(value: Any) -> Any:
    memory = Memory()
    return decode(json.loads(json.dumps(encode(value, memory.put))), memory.get)


def same(a: Any, b: Any) -> bool:
    """Equal in type and content, bit for bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        a, b = np.asarray(a), np.asarray(b)
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return repr(a) == repr(b)
    if dataclasses.is_dataclass(a):
        return same(dataclasses.astuple(a), dataclasses.astuple(b))
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    return bool(a == b)


ARRAYS = hnp.arrays(
    st.one_of(
        hnp.boolean_dtypes(),
        hnp.integer_dtypes(),
        hnp.unsigned_integer_dtypes(),
        hnp.floating_dtypes(),
        hnp.complex_number_dtypes(),
        hnp.byte_string_dtypes(),
        hnp.unicode_string_dtypes(),
    ),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(exclude_categories=())),
    st.binary(max_size=100),
    st.fractions(),
    st.sampled_from(Kind),
    st.builds(VideoHeader, st.integers(), st.integers(), st.fractions()),
    st.builds(np.float32, st.floats(width=32)),
    st.builds(np.int16, st.integers(-9, 9)),
    st.builds(Look, effects=st.lists(st.builds(LookEffect, category=st.text(st.characters(codec="utf-8"))))),
    ARRAYS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.one_of(st.text(), st.integers()), inner, max_size=3),
        st.builds(Pair, inner, inner),
        st.builds(Frozen, st.text(), st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(VALUES)
def test_round_trip(value: Any) -> None:
    assert same(round_trip(value), value)
    assert compare(round_trip(value), value) is None


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.uint64, np.float16, ">i4", bool])
@pytest.mark.parametrize("shape", [(480, 640, 3), (100_000, 1), (1, 100_000), (100_000,), (0, 70_000)])
def test_large_arrays_are_exact(dtype: Any, shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, shape).astype(dtype)
    smooth = (np.arange(noise.size).reshape(shape) // 7 % 60_000).astype(dtype)
    for array in (noise, smooth, smooth[::-1], smooth[..., ::-1]):
        assert same(round_trip(array), array)


def test_smooth_frames_shrink() -> None:
    frame = np.dstack([np.add.outer(np.arange(480), np.arange(640)).astype(np.uint8)] * 3)
    memory = Memory()
    encode(frame, memory.put)
    assert sum(map(len, memory.blobs)) < frame.nbytes / 20


def test_arrays_may_be_written_to() -> None:
    assert round_trip(np.zeros(3)).flags.writeable
    assert round_trip(np.zeros((300, 300), np.uint8)).flags.writeable


def test_luts() -> None:
    lut = Color3DLUT.generate(5, lambda r, g, b: (g, b, r))
    for table in (lut, Color3DLUT(2, np.arange(24, dtype=np.float32), target_mode="RGB")):
        again = round_trip(table)
        assert type(again) is Color3DLUT
        assert (again.size, again.channels, again.mode) == (table.size, table.channels, table.mode)
        assert same(again.table, table.table)


def test_messages_keep_unknown_fields_and_extensions() -> None:
    config = CalculatorGraphConfig.FromString(b"\xa2\x06\x03abc")
    assert round_trip(config).SerializeToString() == b"\xa2\x06\x03abc"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (object(), "builtins.object"),
        ([1, {"a": open}], "builtins.builtin_function_or_method"),
        (Path("x"), "pathlib"),
        ({1, 2}, "builtins.set"),
        (1 << 5000, "int of more than 4096 bits"),
        (np.array([None]), "array of object"),
        (np.zeros(2, "i4,f4"), "array of "),
        (np.ma.masked_array([1]), "numpy.ma"),
        (type("Local", (), {})(), "Local"),
    ],
)
def test_refuses(value: Any, what: str) -> None:
    with pytest.raises(Unrecordable, match=what.replace(".", r"\.")):
        encode(value, Memory().put)


@pytest.mark.parametrize(
    "data",
    [
        {"dataclass": "os.system", "fields": {}},
        {"dataclass": "subprocess.Popen", "fields": {"args": "true"}},
        {"enum": "builtins.eval", "name": "x"},
        {"namedtuple": "tests.tryon.nodes.threading", "items": []},
        {"namedtuple": "tests.tryon.recording.test_values.Kind", "items": []},
        {"dataclass": "calculators.video.header.VideoHeader", "fields": {"width": 3}},
        {"dataclass": "calculators.video.header.NoHeader", "fields": {}},
        {"object": "os.system", "parts": "true"},
        {"object": "PIL.ImageFilter.Color3DLUT", "parts": [[99, 9, 9], 3, None, []]},
        {"array": ["|O", [1], "", [8, "", [0]]]},
        {"array": ["<i4", [-1, -2], "", [8, "", [0]]]},
        {"array": ["<i4", [3], "", [8, "", [0]]]},
        {"array": ["nonsense", [2], "", [8, "", [0]]]},
        {"array": []},
        {"bytes": [8, "zlib", [0]]},
        {"bytes": [9, "", [0]]},
        {"message": "no.SuchMessage", "bytes": [8, "", [0]]},
        {"message": "tryon.Look", "bytes": [8, "", [0]]},
        {"fraction": [1, 0]},
        {"pickle": "gASV"},
        {},
    ],
)
def test_reads_nothing_strange(data: Any) -> None:
    with pytest.raises(Damaged):
        decode(data, lambda place: b"\xff" * 8)


def test_a_value_that_contains_itself(tmp_path: Path) -> None:
    endless: list[Any] = []
    endless.append(endless)
    writer = ValueWriter(tmp_path / "x")
    with pytest.raises(Unrecordable, match="contains itself"):
        writer.write({"value": endless})
    writer.write({"value": 1})
    writer.close()
    with ValueReader(tmp_path / "x", complete=True) as reader:
        assert list(reader.records()) == [{"value": 1}]


RECORDS = [{"value": np.arange(5)}, {"value": "text"}, {"n": 3}, {"value": [b"bytes", np.zeros((200, 200))]}]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    writer = ValueWriter(tmp_path / "x")
    for record in RECORDS:
        writer.write(record)
    writer.close()
    return tmp_path / "x"


def read(path: Path, complete: bool) -> list[dict[str, Any]]:
    with ValueReader(path, complete) as reader:
        return list(reader.records())


def test_cut_off_anywhere_it_reads_what_is_there(written: Path) -> None:
    lines, data = written.with_name("x.jsonl"), written.with_name("x.data")
    whole_lines, whole_data = lines.read_bytes(), data.read_bytes()
    counts = set()
    for size in range(len(whole_lines)):
        lines.write_bytes(whole_lines[:size])
        records = read(written, complete=False)
        assert [compare(*pair) for pair in zip(records, RECORDS, strict=False)] == [None] * len(records)
        counts.add(len(records))
    assert counts == {0, 1, 2, 3}
    lines.write_bytes(whole_lines)
    for size in range(len(whole_data)):
        data.write_bytes(whole_data[:size])
        assert len(read(written, complete=False)) == (0 if size < 40 else 3)


def test_every_changed_byte_is_found(written: Path) -> None:
    for name in ("x.jsonl", "x.data"):
        path = written.with_name(name)
        whole = path.read_bytes()
        for index in range(len(whole)):
            path.write_bytes(whole[:index] + bytes([whole[index] ^ 1]) + whole[index + 1 :])
            with pytest.raises(ValueError, match=r"x\.jsonl:\d+: the recording is (damaged|cut off)"):
                read(written, complete=True)
        path.write_bytes(whole)
