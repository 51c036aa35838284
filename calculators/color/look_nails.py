"""Looks for nails: their fields, and which polish a finger gets."""

from typing import Final

from calculators.color.look_checks import (
    Part,
    check_color,
    check_range,
    check_word,
    effects_of,
    refuse_fields,
)
from calculators.color.look_pb2 import Look, LookEffect, LookPalette

NAILS: Final = "nail_polish"
_NAMES: Final = ("thumb", "index", "middle", "ring", "little")
# What the list `fingers` of an effect may hold.
FINGERS: Final = (*_NAMES, *(f"{hand}_{name}" for hand in ("left", "right") for name in _NAMES))
CREAM: Final = "cream"
FINISHES: Final = (CREAM, "matte", "gloss", "metallic", "pearl", "sheer", "glitter", "chrome")
# The fields of a palette that only some finishes have.
FINISH_FIELDS: Final = {
    "shine": tuple(finish for finish in FINISHES if finish not in ("matte", "chrome")),
    "flake": ("metallic", "pearl"),
    "pearl_color": ("pearl",),
    "glitter_color": ("glitter",),
    "glitter_density": ("glitter",),
    "glitter_size": ("glitter",),
}
NAILS_PART: Final = Part(
    patterns=("", "full", "ombre", "french"),
    fields=("fingers", "french", *(name for name in FINISH_FIELDS if name != "shine")),
)


def check_nails(effect: LookEffect, path: str) -> None:
    """Checks what is particular to nails.

    Raises:
        ValueError: something is wrong; the text begins with its path.
    """
    for i, finger in enumerate(effect.fingers):
        check_word(finger, FINGERS, f"{path}.fingers[{i}]")
    for i, palette in enumerate(effect.palettes):
        _check_palette(palette, f"{path}.palettes[{i}]")


def _check_palette(palette: LookPalette, path: str) -> None:
    check_word(palette.texture, ("", *FINISHES), f"{path}.texture")
    finish = palette.texture or CREAM
    for name, finishes in FINISH_FIELDS.items():
        if finish not in finishes:
            refuse_fields(palette, path, (name,), "texture", '" or "'.join(finishes), finish)
    for name in ("flake", "glitter_density", "glitter_size"):
        check_range(palette, name, 100, path)
    for name in ("pearl_color", "glitter_color"):
        if getattr(palette, name):
            check_color(getattr(palette, name), f"{path}.{name}")


def nail_effects(look: Look) -> list[LookEffect]:
    """What a look does to nails, in its order; empty where it leaves them alone."""
    return effects_of(look, NAILS)


def effect_index(effects: list[LookEffect], finger: str | None) -> int | None:
    """Which effect paints a finger: the last that names it, or names none; None where no effect does.

    Args:
        effects: those for nails.
        finger: like "left_ring"; None where it is not known: effects that name fingers do not paint it.
    """
    names = {finger, finger.partition("_")[2]} if finger else set()
    found = [i for i, effect in enumerate(effects) if not effect.fingers or names & set(effect.fingers)]
    return found[-1] if found else None
