import gc
import os
import subprocess
import sys
import threading
import weakref
from types import ModuleType

import numpy as np
import pytest

from calculators.render.context import INSTALL, gl_context
from calculators.render.gpu_image import GpuImage, Picture
from tryon import GraphError
from tryon.renderer import Device

pytestmark = pytest.mark.gl

NO_DRIVER = {"__EGL_VENDOR_LIBRARY_FILENAMES": "/nowhere"}


def test_there_is_one_context(gl):
    assert gl_context() is gl


def test_textures_are_used_again(gl):
    first, second = (GpuImage(gl, (5, 7), Picture.FRAME) for _ in range(2))
    number = first.texture.glo
    assert second.texture.glo != number
    del first
    assert GpuImage(gl, (5, 7), Picture.FRAME).texture.glo == number


def test_pictures_in_a_cycle_of_garbage_leave_their_textures_whole(gl):
    other = GpuImage(gl, (9, 9), Picture.MASK)
    for level in range(3):
        image = GpuImage(gl, (9, 9), Picture.FRAME)
        image.framebuffer.use()
        image.framebuffer.clear(level / 255, 0, 0, 1)
        other.framebuffer.use()  # moderngl holds the last one
        assert image.pixels()[0, 0, 0] == level
        cycle = [image]
        cycle.append(cycle)
        del image, cycle
        gc.collect()
        gl.context.gc()
    assert gl.context.error == "GL_NO_ERROR"


def test_textures_of_another_size_are_freed(gl):
    image = GpuImage(gl, (5, 8), Picture.FRAME)
    texture = weakref.ref(image.texture)
    del image
    assert texture()
    GpuImage(gl, (6, 8), Picture.FRAME)
    assert texture() is None


def test_any_thread_may_let_go_and_draw(gl):
    pictures = [GpuImage(gl, (3, 3), Picture.MASK)]

    def let_go() -> None:
        pictures.clear()

    thread = threading.Thread(target=let_go)
    thread.start()
    thread.join()
    assert GpuImage(gl, (3, 3), Picture.MASK).pixels().shape == (3, 3)


def test_threads_wait_for_each_other(left_gl):
    seen = []

    def draw(level: int) -> None:
        for _ in range(20):
            with left_gl:
                image = GpuImage(left_gl, (4, 4), Picture.FRAME)
                image.framebuffer.clear(level / 255, 0, 0, 1)
                seen.append((level, int(image.pixels()[0, 0, 0])))

    threads = [threading.Thread(target=draw, args=(level,)) for level in (10, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 40
    assert all(level == found for level, found in seen)


def test_a_picture_may_be_too_large(gl):
    with pytest.raises(GraphError, match=r"A picture of \d+ x 1 pixels is too large for .*--renderer cpu"):
        GpuImage(gl, (gl.largest + 1, 1), Picture.MASK)


def test_without_a_driver_the_message_says_what_to_install():
    code = "from calculators.render.context import gl_context; gl_context()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | NO_DRIVER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    message = done.stderr.splitlines()[-1]
    assert "GraphError: Nothing can be drawn on the GPU: " in message
    assert INSTALL in message


@pytest.mark.parametrize(("name", "crashes"), [("llvmpipe (LLVM 15.0.6)", True), ("NVIDIA", False)])
def test_two_llvms_in_a_process(gl, monkeypatch, name, crashes):
    monkeypatch.setitem(sys.modules, "tensorflow", ModuleType("tensorflow"))
    monkeypatch.setattr(gl, "device", Device(name, False))
    if crashes:
        with pytest.raises(GraphError, match="would crash, as TensorFlow is loaded in this process"):
            gl_context()
    else:
        assert gl_context() is gl


def test_maps_and_tables_are_written_into_the_texture_that_fits(gl):
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    texture = gl.map(values)
    corners = np.frombuffer(texture.read(), np.float32).reshape(3, 4, 4)
    assert corners[:, 1].tolist() == [[0, 1, 0, 1], [0, 1, 3, 4], [3, 4, 3, 4]]
    assert corners[1, 3].tolist() == [2, 2, 5, 5]
    assert gl.map(values + 1, texture) is texture
    assert np.frombuffer(texture.read(), np.float32).max() == 6
    assert gl.map(values.T, texture).size == (3, 4)
    table = gl.table(np.zeros((2, 2, 2, 3), np.float32))
    assert gl.table(np.ones((2, 2, 2, 3), np.float32), table) is table
    assert gl.table(np.ones((3, 3, 3, 3), np.float32), table).size == (3, 3, 3)


def test_other_threads_run_while_one_waits_for_the_gpu(gl):
    """Nothing but the wait gives Python's lock away here, so only during it the other thread can go on."""
    held, ran = threading.Lock(), threading.Event()

    def go_on() -> None:
        with held:
            ran.set()

    image = GpuImage(gl, (1000, 1000), Picture.FRAME)
    thread = threading.Thread(target=go_on)
    held.acquire()
    thread.start()
    switch_interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    held.release()
    for _ in range(1000):
        image.framebuffer.clear()
        gl.finish()
        if ran.is_set():
            break
    went_on = ran.is_set()
    sys.setswitchinterval(switch_interval)
    thread.join()
    assert went_on
