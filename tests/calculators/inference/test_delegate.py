import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from calculators.inference.delegate import on_external, on_gpu, on_gpu_or_cpu, open_library
from calculators.inference.model import Model, fallen_back, load
from tests.calculators.inference.tiny import ADD, CUSTOM, SUB, tiny_model
from tests.gpu import need_gpu
from tryon import GraphError

MODELS = Path(__file__).resolve().parents[3] / "models"
GOOD = tiny_model([1, 2], [ADD, SUB, ADD])
PAIR = [np.array([[1, 2]], np.float32), np.array([[10, 20]], np.float32)]

# The struct is TFLite's interface (core/c/common.h); this delegate takes no operator.
SOURCE = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
typedef struct Delegate {
  void* data;
  int (*prepare)(void* context, struct Delegate* delegate);
  void *from_buffer, *to_buffer, *free_buffer;
  int64_t flags;
  void* builder;
} Delegate;
static int prepare(void* context, Delegate* delegate) { return 0; }
Delegate* tflite_plugin_create_delegate(char** keys, char** values, size_t n, void (*report)(const char*)) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(keys[i], "level")) { report("no such option"); return NULL; }
  Delegate* delegate = calloc(1, sizeof(Delegate));
  delegate->prepare = prepare;
  return delegate;
}
void tflite_plugin_destroy_delegate(Delegate* delegate) { free(delegate); }
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler, cc, for a delegate library")
    folder = tmp_path_factory.mktemp("library")
    (folder / "delegate.c").write_text(SOURCE)
    path = folder / "libidle_delegate.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", path, folder / "delegate.c"], check=True)
    return path


def test_external(library):
    model, note = on_external(GOOD, library, {"level": "3"}, threads=1)
    assert [tensor.tolist() for tensor in model(PAIR)] == [[[11, 22]], [[-9, -18]], [[11, 22]]]
    assert note == f'computes on "{library}"; on the CPU: ADD (2), SUB (1).'


def test_external_refuses_options(library):
    with pytest.raises(GraphError, match=r'library ".*idle_delegate.so" makes no delegate: .*no such option'):
        open_library(library, {"colour": "red"})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.so", r'The delegate library ".*missing\.so" cannot be loaded: .*No such file'),
        ("text.so", r'The delegate library ".*text\.so" cannot be loaded: .*text\.so'),
    ],
)
def test_no_library(tmp_path, name, message):
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(GraphError, match=message):
        open_library(tmp_path / name, {})


def test_library_without_entry_points():
    mathematics = ctypes.util.find_library("m")
    message = (
        "is no TFLite delegate: it has no function tflite_plugin_create_delegate or tflite_plugin_destroy"
    )
    with pytest.raises(GraphError, match=message):
        open_library(Path(mathematics), {})


def test_fallen_back():
    """XNNPACK, applied as the interpreter allocates its tensors, takes all of a model of ours."""
    interpreter = load((MODELS / "hair_256.tflite").read_bytes(), "hair")
    assert len(fallen_back(interpreter)) > 100
    interpreter.allocate_tensors()
    assert [name for name in fallen_back(interpreter) if name != "DEQUANTIZE"] == []


def test_gpu():
    need_gpu()
    model, note = on_gpu(GOOD, allow_precision_loss=False)
    assert model(PAIR)[0].tolist() == [[11, 22]]
    assert note == "computes on the GPU, in float32."
    model.close()
    model, note = on_gpu_or_cpu(GOOD, allow_precision_loss=True, threads=1)
    assert note == "computes on the GPU, in float16 where it can."
    model.close()


def test_no_gpu():
    """In a process of its own: a driver that was found once is kept."""
    code = f"""
from calculators.inference.delegate import on_gpu, on_gpu_or_cpu
from tryon import GraphError
print(on_gpu_or_cpu({GOOD!r}, True, 1).note)
try:
    on_gpu({GOOD!r}, True)
except GraphError as error:
    print(error)
"""
    environment = os.environ | {"VK_ICD_FILENAMES": "/no/driver.json", "VK_DRIVER_FILES": "/no/driver.json"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    note, error = run.stdout.splitlines()
    assert error.startswith("The model: there is no GPU with a Vulkan driver")
    assert note == f"computes on the CPU. {error}"


def test_cpu_where_the_gpu_refuses():
    need_gpu()
    model, note = on_gpu_or_cpu(tiny_model([1, 1, 1, 1, 2], [ADD]), allow_precision_loss=True, threads=1)
    assert isinstance(model, Model)
    assert note.startswith("computes on the CPU. The model: the GPU does not take ADD: ")


def test_neither():
    need_gpu()
    with pytest.raises(
        GraphError, match="The model cannot be run: Encountered unresolved custom op: UnheardOf"
    ):
        on_gpu_or_cpu(tiny_model([1, 2], [CUSTOM]), allow_precision_loss=True, threads=1)
