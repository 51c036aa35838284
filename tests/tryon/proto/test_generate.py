"""Generating the options of calculators that are not the project's own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tryon.proto.generate import NO_COMPILER, find_protos

OPTIONS = """
syntax = "proto2";
package outside.test;
import "tryon/proto/options.proto";
import "IMPORT";
message NAME {
  extend mediapipe.CalculatorOptions { optional NAME ext = NUMBER; }
  optional Shared shared = 1;
}
"""
SHARED = 'syntax = "proto3"; package outside.test; message Shared { float x = 1; }'


def python(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def generate(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return python(folder, "-m", "tryon.proto.generate", *arguments)


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def options(imported: str, name: str, number: int) -> str:
    return OPTIONS.replace("IMPORT", imported).replace("NAME", name).replace("NUMBER", str(number))


def use(folder: Path, module: str) -> str:
    """Parses the options in a graph, in a process that has them."""
    program = (
        "from tryon.graph import CalculatorGraph\n"
        f"import {module} as m\n"
        'CalculatorGraph(\'node { calculator: "StringToIntCalculator" input_side_packet: "a" \'\n'
        "  'output_side_packet: \"b\" options { [outside.test.Mine.ext] { shared { x: 0.5 } } } }')\n"
        "print(m.Mine(shared=dict(x=0.5)).shared.x)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout or done.stderr


def test_a_folder_of_files(tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools")
    write(tmp_path, {"mine.proto": options("deep/shared.proto", "Mine", 900100), "deep/shared.proto": SHARED})
    done = generate(tmp_path, ".")
    assert done.returncode == 0, done.stderr
    names = ["deep/shared_pb2.py", "deep/shared_pb2.pyi", "mine_pb2.py", "mine_pb2.pyi"]
    assert done.stdout == "".join(f"wrote: {tmp_path / name}\n" for name in names)
    assert use(tmp_path, "mine_pb2") == "0.5\n"
    assert generate(tmp_path, ".", "--check").returncode == 0
    (tmp_path / "mine_pb2.py").write_text("")
    done = generate(tmp_path, "mine.proto", "--check")
    assert (done.returncode, done.stdout) == (1, f"stale: {tmp_path / 'mine_pb2.py'}\n")


def test_a_package(tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools")
    write(
        tmp_path,
        {
            "out_nodes/__init__.py": "",
            "out_nodes/shared.proto": SHARED,
            "out_nodes/mine/__init__.py": "",
            "out_nodes/mine/mine.proto": options("out_nodes/shared.proto", "Mine", 900101),
        },
    )
    done = generate(tmp_path, "out_nodes")
    assert done.returncode == 0, done.stderr
    assert use(tmp_path, "out_nodes.mine.mine_pb2") == "0.5\n"


def test_a_mistake_has_its_place(tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools")
    write(tmp_path, {"bad.proto": 'syntax = "proto3";\nmessage A { floot x = 1; }'})
    done = generate(tmp_path, ".")
    assert done.returncode == 1
    assert 'bad.proto:2:13: "floot" is not defined.' in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["bad.proto"]


@pytest.mark.parametrize("path", [".", "missing", "a.txt"])
def test_no_proto(tmp_path: Path, path: str) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(SystemExit, match=r"There is no \.proto file at "):
        find_protos(tmp_path / path)


def test_without_the_compiler_it_says_how_to_get_it(tmp_path: Path) -> None:
    write(tmp_path, {"a.proto": SHARED})
    program = (
        "import sys\n"
        "sys.modules['grpc_tools'] = None\n"
        "from tryon.proto.generate import main\n"
        "sys.exit(main(['a.proto']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, f"{NO_COMPILER}\n")
