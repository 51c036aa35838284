# ruff: noqa: E501 (a row of a Markdown table cannot be broken)
"""Model cards of face detectors."""

from __future__ import annotations

from typing import Any

DETECTOR = """# {name}: face detection

Finds faces in a whole frame: a box, the eyes, the tip of the nose and the mouth of each. Anchor-free, after
"Objects as Points" (Zhou et al., 2019), on inverted residual blocks; built in `face_detector.py` beside this card.

| | |
|---|---|
| input | `image`, float32 {input}: RGB in [-1, 1]. Fit the frame into the square without stretching it, averaging what shrinks, black beside it |
| output `boxes` | float32 {output[boxes]}: for each cell of 8 x 8 pixels, row by row, the way from its middle to the face's (x, y), the logarithms of the face's width and height, and the ways to the right eye, left eye, nose and mouth (right is the owner's), all in sides of the input |
| output `scores` | float32 {output[scores]}: the probability that the middle of a face is in the cell |
| parameters | {parameters:,} |
| multiply-adds | {millions:.0f} million |
| file | {kilobytes:.0f} kB, weights in {weights}, arithmetic in float32 |
| operators | {operator_names}: all are taken by the TFLite GPU delegate |
| against Keras | outputs differ by at most {keras_difference:.1g} |

MediaPipe's own SsdAnchorsCalculator, TensorsToDetectionsCalculator and NonMaxSuppressionCalculator read it with the
options in `graphs/subgraphs/face_tracking.pbtxt`. A face's box is that of its 68 landmarks and of its brows moved
away from the chin by a quarter of the way from it.

## Scores
{faces} held-out faces (`training/splits/faces_val.txt`), each put into frames of 640 x 480 at five sizes, turned by
up to 30 degrees, before pictures without faces; and {empty} of these pictures alone, which training did not see.
Found is a face at IoU 0.5 and a score of 0.5: `python -m training.evaluate detector`. The same faces, in other
scenes, chose the best of the run's epochs.

| | {detectors} |
|---|{rules}
{scores}

MediaPipe's near-face detector, where it is named, saw the same frames, its boxes moved and scaled to ours
(`training/data_detector.py`). It chose the pictures without faces: its false alarms are none by construction.

![Loss and validation scores by epoch]({name}_curves.png)

## Training
{epochs} epochs, {hours} hours on two CPU cores that did other work besides, seed {seed},
`training/configs/{name}.toml`; every epoch's figures are in `{name}.json`. The first
epochs saw smaller inputs and other scenes: [what each step gave](landmarks_training.md#the-face-detector).

## Training data
2,009 faces of 300-W's training sets (helen, lfpw, afw: 64 % of it) less the held-out ones, with boxes from their
landmarks; 2,396 portraits of Figaro1k, CelebAMask-HQ and FASSEG with boxes by MediaPipe's detectors
(`training/labels/faces.md`); as backgrounds, pictures of nails in which these found no face.

**Research use: trained on pictures whose licences do not all allow commercial use.** The code and this file are
under Apache-2.0.

How to train on your own pictures: `docs/training.md`.
"""


def write_detector_card(facts: dict[str, Any]) -> str:
    """The card of a face detector as Markdown, from the facts that `training.export` writes as JSON."""
    scores = facts["validation"]
    names = list(scores["recall"])
    rows = [
        (f"{row['low']:.0%} to {row['high']:.0%} of the frame's height", row["recall"])
        for row in scores["sizes"]
    ]
    rows += [
        ("all sizes", scores["recall"]),
        ("pictures without faces that show one", scores["false_alarms"]),
    ]
    return DETECTOR.format(
        **facts,
        millions=facts["multiply_adds"] / 1e6,
        kilobytes=facts["bytes"] / 1000,
        operator_names=", ".join(facts["operators"]),
        faces=scores["sizes"][0]["faces"],
        empty=scores["empty"],
        detectors=" | ".join(names),
        rules="---|" * len(names),
        scores="\n".join(
            f"| {title} | {' | '.join(f'{by[name]:.3f}' for name in names)} |" for title, by in rows
        ),
    )
