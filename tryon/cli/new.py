"""`tryon new`: begins a calculator or an effect."""

from pathlib import Path
from typing import Annotated

import typer

from tryon.cli.common import CalculatorsOption, VerboseOption, command

OutputOption = Annotated[Path, typer.Option("--output", metavar="DIR", help="The folder to write to.")]

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich")


@app.command(
    epilog="[bold]Examples[/bold]\n\ntryon new calculator Sparkle\n\n"
    "tryon new calculator lip_gloss --output my_nodes"
)
def calculator(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Like LipGloss or lip_gloss.")],
    output: OutputOption = Path(),
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write a calculator with contract, docstring, options and a test that passes."""
    with command(verbose, calculators):
        from tryon.cli.new_files import calculator_name, new_calculator

        files = new_calculator(name, output)
        _say(files)
        module, proto, _, test = files
        typer.echo(f"test it:     pytest {test}")
        typer.echo(f"look at it:  tryon inspect {calculator_name(name)} --calculators {module}")
        typer.echo(f"use it:      tryon run GRAPH --calculators {module}")
        typer.echo(f"after a change of the options:  python -m tryon.proto.generate {proto}")


@app.command(
    epilog="[bold]Examples[/bold]\n\ntryon new effect Glow\n\n"
    "tryon new effect autumn_hair --output my_effects"
)
def effect(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Like AutumnHair or autumn_hair.")],
    output: OutputOption = Path(),
    calculators: CalculatorsOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Write an effect: a graph, a look for it and a test that passes."""
    with command(verbose, calculators):
        from tryon.cli.new_files import new_effect

        files = new_effect(name, output)
        _say(files)
        graph, look, test = files
        typer.echo(f"test it:     pytest {test}")
        typer.echo(f"look at it:  tryon draw {graph} --output {graph.with_suffix('.svg')}")
        typer.echo(f"use it:      tryon run {graph} --input in.mp4 --output out.mp4 --look {look}")


def _say(files: list[Path]) -> None:
    for path in files:
        typer.echo(f"wrote {path}")
