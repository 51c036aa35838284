"""The reference pages of the stock calculators, one a domain, from docstrings and contracts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from docs.reference_markdown import code, page, table
from tryon.calculator import Calculator
from tryon.cli.inspection import contract_type, option_comments, option_fields
from tryon.docstring import STREAM_SECTIONS, parse_docstring
from tryon.registry import calculator_names, find_calculator
from tryon.subgraph_class import Subgraph, find_subgraph, subgraph_names

STOCK = "calculators."

Kind = type[Calculator] | type[Subgraph]


def domains() -> dict[str, list[list[Kind]]]:
    """The stock calculators and subgraph classes by domain, the folder that they are in.

    Those that differ in the type of what they carry only stand together.
    """
    kinds: list[Kind | None] = [find_calculator(name) for name in calculator_names()]
    kinds += [find_subgraph(name) for name in subgraph_names()]
    found: dict[str, dict[Any, list[Kind]]] = defaultdict(dict)
    for kind in sorted((kind for kind in kinds if kind), key=lambda kind: kind.__name__):
        if kind.__module__.startswith(STOCK):
            docstring = parse_docstring(kind.__doc__)
            same = (kind.__module__, docstring.summary, str(docstring.streams), docstring.options_type)
            found[kind.__module__.split(".")[1]].setdefault(same, []).append(kind)
    return {domain: list(families.values()) for domain, families in sorted(found.items())}


def domain_page(domain: str, families: Sequence[Sequence[Kind]]) -> str:
    """The page of a domain."""
    parts = [f"# Calculators: {domain}"]
    links = [f"- [{kind.__name__}](#{kind.__name__.lower()}): {summary(kind)}" for kind, *_ in families]
    parts.append("\n".join(links))
    for family in families:
        parts += calculator_section(*family)
    return page(parts)


def calculator_section(kind: Kind, *others: Kind) -> list[str]:
    """What a calculator takes, gives and can be set to, with its example."""
    docstring = parse_docstring(kind.__doc__)
    parts = [f"## {kind.__name__}", docstring.summary]
    if docstring.description:
        parts.append(docstring.description)
    if others:
        names = ", ".join(f"`{other.__name__}`" for other in others)
        parts.append(f"The same for other types: {names}.")
    for section, field in STREAM_SECTIONS.items():
        rows = [
            (f"`{tag}`", code(contract_type(kind, docstring, field, tag)), text)
            for tag, text in docstring.streams[field].items()
        ]
        if rows:
            parts.append(table((section, "type", ""), rows))
    if kind.Options is not None:
        comments = option_comments(kind)
        fields = [
            (f"`{path}`", code(type_text), docstring.options.get(path) or comment)
            for path, type_text, comment in option_fields(kind.Options.DESCRIPTOR, "", comments)
        ]
        parts.append(f"Options: `{kind.Options.DESCRIPTOR.full_name}`")
        parts.append(table(("option", "type", ""), fields))
    parts.append(f"```pbtxt\n{docstring.example}\n```")
    return parts


def summary(kind: Kind) -> str:
    """The first sentence of a calculator's docstring."""
    return parse_docstring(kind.__doc__).summary
