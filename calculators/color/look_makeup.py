"""Looks for faces: the products of make-up and their fields."""

from dataclasses import dataclass
from typing import Final

from calculators.color.look_checks import (
    Part,
    check_percent,
    check_range,
    check_word,
    refuse_fields,
)
from calculators.color.look_pb2 import LookEffect, LookPalette

FOUNDATION: Final = "foundation"
CONTOUR: Final = "contour"
BLUSH: Final = "blush"
HIGHLIGHTER: Final = "highlighter"
BROWS: Final = "brows"
EYESHADOW: Final = "eyeshadow"
EYELINER: Final = "eyeliner"
MASCARA: Final = "mascara"
LIPSTICK: Final = "lipstick"
LIP_LINER: Final = "lip_liner"

WINGED: Final = ("winged", "cat_eye")
# The categories whose palettes have a shine, as messages name them.
SHINY: Final = f'hair_color" or "nail_polish" or "{LIPSTICK}'


@dataclass(frozen=True)
class Product:
    """A product of make-up.

    Attributes:
        patterns: how it can be applied, the default first.
        textures: its finishes, the default first.
        fields: of an effect and its palettes that not every category has.
        areas: where it can go, if that can be chosen.
        shiny: the finishes that take `shine`.
        grained: the finishes that take `flake`.
        most_palettes: see `Part`.
    """

    patterns: tuple[str, ...] = ("full",)
    textures: tuple[str, ...] = ("matte",)
    fields: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    shiny: tuple[str, ...] = ()
    grained: tuple[str, ...] = ()
    most_palettes: int = 1


PRODUCTS: Final = {
    FOUNDATION: Product(textures=("natural", "matte", "dewy"), fields=("skin",)),
    CONTOUR: Product(fields=("areas",), areas=("cheeks", "jaw", "nose", "forehead")),
    BLUSH: Product(
        patterns=("apples", "lifted", "sunkissed"),
        textures=("matte", "satin", "shimmer"),
        fields=("flake",),
        grained=("shimmer",),
    ),
    HIGHLIGHTER: Product(
        textures=("satin", "shimmer"),
        fields=("areas", "flake"),
        areas=("cheekbones", "nose", "brow_bones", "inner_corners", "cupids_bow", "chin"),
        grained=("shimmer",),
    ),
    BROWS: Product(patterns=("natural", "powder", "defined")),
    EYESHADOW: Product(
        patterns=("full", "smoky", "halo"),
        textures=("matte", "satin", "shimmer", "metallic"),
        fields=("flake",),
        grained=("shimmer", "metallic"),
        most_palettes=5,
    ),
    EYELINER: Product(patterns=("classic", "thin", *WINGED, "smudged", "encircled"), fields=("line",)),
    MASCARA: Product(fields=("lashes",)),
    LIPSTICK: Product(
        patterns=("full", "ombre", "two_tone"),
        textures=("satin", "matte", "gloss", "sheer", "metallic", "shimmer"),
        fields=("flake",),
        shiny=("satin", "gloss", "sheer", "metallic", "shimmer"),
        grained=("metallic", "shimmer"),
    ),
    LIP_LINER: Product(fields=("line",)),
}
MAKEUP_PARTS: Final = {
    name: Part(("", *product.patterns), product.fields, product.most_palettes)
    for name, product in PRODUCTS.items()
}


def check_makeup(effect: LookEffect, path: str) -> None:
    """Checks what is particular to a product of make-up.

    Raises:
        ValueError: something is wrong; the text begins with its path.
    """
    product = PRODUCTS[effect.category]
    for i, area in enumerate(effect.areas):
        check_word(area, product.areas, f"{path}.areas[{i}]")
    for name in ("line", "lashes", "skin"):
        check_percent(getattr(effect, name), f"{path}.{name}")
    pattern = pattern_of(effect)
    if pattern not in WINGED:
        refuse_fields(effect.line, f"{path}.line", ("wing",), "pattern", '" or "'.join(WINGED), pattern)
    for i, palette in enumerate(effect.palettes):
        _check_palette(palette, effect.category, f"{path}.palettes[{i}]")


def _check_palette(palette: LookPalette, category: str, path: str) -> None:
    product = PRODUCTS[category]
    check_word(palette.texture, ("", *product.textures), f"{path}.texture")
    texture = texture_of(category, palette)
    if not product.shiny:
        refuse_fields(palette, path, ("shine",), "category", SHINY, category)
    elif texture not in product.shiny:
        refuse_fields(palette, path, ("shine",), "texture", '" or "'.join(product.shiny), texture)
    if texture not in product.grained:
        refuse_fields(palette, path, ("flake",), "texture", '" or "'.join(product.grained), texture)
    check_range(palette, "flake", 100, path)


def texture_of(category: str, palette: LookPalette) -> str:
    """The finish of a palette, the product's default where the look leaves it out."""
    return palette.texture or PRODUCTS[category].textures[0]


def pattern_of(effect: LookEffect) -> str:
    """How a product is applied, its default where the look leaves it out."""
    return effect.pattern or PRODUCTS[effect.category].patterns[0]
