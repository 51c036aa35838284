"""Loading calculators that are not installed: a Python file, a folder, or a package by name.

A file that belongs to a package (its folder has an `__init__.py`) is imported by its package's name, any
other under its own. The folder that makes that possible goes to the end of `sys.path`: a calculator
imports what lies beside it, and nothing beside it hides an installed module.
"""

import ast
import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from hashlib import sha256
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from google.protobuf.message import Message

from tryon.calculator import Calculator
from tryon.errors import GraphError
from tryon.proto.pool import POOL
from tryon.registry import calculator_names, find_calculator, load_calculators, registering
from tryon.subgraph_class import Subgraph, find_subgraph, subgraph_names

SUFFIX = ".py"
TESTS = ("test_", "conftest")


def add_calculators(source: str | Path) -> list[str]:
    """Loads the calculators of a file, a folder (all its files, or the package it is) or a package by name.

    What is loaded already is not loaded again.

    Returns:
        The names of the calculators that it registers.

    Raises:
        GraphError: there is no such thing, it cannot be imported, it registers a name that is taken, or
            it registers nothing.
    """
    load_calculators()
    before = {*calculator_names(), *subgraph_names()}
    try:
        with registering():
            modules = {module.__name__ for module in _load(str(source))}
            names = [*calculator_names(), *subgraph_names()]
            registered = [name for name in names if name not in before or _find(name).__module__ in modules]
            for name in registered:
                _check_options(name, _find(name).Options)
    except GraphError:
        raise
    except (Exception, SystemExit) as error:
        raise GraphError(_import_message(str(source), error)) from error
    if not registered:
        raise GraphError(f'"{source}" registers no calculator: put @register above the class.')
    return registered


def _find(name: str) -> type[Calculator] | type[Subgraph]:
    found = find_calculator(name) or find_subgraph(name)
    assert found is not None
    return found


def _load(source: str) -> Iterator[ModuleType]:
    path = Path(source)
    if path.is_file():
        if path.suffix != SUFFIX:
            raise GraphError(f'"{source}" is no Python file ({SUFFIX}).')
        yield _load_file(path.resolve())
    elif path.is_dir():
        files = sorted(file for file in path.resolve().glob(f"*{SUFFIX}") if not file.name.startswith(TESTS))
        if (path / "__init__.py").is_file():
            yield from _load_package(_import_from_package(path.resolve()))
        elif files:
            yield from map(_load_file, files)
        else:
            raise GraphError(f'The folder "{source}" holds no Python file.')
    elif path.suffix == SUFFIX or len(path.parts) > 1:
        raise GraphError(f'There is no file or folder "{source}".')
    else:
        yield from _load_package(_import_by_name(source))


def _import_by_name(name: str) -> ModuleType:
    if _find_spec(name) is None:
        raise GraphError(f'There is no file, folder or importable package "{name}".')
    return importlib.import_module(name)


def _find_spec(name: str) -> ModuleSpec | None:
    try:
        return importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None


def _load_package(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}."):
        if not module.name.rpartition(".")[2].startswith(TESTS):
            yield importlib.import_module(module.name)


def _load_file(path: Path) -> ModuleType:
    for module in list(sys.modules.values()):
        file = Path(getattr(module, "__file__", None) or "")
        if file.name == path.name and file.resolve() == path:
            return module
    if (path.parent / "__init__.py").is_file():
        return _import_from_package(path)
    _check_siblings(path)
    _make_importable(path.parent)
    found = _find_spec(path.stem)
    is_free = found is not None and found.origin == str(path)
    name = path.stem if is_free else f"{path.stem}_{sha256(bytes(path)).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _import_from_package(path: Path) -> ModuleType:
    """Imports a package's folder, or a file in one, by its full name."""
    parts = [] if path.name == "__init__.py" else [path.stem]
    folder = path.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    _make_importable(folder)
    name = ".".join(parts)
    module = importlib.import_module(name)
    if Path(str(module.__file__)).parent not in (path, path.parent):
        raise GraphError(f'"{path}" cannot be imported: the name {name} is taken by "{module.__file__}".')
    return module


def _make_importable(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    importlib.invalidate_caches()


def _check_siblings(path: Path) -> None:
    """Refuses a file that may mean the file beside it and would get another module of that name."""
    imports: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
        if isinstance(node, ast.Import):
            imports += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            imports.append((node.module, node.lineno))
    for name, line in imports:
        sibling = path.with_name(f"{name}{SUFFIX}")
        loaded = getattr(sys.modules.get(name), "__file__", None)
        is_other = loaded and Path(loaded).resolve() != sibling
        if is_other and sibling != path and sibling.is_file():
            raise GraphError(
                f'{path}:{line}: imports "{name}", which is "{loaded}" already and not the file beside it: '
                "rename one, or make its folder a package with an __init__.py."
            )


def _check_options(name: str, options: type[Message] | None) -> None:
    if options is not None and options.DESCRIPTOR.file.pool is not POOL:
        raise GraphError(
            f"The options {options.DESCRIPTOR.full_name} of {name} were generated by plain protoc, so that "
            f'graphs cannot find them: run "python -m tryon.proto.generate" on the folder of '
            f"{options.DESCRIPTOR.file.name}."
        )


def _import_message(source: str, error: BaseException) -> str:
    """What is wrong and where: in the source's own files, if the traceback passes through them."""
    if isinstance(error, SyntaxError):
        at = f"{error.filename}:{error.lineno}:{error.offset}: " if error.filename else ""
        shown = f"\n{error.text.rstrip()}" if error.text else ""
        return f"{at}{type(error).__name__}: {error.msg}{shown}"
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    places = [
        (file, line) for file, line in frames if file.is_file() and file.parent != Path(__file__).parent
    ]
    own = [place for place in places if place[0].is_relative_to(Path(source).resolve().parent)] or places
    at = f"{own[-1][0]}:{own[-1][1]}: " if own else ""
    return f'{at}"{source}" cannot be imported: {type(error).__name__}: {error}'
