"""Find who is in front in the pictures of a data set: `python -m training.data_people DATA_DIR OUT_DIR`.

Writes `OUT_DIR/NAME.png` (0..255, hair included), so that augmentation can put people before another
background. The masks come from MediaPipe's selfie segmentation, whose .tflite lies in the mediapipe wheel
(the extra `mediapipe`; nothing of it is imported). Where it finds no person around the hair, none is written.
A stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from rich.console import Console
from rich.progress import track

from training.data import DataError, read_index, read_pair, write_image

MODEL = "modules/selfie_segmentation/selfie_segmentation.tflite"
SIZE = 256
COVERED = 0.7
"""How much of the hair has to lie in the person that was found; less of it, and the person was not found."""

LARGEST = 0.95
"""A person who covers more of the picture leaves no background to replace."""


class PersonModel:
    """MediaPipe's selfie segmentation on the CPU.

    Raises:
        DataError: if the mediapipe wheel is not installed, or has no such model.
    """

    def __init__(self) -> None:
        package = find_spec("mediapipe")
        if package is None or package.origin is None:
            raise DataError("mediapipe is not installed: pip install -e '.[mediapipe]'")
        path = Path(package.origin).parent / MODEL
        if not path.is_file():
            raise DataError(f"{path}: no such file; mediapipe 0.10.21 has it")
        self._interpreter = Interpreter(model_path=str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """Probability of a person, float32 [H, W], for a picture, uint8 [H, W, 3]."""
        small = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        self._interpreter.set_tensor(self._input, small[None])
        self._interpreter.invoke()
        found = self._interpreter.get_tensor(self._output)[0, ..., 0]
        return cv2.resize(found, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def person_mask(probability: np.ndarray, hair: np.ndarray) -> np.ndarray | None:
    """The person with the hair, uint8 [H, W], or None if what was found is not the person whose hair it is.

    Args:
        probability: of a person, float32 [H, W].
        hair: the true mask, uint8 [H, W], 0 or 255.
    """
    inside = probability > 0.5
    covered = inside[hair > 127].mean() if hair.any() else 1.0
    if covered < COVERED or not 0.02 < inside.mean() < LARGEST:
        return None
    # Doubt would show as a ghost: 0.3 and less is background, 0.7 and more person.
    return np.maximum(np.round(255 * np.clip(2.5 * probability - 0.75, 0, 1)).astype(np.uint8), hair)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with images/ and masks/")
    parser.add_argument("out", type=Path, help="folder for the masks of people, for instance runs/people")
    args = parser.parse_args()
    try:
        names = [example.name for example in read_index(args.data)]
        find_person = PersonModel()
        args.out.mkdir(parents=True, exist_ok=True)
        for name in track(names, "people", console=Console(stderr=True)):
            path = args.out / f"{name}.png"
            if path.is_file():
                continue
            image, hair = read_pair(args.data, name)
            mask = person_mask(find_person(image), hair)
            if mask is not None:
                write_image(path, mask)
    except DataError as error:
        raise SystemExit(str(error)) from error
    found = sum((args.out / f"{name}.png").is_file() for name in names)
    print(f"{found} of {len(names)} pictures -> {args.out}")


if __name__ == "__main__":
    main()
