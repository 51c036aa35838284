"""The reference page of the command line, from the declarations of its commands."""

import inspect
import re
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer

from docs.reference_markdown import page, table
from tryon.cli import complete_app


def command_line_page() -> str:
    """Every command of `tryon`, with arguments, options and examples."""
    found = commands("tryon", complete_app())
    names = [
        f"- [{name}](#{name.replace(' ', '-')}): {_plain(info.callback.__doc__).splitlines()[0]}"
        for name, info in found.items()
    ]
    parts = ["# Command line", "Each command explains itself with `--help`.", "\n".join(names)]
    for name, info in found.items():
        parts += command_section(name, info)
    return page(parts)


def commands(prefix: str, group: Any) -> dict[str, Any]:
    """The commands of a group (a typer.Typer) and of the groups in it, by their full names."""
    found = {f"{prefix} {info.name or info.callback.__name__}": info for info in group.registered_commands}
    for inner in group.registered_groups:
        found |= commands(f"{prefix} {inner.name}", inner.typer_instance)
    return found


def command_section(name: str, info: Any) -> list[str]:
    """One command."""
    rows = []
    for parameter, hint in get_type_hints(info.callback, include_extras=True).items():
        if parameter == "return":
            continue
        kind, declared = hint.__origin__, hint.__metadata__[0]
        if isinstance(declared, typer.models.ArgumentInfo):
            text = declared.metavar or parameter.upper()
        else:
            names = [
                name for name in (declared.default, *(declared.param_decls or ())) if isinstance(name, str)
            ]
            flags = ", ".join(names) or f"--{parameter.replace('_', '-')}"
            text = flags if kind is bool else f"{flags} {declared.metavar or _value(kind)}"
        rows.append((f"`{text}`", _plain(declared.help)))
    parts = [f"## {name}", _plain(info.callback.__doc__), table(("", ""), rows)]
    lines = [_plain(line) for line in (info.epilog or "").split("\n\n")]
    examples = [line for line in lines if line.startswith("tryon ")]
    return [*parts, "```text\n" + "\n".join(examples) + "\n```"] if examples else parts


def _value(kind: Any) -> str:
    """What stands for an option's value: FILE, INT, the choices of an enum."""
    inner = next((part for part in get_args(kind) if part is not type(None)), kind)
    if issubclass(inner, Enum):
        return "|".join(str(member.value) for member in inner)
    return "FILE" if inner is Path else inner.__name__.upper()


def _plain(text: str | None) -> str:
    """Help text without rich's marks."""
    return re.sub(r"\[/?\w+\]", "", inspect.cleandoc(text or "")).strip()
