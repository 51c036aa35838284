"""Commands that installed packages bring, like `tryon lut`.

A package announced in the group `tryon.calculators` may have a module `commands`. Its `COMMANDS` names what
to add: {"lut": an app}, each a typer.Typer. It is imported at every start: what a command needs beyond typer
is imported when it runs.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec

import typer

from tryon.registry import ENTRY_POINTS

MODULE = "commands"


def package_commands() -> dict[str, typer.Typer]:
    """The commands of all installed packages, by name.

    A package whose module cannot be imported takes only its own commands away; a warning tells.
    """
    found: dict[str, typer.Typer] = {}
    for point in entry_points(group=ENTRY_POINTS):
        try:
            found.update(_commands(f"{point.value}.{MODULE}"))
        except Exception as error:  # noqa: BLE001 - somebody else's module may raise anything
            what = f"{type(error).__name__}: {error}"
            typer.secho(f"warning: no commands of {point.value} ({what})", fg=typer.colors.YELLOW, err=True)
    return found


def _commands(module: str) -> Mapping[str, typer.Typer]:
    if find_spec(module) is None:
        return {}
    commands: Mapping[str, typer.Typer] = import_module(module).COMMANDS
    return commands
