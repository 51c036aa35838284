"""The commands of `tryon` that these calculators bring, by name."""

from typing import Final

from calculators.color import lut_commands

COMMANDS: Final = {"lut": lut_commands.app}
