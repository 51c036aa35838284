"""Event files for TensorBoard: `tensorboard --logdir runs`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from training.plot import NOT_SCORES


class Events:
    """One event file with the figures of every epoch, made anew at each start.

    A run that was killed has neither a gap nor an epoch twice. Without the package `tensorboard` (it comes
    with TensorFlow, but the JAX backend does without) nothing is written.
    """

    def __init__(self, folder: Path, history: Iterable[dict[str, float]]) -> None:
        for old in folder.glob("events.out.tfevents.*"):
            old.unlink()
        try:
            from tensorboard.summary import Writer
        except ImportError:
            self._writer = None
            return
        self._writer = Writer(str(folder))
        for row in history:
            self.add(row)

    def add(self, row: dict[str, float]) -> None:
        """Write an epoch's figures."""
        if self._writer is None:
            return
        for key, value in row.items():
            tag = key if key in NOT_SCORES else f"validation/{key}"
            self._writer.add_scalar(tag, value, int(row["epoch"]))
        self._writer.flush()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
