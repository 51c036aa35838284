"""The errors and warnings that users of tryon see."""


class GraphError(RuntimeError, ValueError):
    """A graph could not be read, validated or run.

    MediaPipe's Python bindings raise RuntimeError or ValueError, depending on a status code in C++;
    this is both, so that code written for either carries over. The message names every problem
    found, each with the file, line, node, stream or timestamp it belongs to.
    """


class GraphWarning(UserWarning):
    """Something in a graph has no effect, as in MediaPipe, and is probably a mistake.

    Shown once, with the graph's file and line; `warnings.simplefilter("error", GraphWarning)` makes
    it an error.
    """
