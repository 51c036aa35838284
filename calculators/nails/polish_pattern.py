"""Where on a nail a look's second colour goes."""

from typing import Final

import numpy as np

from calculators.color.flakes import FloatArray
from calculators.color.look_pb2 import LookEffect
from calculators.color.look_values import percent
from calculators.nails.polish_finish import smooth_step

# What holds where the look leaves a field out, in percent.
POSITION, SOFTNESS = 55.0, 50.0
TIP_WIDTH, TIP_CURVE = 22.0, 50.0
# How much further the tip's colour reaches at the sides, in lengths of the nail, where the curve is 100.
DEEPEST: Final = 0.3
# The length of a transition that is a line.
LINE: Final = 0.02


def second_share(effect: LookEffect, across: FloatArray, along: FloatArray) -> FloatArray:
    """How much of an effect's second palette lies where on a nail, [rows, columns], in [0, 1].

    Args:
        effect: for nails.
        across: [columns], -1 at the left of a nail that points up, 1 at its right.
        along: [rows, 1], 0 at the base, 1 at the tip.
    """
    width = percent(effect.french, "width", TIP_WIDTH)
    if effect.pattern == "ombre":
        border = np.full_like(across, percent(effect.ombre, "position", POSITION))
        softness = max(percent(effect.ombre, "softness", SOFTNESS), LINE)
    elif effect.pattern == "french" and width:
        border = 1 - width - DEEPEST * percent(effect.french, "curve", TIP_CURVE) * across**2
        softness = LINE
    else:
        return np.zeros((len(along), len(across)), np.float32)
    return smooth_step(np.clip((along - border) / softness + 0.5, 0, 1))
