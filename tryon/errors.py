"""The errors that users of tryon see."""


class GraphError(RuntimeError, ValueError):
    """A graph could not be read, validated or run.

    MediaPipe's Python bindings raise RuntimeError or ValueError, depending on a status code in C++;
    this is both, so that code written for either carries over. The message names every problem
    found, each with the file, line, node, stream or timestamp it belongs to.
    """
