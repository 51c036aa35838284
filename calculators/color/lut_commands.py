"""`tryon lut`: prepares the colour tables of shades, and shows looks side by side.

What a command needs is imported when it runs, so that `tryon --help` answers at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from tryon.cli.common import VerboseOption, command

OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR/NAME", help="Write the tables: DIR/NAME_light.cube and DIR/NAME_dark.cube."
    ),
]
LookOption = Annotated[
    Path | None, typer.Option("--look", metavar="FILE", help="Write a look (.json) that uses the tables.")
]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Prepare the colour tables of hair shades; show looks side by side.",
)


@app.command(
    epilog="[bold]Examples[/bold]\n\ntryon lut prepare --light blond.jpg --dark brunette.jpg\n\n"
    'tryon lut prepare --light blond.jpg --dark brunette.jpg --color "#B3552B" --out luts/copper '
    "--look copper.json"
)
def prepare(
    light: Annotated[Path, typer.Option("--light", metavar="PICTURE", help="Somebody with light hair.")],
    dark: Annotated[Path, typer.Option("--dark", metavar="PICTURE", help="Somebody with dark hair.")],
    color: Annotated[
        str | None,
        typer.Option("--color", metavar="#RRGGBB", help="Make tables that give such hair this colour."),
    ] = None,
    out: OutOption = None,
    look: LookOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Measure how bright the hair in two reference pictures is; make a shade's tables for such hair.

    Hair as bright as a reference gets that reference's table, hair in between a mixture.
    """
    with command(verbose):
        from calculators.color.lut_preparation import color_tables, measure, write_shade
        from tryon.errors import GraphError

        if (color is None) != (out is None):
            raise GraphError("--color and --out go together: a colour to make tables of, and where to write.")
        if look and not out:
            raise GraphError("--look needs --color and --out: the look refers to the tables written there.")
        light_intensity, dark_intensity = measure(str(light), str(dark), typer.echo)
        if color and out:
            tables = color_tables(color, light_intensity, dark_intensity)
            _say(write_shade(tables, out, look))


@app.command(
    "import",
    epilog="[bold]Examples[/bold]\n\n"
    "tryon lut import light.cube dark.cube --light blond.jpg --dark brunette.jpg --out luts/autumn\n\n"
    "tryon lut import film.cube --light 0.6 --dark 0.12 --out luts/film --look film.json",
)
def import_tables(
    light_cube: Annotated[
        Path, typer.Argument(metavar="LIGHT.cube", help="An artist's table for light hair, or for all hair.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR/NAME", help="Write DIR/NAME_light.cube and DIR/NAME_dark.cube."),
    ],
    dark_cube: Annotated[
        Path | None, typer.Argument(metavar="DARK.cube", help="The table for dark hair; the same without.")
    ] = None,
    light: Annotated[
        str | None,
        typer.Option(
            "--light",
            metavar="PICTURE|NUMBER",
            help="What LIGHT.cube was made on: a picture, or the hair's mean luma from 0 to 1.",
        ),
    ] = None,
    dark: Annotated[
        str | None, typer.Option("--dark", metavar="PICTURE|NUMBER", help="What DARK.cube was made on.")
    ] = None,
    look: LookOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Make a pair of tables from an artist's .cube files, of any size and domain.

    Without --light or --dark the file says itself how bright the hair was, in a line "# intensity 0.6".
    """
    with command(verbose):
        from calculators.color.lut_preparation import artist_tables, write_shade

        _say(write_shade(artist_tables(light_cube, dark_cube, light, dark, typer.echo), out, look))


@app.command(
    epilog="[bold]Examples[/bold]\n\ntryon lut sheet anna.jpg ben.jpg --out sheet.png\n\n"
    "tryon lut sheet portraits/*.jpg --look copper.json --look rose.json --out sheet.png"
)
def sheet(
    pictures: Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="Whose hair to recolour.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The sheet: .png or .jpg.")],
    looks: Annotated[
        list[Path] | None,
        typer.Option(
            "--look", metavar="FILE", help="A look (.json); repeatable. All installed ones without."
        ),
    ] = None,
    verbose: VerboseOption = False,
) -> None:
    """Show pictures in many shades: a row for each picture, a column for each look."""
    with command(verbose):
        from rich.console import Console
        from rich.progress import Progress

        from calculators.color.look_sheet import installed_looks, look_sheet, save_sheet
        from calculators.color.lut_preparation import refuse_existing
        from calculators.video.pictures import read_picture

        refuse_existing(out)
        wanted = looks or installed_looks()
        frames = [read_picture(path) for path in pictures]
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("looks", total=len(wanted))
            save_sheet(look_sheet(frames, wanted, lambda: progress.advance(task)), out)
        typer.echo(f"wrote {out} ({len(frames)} pictures, {len(wanted)} looks)")


def _say(files: list[Path]) -> None:
    for path in files:
        typer.echo(f"wrote {path}")
