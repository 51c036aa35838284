"""Values of looks as effects reckon with them."""

from typing import Any


def percent(message: Any, field: str, default: float) -> float:
    """A field of a look as a part of 1."""
    return float(getattr(message, field) if message.HasField(field) else default) / 100
