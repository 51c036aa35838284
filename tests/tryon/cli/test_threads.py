"""Who computes in threads of their own."""

import cv2

from tryon.cli.threads import leave_threads_to_nodes


def test_opencv_takes_the_thread_of_its_caller():
    before = cv2.getNumThreads()
    try:
        leave_threads_to_nodes()
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(before)
