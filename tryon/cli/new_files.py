"""`tryon new`: the files that a new calculator or effect begins with."""

import importlib.util
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

from tryon.cli.graphs import installed_effects
from tryon.errors import GraphError
from tryon.registry import find_calculator
from tryon.subgraph import SubgraphLibrary

TEMPLATES = Path(__file__).with_name("templates")
SUFFIX = "Calculator"
PACKAGE = "effects"
LONGEST_NAME = 60

_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+(?:\d+[A-Z]?(?![a-z]))?|\d+")  # Lip|Gloss, HTTP2|Lut3D
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_\- ]*")
_TAKEN = re.compile(r"test_.*|.*_test|test|conftest|.*_pb2")


@dataclass(frozen=True)
class NewName:
    """What somebody calls a new thing, in the forms that files need.

    Attributes:
        snake: lip_gloss
        camel: LipGloss
        words: lip gloss
    """

    snake: str
    camel: str
    words: str


def parse_name(text: str, kind: str) -> NewName:
    """The forms of a name that is given as LipGloss, LipGlossCalculator, lip_gloss, lip-gloss or "lip gloss".

    Raises:
        GraphError: it cannot be a name; says why.
    """
    if not _NAME.fullmatch(text):
        raise GraphError(
            f'"{text}" cannot name {kind}: a name begins with a letter and has letters (a to z), digits, '
            '"_" and "-", like LipGloss or lip_gloss.'
        )
    parts = [part for chunk in re.split(r"[_\- ]+", text) for part in _WORD.findall(chunk)]
    if parts[-1].lower() == SUFFIX.lower():
        parts.pop()
    if not parts:
        raise GraphError(f'"{text}" says nothing: name {kind} after what it does, like LipGloss.')
    name = NewName(
        "_".join(part.lower() for part in parts),
        "".join(part[0].upper() + part[1:] for part in parts),
        " ".join(part.lower() for part in parts),
    )
    if len(name.snake) > LONGEST_NAME:
        raise GraphError(f'"{text}" is too long: {LONGEST_NAME} letters are enough for a name.')
    return name


def calculator_name(text: str) -> str:
    """The class name of a calculator that somebody calls `text`."""
    return parse_name(text, "a calculator").camel + SUFFIX


def new_calculator(text: str, folder: Path) -> list[Path]:
    """Writes a calculator, its options and a test.

    Args:
        text: the name.
        folder: where to; made if it is not there.

    Returns:
        The files.

    Raises:
        GraphError: the name is taken or impossible, or a file is there already.
    """
    name = parse_name(text, "a calculator")
    calculator = calculator_name(text)
    known = find_calculator(calculator)
    if known is not None:
        raise GraphError(f'"{calculator}" is there already, in {known.__module__}; choose another name.')
    if keyword.iskeyword(name.snake):
        raise GraphError(f'"{name.snake}" is a word of Python and cannot name a file of it.')
    if _TAKEN.fullmatch(name.snake):
        raise GraphError(f'"{name.snake}.py" would be taken for a test or a generated file.')
    is_package = (folder / "__init__.py").is_file()
    _refuse_hiding(name.snake, folder)
    values = {
        "snake": name.snake,
        "calculator": calculator,
        "import_options": f"from . import {name.snake}_pb2" if is_package else f"import {name.snake}_pb2",
        "descriptor": repr(_descriptor(_proto_path(folder, name.snake), f"{calculator}Options")),
    }
    return _write(
        folder,
        values,
        {
            f"{name.snake}.py": "calculator.py",
            f"{name.snake}.proto": "calculator.proto",
            f"{name.snake}_pb2.py": "calculator_pb2.py",
            f"test_{name.snake}.py": "test_calculator.py",
        },
    )


def new_effect(text: str, folder: Path) -> list[Path]:
    """Writes an effect's graph, a look for it and a test.

    Args:
        text: the name.
        folder: where to; made if it is not there.

    Returns:
        The files.

    Raises:
        GraphError: the name is taken or impossible, or a file is there already.
    """
    name = parse_name(text, "an effect")
    taken = {*installed_effects(), *SubgraphLibrary(folder, ()).names()}
    if {name.snake, name.camel} & taken:
        raise GraphError(f'There is an effect or subgraph "{name.snake}" already; choose another name.')
    values = {"snake": name.snake, "words": name.words.capitalize()}
    return _write(
        folder,
        values,
        {
            f"{name.snake}.pbtxt": "effect.pbtxt",
            f"{name.snake}.json": "effect.json",
            f"test_{name.snake}.py": "test_effect.py",
        },
    )


def _refuse_hiding(module: str, folder: Path) -> None:
    """A file in the working folder, or beside a test, hides the installed module of its name."""
    try:
        found = importlib.util.find_spec(module)
    except ValueError:  # __main__ and the like
        return
    if found is not None and Path(found.origin or "").parent != folder.resolve():
        raise GraphError(
            f'A file "{module}.py" would hide the installed module "{module}" from all that runs in its '
            f"folder; choose another name, like My{module.title().replace('_', '')}."
        )


def _proto_path(folder: Path, name: str) -> str:
    """The path by which other .proto files import it, as `tryon.proto.generate` has it."""
    path = f"{name}.proto"
    folder = folder.resolve()
    while (folder / "__init__.py").is_file():
        path = f"{folder.name}/{path}"
        folder = folder.parent
    return path


def _descriptor(path: str, message: str) -> bytes:
    """What protoc makes of calculator.proto, so that a new calculator runs without it."""
    file = FileDescriptorProto(name=path, package=PACKAGE, syntax="proto3")
    options = file.message_type.add(name=message)
    options.field.add(
        name="strength",
        number=1,
        label=FieldDescriptorProto.LABEL_OPTIONAL,
        type=FieldDescriptorProto.TYPE_FLOAT,
        oneof_index=0,
        proto3_optional=True,
    )
    options.oneof_decl.add(name="_strength")
    return file.SerializeToString()


def _write(folder: Path, values: Mapping[str, str], files: Mapping[str, str]) -> list[Path]:
    """Writes files, {name: template}, all or none."""
    paths = [folder / name for name in files]
    for path in paths:
        if path.exists():
            raise GraphError(f'"{path}" is there already; nothing was written.')
    folder.mkdir(parents=True, exist_ok=True)
    for path, template in zip(paths, files.values(), strict=True):
        text = (TEMPLATES / f"{template}.template").read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(values), encoding="utf-8")
    return paths
