"""Generates protobuf code that graphs find: `python -m tryon.proto.generate [PATH ...]`.

Every .proto gives a `_pb2.py` (and, where mypy-protobuf is installed, a `_pb2.pyi`) beside it, bound to
`tryon.proto.pool.POOL` rather than to protobuf's default pool. A PATH is a .proto or a folder of them; a
.proto imports others by their path from the folder, or from the one that holds its top package. Without a
PATH it is the project's own code. With `--check` nothing is written; the exit status is 1 when a file
differs from what would be generated.
"""

import argparse
import importlib.util
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tryon", "calculators")
DEFAULT_POOL = "_descriptor_pool.Default()"
OWN_POOL = "_tryon_pool.POOL"
POOL_IMPORT = "from google.protobuf import descriptor_pool as _descriptor_pool"
OWN_IMPORT = "from tryon.proto import pool as _tryon_pool"
NO_COMPILER = (
    "Generating protobuf code needs the protobuf compiler for Python: pip install grpcio-tools\n"
    "(calculators run without it; only a changed .proto needs it)"
)


def generate(root: Path, protos: Sequence[Path], out: Path) -> list[Path]:
    """Generates code.

    Args:
        root: where the imports in .proto files begin.
        protos: the files, relative to `root`.
        out: the folder that the code goes to, as `root` is laid out.

    Returns:
        The paths of the generated files relative to `out`.

    Raises:
        SystemExit: the compiler is not installed, or a .proto has a mistake.
    """
    if importlib.util.find_spec("grpc_tools") is None:
        raise SystemExit(NO_COMPILER)
    from grpc_tools import protoc

    arguments = ["protoc", *(f"-I{folder}" for folder in dict.fromkeys((root, ROOT)))]
    arguments += [f"-I{Path(protoc.__file__).parent / '_proto'}", f"--python_out={out}"]
    plugin = Path(sys.executable).with_name("protoc-gen-mypy")
    if plugin.exists():
        arguments += [f"--plugin=protoc-gen-mypy={plugin}", f"--mypy_out=quiet:{out}"]
    if protoc.main([*arguments, *map(str, protos)]):
        raise SystemExit("protoc failed; its message is above")
    generated = []
    for proto in protos:
        module = out / proto.with_name(f"{proto.stem}_pb2.py")
        text = module.read_text()
        module.write_text(text.replace(POOL_IMPORT, OWN_IMPORT).replace(DEFAULT_POOL, OWN_POOL))
        generated += [path.relative_to(out) for path in (module, module.with_suffix(".pyi")) if path.exists()]
    return generated


def find_protos(path: Path) -> tuple[Path, list[Path]]:
    """The folder that imports begin at, and the .proto files of a folder (or the one) relative to it.

    Raises:
        SystemExit: there is none.
    """
    path = path.resolve()
    protos = [path] if path.is_file() and path.suffix == ".proto" else sorted(path.rglob("*.proto"))
    if not protos:
        raise SystemExit(f'There is no .proto file at "{path}".')
    root = path.parent if path.is_file() else path
    while (root / "__init__.py").is_file():
        root = root.parent
    return root, [proto.relative_to(root) for proto in protos]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    introduction, _, details = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="python -m tryon.proto.generate",
        description=introduction,
        epilog=details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a .proto file or a folder")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    given = parser.parse_args(arguments)
    parts = [find_protos(path) for path in given.paths] or [
        (ROOT, [proto for name in FOLDERS for proto in find_protos(ROOT / name)[1]])
    ]
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        for index, (root, protos) in enumerate(parts):
            out = Path(folder) / str(index)
            out.mkdir()
            for name in generate(root, protos, out):
                fresh = (out / name).read_text()
                present = root / name
                if not present.exists() or present.read_text() != fresh:
                    stale.append(present.relative_to(ROOT) if root == ROOT else present)
                    if not given.check:
                        present.write_text(fresh)
    for name in stale:
        print(f"{'stale' if given.check else 'wrote'}: {name}")
    return 1 if given.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
