"""What the checks of a look's values have in common, whichever part of a person it paints."""

from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from calculators.color.look_pb2 import Look, LookEffect
from calculators.color.oklab import parse_color
from tryon.registry import nearest_name

# The patterns with two palettes; some have a message of their name.
TWO_COLORS: Final = ("ombre", "highlights", "french", "two_tone", "halo")


@dataclass(frozen=True)
class Part:
    """A part of a person that looks paint, a category.

    Attributes:
        patterns: how its palettes can be laid out; "" is the default where the look leaves the field out.
        fields: those of an effect and its palettes that only some parts have.
        most_palettes: that a pattern may have which is not one of two palettes.
    """

    patterns: tuple[str, ...]
    fields: tuple[str, ...]
    most_palettes: int = 1


def effects_of(look: Look, category: str) -> list[LookEffect]:
    """What a look does to a part of a person, in its order; empty where it leaves that alone."""
    return [effect for effect in look.effects if effect.category == category]


def check_layout(effect: LookEffect, path: str, parts: dict[str, Part]) -> None:
    """Checks an effect's pattern and what is the same in palettes of all parts.

    Args:
        effect: of a known category.
        path: its place in the look.
        parts: all there are, by category.

    Raises:
        ValueError: something is wrong; the text begins with its path.
    """
    part = parts[effect.category]
    check_word(effect.pattern, part.patterns, f"{path}.pattern")
    pattern = effect.pattern or part.patterns[1]
    least, most = (2, 2) if pattern in TWO_COLORS else (1, part.most_palettes)
    if not least <= len(effect.palettes) <= most:
        wanted = f"{most}" if least == most else f"{least} to {most}"
        raise ValueError(
            f'{path}.palettes has {len(effect.palettes)} entries; the pattern "{pattern}" needs {wanted}.'
        )
    places: list[tuple[str, Message]] = [(path, effect)]
    places += [(f"{path}.palettes[{i}]", palette) for i, palette in enumerate(effect.palettes)]
    owners: dict[str, list[str]] = {}
    for category, other in parts.items():
        for field in other.fields:
            owners.setdefault(field, []).append(category)
    for field, categories in owners.items():
        if effect.category not in categories:
            for here, message in places:
                refuse_fields(message, here, (field,), "category", '" or "'.join(categories), effect.category)
    for name in ("ombre", "highlights", "french"):
        if pattern != name:
            refuse_fields(effect, path, (name,), "pattern", name, pattern)
        check_percent(getattr(effect, name), f"{path}.{name}")
    for i, palette in enumerate(effect.palettes):
        here = f"{path}.palettes[{i}]"
        check_color(palette.color, f"{here}.color")
        check_range(palette, "color_intensity", 100, here)
        check_range(palette, "shine", 100, here, smallest=-100)


def refuse_fields(
    message: Message, path: str, fields: tuple[str, ...], kind: str, owner: str, actual: str
) -> None:
    """Checks that a message has none of the fields that go with another pattern, finish or category.

    Raises:
        ValueError: it has one; the text begins with its path.
    """
    for field, _ in message.ListFields():
        if field.name in fields:
            raise ValueError(f'{path}.{field.name} goes with the {kind} "{owner}"; this one is "{actual}".')


def check_word(word: str, known: tuple[str, ...], path: str) -> None:
    """Checks that a word is a known one.

    Raises:
        ValueError: it is not; the text begins with its path.
    """
    if word not in known:
        meant = nearest_name(word, list(known))
        names = ", ".join(f'"{name}"' for name in known if name)
        hint = f'did you mean "{meant}"?' if meant else f"known are {names}."
        raise ValueError(f'{path} is "{word}"; {hint}')


def check_percent(message: Message, path: str) -> None:
    """Checks that all fields of a message of numbers are from 0 to 100.

    Raises:
        ValueError: one is not; the text begins with its path.
    """
    for field in message.DESCRIPTOR.fields:
        check_range(message, field.name, 100, path)


def check_range(message: Any, name: str, largest: float, path: str, smallest: float = 0) -> None:
    """Checks a number.

    Raises:
        ValueError: it is too large or too small; the text begins with its path.
    """
    value = getattr(message, name)
    if not smallest <= value <= largest:
        raise ValueError(f"{path}.{name} is {value:g}; it must be from {smallest:g} to {largest:g}.")


def check_color(text: str, path: str) -> None:
    """Checks a colour.

    Raises:
        ValueError: it is none; the text begins with its path.
    """
    try:
        parse_color(text)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
