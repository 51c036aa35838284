"""A GPU for tests: the one that SwiftShader plays on the CPU, where Debian's chromium-common is installed, or
else the machine's own."""

import ctypes
import os
from functools import cache
from pathlib import Path

from calculators.inference.gpu_model import GpuModel
from tests.calculators.inference.tiny import ADD, tiny_model
from tests.needed import missing
from tryon import GraphError

CHROMIUM = Path("/usr/lib/chromium")
DRIVER = CHROMIUM / "vk_swiftshader_icd.json"


def need_gpu() -> None:
    """Skips a test where no GPU is to be had; fails it where the environment says that there must be one."""
    problem = _problem()
    if problem:
        missing(f"{problem} For SwiftShader's: apt-get install chromium-common")


@cache
def _problem() -> str:
    if DRIVER.exists():
        os.environ["VK_ICD_FILENAMES"] = str(DRIVER)
        ctypes.CDLL(str(CHROMIUM / "libvulkan.so.1"))  # found by its name from now on
    try:
        GpuModel(tiny_model([1, 2], [ADD])).close()
    except GraphError as error:
        return str(error)
    return ""
