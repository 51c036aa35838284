"""Looks: reading and checking their JSON files."""

import json
import math
from pathlib import Path
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from PIL.ImageFilter import Color3DLUT

from calculators.color.cube import read_cube
from calculators.color.look_checks import (
    Part,
    check_layout,
    check_percent,
    check_range,
    check_word,
    effects_of,
)
from calculators.color.look_makeup import MAKEUP_PARTS, check_makeup
from calculators.color.look_nails import NAILS, NAILS_PART, check_nails
from calculators.color.look_pb2 import Look, LookEffect, LookPalette
from calculators.color.lut import LutPair
from calculators.color.shade import Shade, shade_pair
from tryon import GraphError
from tryon.registry import nearest_name

HAIR: Final = "hair_color"
PARTS: Final = {
    HAIR: Part(
        patterns=("", "full", "ombre", "highlights"),
        fields=("highlights", "root", "luts"),
    ),
    NAILS: NAILS_PART,
    **MAKEUP_PARTS,
}


def load_look(path: Path) -> Look:
    """Reads and checks a look file; paths of LUTs in the result do not depend on the working folder.

    Raises:
        GraphError: the file is missing, is no JSON, or is no valid look; the message names the file and
            the place in it, like `effects[0].palettes[0].color`.
    """
    try:
        data = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise GraphError(f'Cannot read the look "{path}": {error}.') from error
    try:
        check_fields(data, Look.DESCRIPTOR, "")
        look = json_format.ParseDict(data, Look())
        check_values(look)
    except (ValueError, json_format.ParseError) as error:
        raise GraphError(f'The look "{path}" is not valid: {error}') from error
    for effect in look.effects:
        for palette in effect.palettes:
            if palette.HasField("luts"):
                palette.luts.light = str((path.parent / palette.luts.light).resolve())
                palette.luts.dark = str((path.parent / palette.luts.dark).resolve())
    return look


def check_fields(data: Any, message: Descriptor, path: str) -> None:
    """Checks the names and types of the fields in the JSON of a message.

    Raises:
        ValueError: one is wrong; the text begins with its path.
    """
    if not isinstance(data, dict):
        raise ValueError(f"{path or 'the file'} is {json.dumps(data)}; it needs {{ }} with fields.")
    fields = {field.name: field for field in message.fields}
    for name, value in data.items():
        here = f"{path}.{name}".lstrip(".")
        if name not in fields:
            meant = nearest_name(name, list(fields))
            hint = f'did you mean "{meant}"?' if meant else f"known are {', '.join(fields)}."
            raise ValueError(f"{here} is not known; {hint}")
        if isinstance(fields[name].default_value, list):
            if not isinstance(value, list):
                raise ValueError(f"{here} is {json.dumps(value)}; it needs a list, [ ].")
            for index, item in enumerate(value):
                _check_field(item, fields[name], f"{here}[{index}]")
        else:
            _check_field(value, fields[name], here)


def _check_field(value: Any, field: FieldDescriptor, path: str) -> None:
    if field.message_type is not None:
        check_fields(value, field.message_type, path)
    elif field.type == FieldDescriptor.TYPE_STRING and not isinstance(value, str):
        raise ValueError(f"{path} is {json.dumps(value)}; it needs a text in quotes.")
    elif field.type == FieldDescriptor.TYPE_FLOAT and not (
        type(value) in (int, float) and math.isfinite(value)
    ):
        raise ValueError(f"{path} is {json.dumps(value)}; it needs a number.")


def check_values(look: Look) -> None:
    """Checks the values of a look.

    Raises:
        ValueError: one is wrong; the text begins with its path.
    """
    if not look.effects:
        raise ValueError("effects is empty; a look has one effect or more.")
    for i, effect in enumerate(look.effects):
        path = f"effects[{i}]"
        check_word(effect.category, tuple(PARTS), f"{path}.category")
        check_layout(effect, path, PARTS)
        if effect.category == NAILS:
            check_nails(effect, path)
        elif effect.category in MAKEUP_PARTS:
            check_makeup(effect, path)
        else:
            _check_hair(effect, path)


def _check_hair(effect: LookEffect, path: str) -> None:
    check_percent(effect.root, f"{path}.root")
    for i, palette in enumerate(effect.palettes):
        here = f"{path}.palettes[{i}]"
        check_word(palette.texture, ("", "natural"), f"{here}.texture")
        if palette.HasField("luts"):
            for name in ("light", "dark"):
                if not getattr(palette.luts, name):
                    raise ValueError(f"{here}.luts.{name} is missing; it names a .cube file.")
                check_range(palette.luts, f"{name}_intensity", 1, f"{here}.luts")


def hair_effect(look: Look) -> LookEffect | None:
    """What a look does to hair; None where it leaves it alone."""
    return next(iter(effects_of(look, HAIR)), None)


def hair_luts(palette: LookPalette) -> LutPair:
    """The tables of a hair palette: its .cube files, or computed from its colour (in about half a second).

    Raises:
        GraphError: a file cannot be read, or nothing says what intensity it was made for.
    """
    if not palette.HasField("luts"):
        return shade_pair(Shade(palette.color))
    luts = palette.luts
    given = luts.light_intensity if luts.HasField("light_intensity") else None
    light, light_intensity = _read_reference(luts.light, given, "light_intensity")
    given = luts.dark_intensity if luts.HasField("dark_intensity") else None
    dark, dark_intensity = _read_reference(luts.dark, given, "dark_intensity")
    try:
        return LutPair(light, dark, light_intensity, dark_intensity)
    except ValueError as error:
        raise GraphError(f'"{luts.light}" and "{luts.dark}" do not go together: {error}') from error


def _read_reference(path: str, given: float | None, field: str) -> tuple[Color3DLUT, float]:
    lut, noted = read_cube(Path(path))
    intensity = noted if given is None else given
    if intensity is None:
        raise GraphError(
            f'Nothing says how bright the hair is that "{path}" was made for: give luts.{field} in the '
            'look, or a line "# intensity 0.5" in the file.'
        )
    return lut, intensity
