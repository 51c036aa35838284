"""Threads of a process that works on frames."""

import cv2


def leave_threads_to_nodes() -> None:
    """Lets OpenCV compute in the thread that calls it.

    Nodes run side by side already. OpenCV's own threads would wait for each other, spinning, in every call:
    with all products of make-up on two cores that is 40 % of the processor time. It changes the whole
    process, so the command line does it, never the library.
    """
    cv2.setNumThreads(1)
