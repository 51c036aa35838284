"""Losing the context: it is destroyed, which is what a reset of the GPU comes to."""

from itertools import count

import pytest

from calculators.render.egl import EglContext


def lose_context(patch: pytest.MonkeyPatch, after: int = 0) -> None:
    """Destroys the context when it is entered the next time, or after so many times more."""
    enter, entries = EglContext.enter, count()

    def entered(egl: EglContext) -> bool:
        if next(entries) == after:
            egl.destroy()
        return enter(egl)

    patch.setattr(EglContext, "enter", entered)
