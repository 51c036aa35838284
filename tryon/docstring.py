"""Reading the docstrings of calculators: what `tryon inspect` shows and the docstring test checks."""

import inspect
import re
from dataclasses import dataclass, field

STREAM_SECTIONS = {
    "Inputs": "input_stream",
    "Outputs": "output_stream",
    "Input side packets": "input_side_packet",
    "Output side packets": "output_side_packet",
}
SECTIONS = (*STREAM_SECTIONS, "Options", "Example")

_HEADING = re.compile(r"(?P<name>[A-Z][a-z ]+):")
_ENTRY = re.compile(r"(?P<name>[\w.]+): +(?P<text>.+)")
_INDENT = "    "


@dataclass(frozen=True)
class CalculatorDocstring:
    """The parts of a calculator's docstring.

    Attributes:
        summary: the first sentence.
        description: the paragraphs between the summary and the first section.
        streams: {"input_stream": {"IMAGE": text}}, for the four fields of a node.
        options_type: full name of the options message; "" without options.
        options: {option: text}.
        example: a node in protobuf text; "" without one.
    """

    summary: str
    description: str = ""
    streams: dict[str, dict[str, str]] = field(default_factory=dict)
    options_type: str = ""
    options: dict[str, str] = field(default_factory=dict)
    example: str = ""


def parse_docstring(text: str | None) -> CalculatorDocstring:
    """Reads a calculator's docstring.

    Raises:
        ValueError: a section is unknown or given twice, or a line stands in none of the known forms.
    """
    introduction, sections = _split(inspect.cleandoc(text or ""))
    summary, _, description = introduction.partition("\n\n")
    options = sections.get("Options", [])
    return CalculatorDocstring(
        " ".join(summary.split()),
        description.strip(),
        {STREAM_SECTIONS[name]: _entries(name, sections.get(name, [])) for name in STREAM_SECTIONS},
        options[0].strip() if options else "",
        _entries("Options", options[1:]),
        "\n".join(sections.get("Example", [])),
    )


def _split(text: str) -> tuple[str, dict[str, list[str]]]:
    """The text before the first section, and each section's lines without their indentation."""
    introduction: list[str] = []
    sections: dict[str, list[str]] = {}
    lines = introduction
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            name = heading["name"]
            if name not in SECTIONS:
                raise ValueError(f'Unknown section "{name}:"; the sections are: {", ".join(SECTIONS)}.')
            if name in sections:
                raise ValueError(f'The section "{name}:" is given twice.')
            lines = sections[name] = []
        elif line.strip() or lines is introduction:
            if lines is not introduction and not line.startswith(_INDENT):
                raise ValueError(f'"{line}" stands outside of the sections.')
            lines.append(line if lines is introduction else line.removeprefix(_INDENT))
    return "\n".join(introduction), sections


def _entries(section: str, lines: list[str]) -> dict[str, str]:
    """Reads "name: text" lines; a line indented further continues the one before."""
    entries: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith(" ") and name:
            entries[name] += f" {line.strip()}"
            continue
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            raise ValueError(f'"{line}" in the section "{section}:" is not of the form "name: text".')
        name = entry["name"]
        if name in entries:
            raise ValueError(f'"{name}" is given twice in the section "{section}:".')
        entries[name] = entry["text"].strip()
    return entries
