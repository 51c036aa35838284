"""Generates the protobuf code: `python -m tryon.proto.generate`.

Every .proto below tryon/ and calculators/ gives a `_pb2.py` and a `_pb2.pyi` beside it, bound to
`tryon.proto.pool.POOL` rather than to protobuf's default pool. With `--check` nothing is written;
the exit status is 1 when a committed file differs from what would be generated.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("tryon", "calculators")
DEFAULT_POOL = "_descriptor_pool.Default()"
OWN_POOL = "_tryon_pool.POOL"
POOL_IMPORT = "from google.protobuf import descriptor_pool as _descriptor_pool"
OWN_IMPORT = "from tryon.proto import pool as _tryon_pool"


def generate(root: Path, out: Path) -> list[Path]:
    """Generates the code of every .proto below `root` into `out`; returns the paths relative to it."""
    protos = sorted(p.relative_to(root) for folder in FOLDERS for p in (root / folder).rglob("*.proto"))
    include = Path(protoc.__file__).parent / "_proto"
    plugin = Path(sys.executable).with_name("protoc-gen-mypy")
    arguments = ["protoc", f"-I{root}", f"-I{include}", f"--plugin=protoc-gen-mypy={plugin}"]
    arguments += [f"--python_out={out}", f"--mypy_out=quiet:{out}"]
    if protoc.main([*arguments, *map(str, protos)]):
        raise SystemExit("protoc failed; its message is above")
    generated = []
    for proto in protos:
        module = out / proto.with_name(f"{proto.stem}_pb2.py")
        text = module.read_text()
        module.write_text(text.replace(POOL_IMPORT, OWN_IMPORT).replace(DEFAULT_POOL, OWN_POOL))
        generated += [module.relative_to(out), module.with_suffix(".pyi").relative_to(out)]
    return generated


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tryon.proto.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        stale = []
        for name in generate(ROOT, out):
            fresh = (out / name).read_text()
            committed = ROOT / name
            if not committed.exists() or committed.read_text() != fresh:
                stale.append(name)
                if not check:
                    committed.write_text(fresh)
    for name in stale:
        print(f"{'stale' if check else 'wrote'}: {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
