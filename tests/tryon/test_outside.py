"""Loading calculators from files, folders and packages that are not installed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tryon.cli.command import tryon
from tryon import GraphError, add_calculators, registry
from tryon.registry import calculator_names, find_calculator

NODE = """
from tryon import Calculator, register
{imports}

@register
class {name}(Calculator):
    @classmethod
    def get_contract(cls, contract):
        contract.inputs[0].set_any()
        contract.outputs[0].set_any()

    def process(self, context):
        context.outputs[0].add_packet(context.inputs[0].packet)
"""
CONSTANT = """
node {
  calculator: "ConstantSidePacketCalculator"
  output_side_packet: "PACKET:p"
  node_options: {
    [type.googleapis.com/mediapipe.ConstantSidePacketCalculatorOptions] { packet { int_value: 3 } }
  }
}
node { calculator: "SidePacketToStreamCalculator" input_side_packet: "p" output_stream: "AT_ZERO:a" }
node { calculator: "OutOneCalculator" input_stream: "a" output_stream: "b" }
"""
GRAPH = 'input_stream: "a" node {{ calculator: "{name}" input_stream: "a" output_stream: "b" }}'


def node(name: str, imports: str = "") -> str:
    return NODE.format(name=name, imports=imports)


@pytest.fixture(autouse=True)
def _forget_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = set(calculator_names())
    modules = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield
    for name in set(calculator_names()) - known:
        del registry._calculators[name]
    for name in set(sys.modules) - modules:
        del sys.modules[name]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


FOLDER = {"one.py": node("OutOneCalculator"), "two.py": node("OutTwoCalculator"), "test_it.py": "1 / 0"}
PACKAGE = {
    "outpack/__init__.py": "",
    "outpack/one.py": node("OutOneCalculator", "from outpack.deep import two\nfrom . import helper"),
    "outpack/helper.py": "",
    "outpack/deep/__init__.py": "",
    "outpack/deep/two.py": node("OutTwoCalculator"),
    "outpack/test_it.py": "1 / 0",
}


@pytest.mark.parametrize(
    ("files", "source", "names"),
    [
        ({"one.py": node("OutOneCalculator")}, "one.py", ["OutOneCalculator"]),
        ({"my-node.v2.py": node("OutOneCalculator")}, "my-node.v2.py", ["OutOneCalculator"]),
        ({"random.py": node("OutOneCalculator")}, "random.py", ["OutOneCalculator"]),
        ({"tryon.py": node("OutOneCalculator")}, "tryon.py", ["OutOneCalculator"]),
        ({"sub dir/one.py": node("OutOneCalculator")}, "sub dir/one.py", ["OutOneCalculator"]),
        (FOLDER, ".", ["OutOneCalculator", "OutTwoCalculator"]),
        (PACKAGE, "outpack", ["OutOneCalculator", "OutTwoCalculator"]),
        (PACKAGE, "outpack/deep/two.py", ["OutTwoCalculator"]),
        (PACKAGE, "outpack/deep", ["OutTwoCalculator"]),
        (
            {"one.py": node("OutOneCalculator", "import outhelp"), "outhelp.py": "x = 1"},
            "one.py",
            ["OutOneCalculator"],
        ),
    ],
)
def test_loads(tmp_path: Path, files: dict[str, str], source: str, names: list[str]) -> None:
    write(tmp_path, files)
    assert add_calculators(tmp_path / source) == names
    assert add_calculators(str(tmp_path / source)) == names, "a second time"
    for name in names:
        assert find_calculator(name) is not None


def test_a_package_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, PACKAGE)
    monkeypatch.syspath_prepend(tmp_path)
    assert add_calculators("outpack.deep") == ["OutTwoCalculator"]
    assert add_calculators("outpack") == ["OutOneCalculator", "OutTwoCalculator"]


def test_what_lies_beside_hides_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": node("OutOneCalculator", "import colorsys"), "numpy.py": "1 / 0"})
    add_calculators(tmp_path / "one.py")
    assert sys.path[-1] == str(tmp_path)


def test_a_file_that_is_imported_already_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"outsame.py": node("OutOneCalculator")})
    monkeypatch.syspath_prepend(tmp_path)
    __import__("outsame")
    before = find_calculator("OutOneCalculator")
    assert add_calculators(tmp_path / "outsame.py") == ["OutOneCalculator"]
    assert find_calculator("OutOneCalculator") is before


@pytest.mark.parametrize(
    ("files", "source", "message"),
    [
        ({}, "one.py", 'There is no file or folder "{}/one.py".'),
        ({"a/x": ""}, "a", 'The folder "{}/a" holds no Python file.'),
        ({"one.txt": ""}, "one.txt", '"{}/one.txt" is no Python file (.py).'),
        (
            {"one.py": "x = 1\nclass A(:\n"},
            "one.py",
            "{}/one.py:2:9: SyntaxError: invalid syntax\nclass A(:",
        ),
        (
            {"one.py": "x = 1\nx.y"},
            "one.py",
            "cannot be imported: AttributeError: 'int' object has no attribute 'y'",
        ),
        (
            {"one.py": "import outhelp\n", "outhelp.py": "\n\nimport json\njson.loads('')"},
            "one.py",
            '{0}/outhelp.py:4: "{0}/one.py" cannot be imported: JSONDecodeError: Expecting value',
        ),
        ({"one.py": "exit(3)"}, "one.py", '{0}/one.py:1: "{0}/one.py" cannot be imported: SystemExit: 3'),
        (
            {"one.py": "import outmissing"},
            "one.py",
            "ModuleNotFoundError: No module named 'outmissing'",
        ),
        (
            {"one.py": "x = 1"},
            "one.py",
            '"{}/one.py" registers no calculator: put @register',
        ),
        (
            {"one.py": node("OutOneCalculator"), "two.py": node("OutOneCalculator")},
            ".",
            '"OutOneCalculator" of {0}/two.py is registered already by {0}/one.py; rename one of them.',
        ),
        ({"one.py": node("GateCalculator")}, "one.py", '"GateCalculator" of {}/one.py is registered already'),
        (
            {"calculators/__init__.py": "", "calculators/one.py": node("OutOneCalculator")},
            "calculators",
            '"{}/calculators" cannot be imported: the name calculators is taken by "',
        ),
        (
            {
                "a/one.py": node("OutOneCalculator", "import outhelp"),
                "a/outhelp.py": "",
                "outhelp.py": "",
                "two.py": node("OutTwoCalculator", "import outhelp"),
            },
            "a|two.py",
            '{0}/two.py:3: imports "outhelp", which is "{0}/a/outhelp.py" already and not the file beside it',
        ),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, files: dict[str, str], source: str, message: str) -> None:
    write(tmp_path, files)
    before = calculator_names()
    *first, last = source.split("|")
    for name in first:
        before = sorted([*before, *add_calculators(tmp_path / name)])
    with pytest.raises(GraphError) as caught:
        add_calculators(tmp_path / last)
    assert message.format(tmp_path) in str(caught.value)
    assert calculator_names() == before, "nothing of it stays"


@pytest.mark.parametrize("name", ["outmissing", "outmissing.deep", "-"])
def test_no_such_package(name: str) -> None:
    with pytest.raises(GraphError, match=f'There is no file, folder or importable package "{name}".'):
        add_calculators(name)


def test_plain_protoc_is_told(tmp_path: Path) -> None:
    text = node("OutOneCalculator", "from google.protobuf.duration_pb2 import Duration")
    write(
        tmp_path, {"one.py": text.replace("    @classmethod", "    Options = Duration\n    @classmethod", 1)}
    )
    with pytest.raises(GraphError, match="Duration of OutOneCalculator were generated by plain protoc"):
        add_calculators(tmp_path / "one.py")


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["validate", "graph.pbtxt"], "OK (nodes: 3"),
        (["draw", "graph.pbtxt"], "OutOneCalculator"),
        (["list", "calculators"], "OutOneCalculator"),
        (["run", "graph.pbtxt"], "frames in"),
    ],
)
def test_commands(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    shown: str,
) -> None:
    write(tmp_path, {"one.py": node("OutOneCalculator"), "graph.pbtxt": CONSTANT})
    monkeypatch.chdir(tmp_path)
    outcome = tryon(capsys, *command, "--calculators", "one.py")
    assert outcome.status == 0, outcome.err
    assert shown in outcome.out


def test_a_fresh_process_sees_one_message(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": "1 / 0", "graph.pbtxt": GRAPH.format(name="OutOneCalculator")})
    done = subprocess.run(
        [sys.executable, "-m", "tryon", "validate", "graph.pbtxt", "--calculators", "one.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        f'error: {tmp_path}/one.py:1: "one.py" cannot be imported: ZeroDivisionError: division by zero\n'
    )
