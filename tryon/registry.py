"""Where calculators are found by name.

Installed packages announce theirs with an entry point in the group `tryon.calculators` whose value
is a package; every module of the package is imported at the first look-up, and `@register` in them
does the rest. `tryon.outside` loads what is not installed.
"""

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

from tryon.calculator import Calculator

ENTRY_POINTS = "tryon.calculators"

_calculators: dict[str, type[Calculator]] = {}
_failures: list[str] = []

CalculatorClass = TypeVar("CalculatorClass", bound=type[Calculator])


def register(calculator: CalculatorClass) -> CalculatorClass:
    """Class decorator: makes a calculator known under its class name.

    Raises:
        ValueError: another class has the name already.
    """
    name = calculator.__name__
    known = _calculators.setdefault(name, calculator)
    if known.__module__ != calculator.__module__:
        raise ValueError(
            f'"{name}" of {_place(calculator)} is registered already by {_place(known)}; rename one of them.'
        )
    _calculators[name] = calculator
    return calculator


def _place(calculator: type[Calculator]) -> str:
    """The file of a class, or its module where there is no file."""
    module = sys.modules.get(calculator.__module__)
    return str(getattr(module, "__file__", None) or calculator.__module__)


@contextmanager
def registering() -> Iterator[None]:
    """Forgets what was registered inside if the block ends with an exception."""
    before = dict(_calculators)
    try:
        yield
    except BaseException:
        _calculators.clear()
        _calculators.update(before)
        raise


@cache
def load_calculators() -> None:
    """Imports every package announced under the entry point group, once a process.

    A module that cannot be imported takes only its own calculators away; `import_failures` tells.
    """
    for point in entry_points(group=ENTRY_POINTS):
        package = _import(point.value)
        if package is not None:
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                _import(module.name)


def _import(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - somebody else's module may raise anything
        _failures.append(f"{name} cannot be imported ({type(error).__name__}: {error})")
        return None


def import_failures() -> list[str]:
    """What could not be imported, a sentence each."""
    load_calculators()
    return list(_failures)


def find_calculator(name: str) -> type[Calculator] | None:
    """The calculator registered under `name`, or None."""
    load_calculators()
    return _calculators.get(name)


def calculator_names() -> list[str]:
    """All registered names, sorted."""
    load_calculators()
    return sorted(_calculators)


def nearest_name(name: str, names: list[str]) -> str | None:
    """The name in `names` that `name` was probably meant to be, or None."""
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return matches[0] if matches else None
