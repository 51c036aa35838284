# ruff: noqa: E501 (a row of a Markdown table cannot be broken)
"""Model cards."""

from __future__ import annotations

from typing import Any

HAIR = """# {name}: hair segmentation

Finds hair in a video frame. The network is an hourglass after "Real-time Hair Segmentation and Recoloring on
Mobile GPUs" (Tkachenka et al., Google, 2019), trained from random weights. It is built in `hair.py` beside this
card.

| | |
|---|---|
| input | `{name}.tflite` takes float32 {input}: RGB / 255, and in the fourth channel the previous frame's mask in [0, 1] (zeros on the first frame). Stretch the frame to the square, with area averaging when it shrinks |
| output | float32 {output}: the probability of hair in [0, 1]; one label, `hair` |
| parameters | {parameters:,} |
| multiply-adds | {millions:.0f} million |
| file | {kilobytes:.0f} kB, weights in float16, arithmetic in float32 |
| operators | {operator_names}: all are taken by the TFLite GPU delegate |
| against Keras | outputs differ by at most {keras_difference:.1g} |

## Scores
Intersection over union at threshold 0.5, one picture at a time with an empty previous mask, compared at the
picture's own size, on {pictures} pictures held out in groups of near-duplicates and persons
(`training/splits/hair_val.txt`). The held-out pictures chose the best of the run's epochs.

| set | mean IoU |
|---|---|
{scores}

![Loss and validation scores by epoch]({name}_curves.png)

{epochs} epochs, {hours} hours on two CPU cores that did other work besides, seed {seed},
`training/configs/{name}.toml`, which also says what was changed on the way; every epoch's figures are in
`{name}.json`. The dotted lines are changes of the picture size; scores left and right of one are measured at
different sizes.

## Training data
Figaro1k (its official training part, 840 pictures), CelebAMask-HQ (1,831 portraits) and FASSEG V3 (182
pictures of 7 persons), less the held-out ones. As backgrounds without hair: the hairless sides of the same
pictures, and 708 pictures of hands from an export that claims CC BY 4.0.

**Research use: trained on pictures whose licences do not all allow commercial use.** The code and this file are
under Apache-2.0.

To train on your own pictures, make a folder with `images/NAME.jpg`, `masks/NAME.png` (white = hair) and
`index.csv` (columns `name`, `set`), name the sets and how often each is drawn in `SHARES` of
`training/hair.py`, put pictures without hair into the folder `backgrounds` of `training/configs/{name}.toml`,
and run

    python -m training.split DATA training/splits/hair_val.txt
    python -m training.fit {name} --data DATA
    python -m training.export {name} --data DATA

## Limits
Among the held-out pictures the worst are hats and hoods (taken for hair), beards, white and grey hair, and dark
hair before something dark. Nearly every training picture shows one large head: in wide scenes with small heads
the background can be taken for hair. The edge is as sharp as {side} pixels across the frame allow.
"""


def write_card(facts: dict[str, Any]) -> str:
    """The card of a hair model as Markdown, from the facts that `training.export` writes as JSON."""
    validation = facts["validation"]
    rows = {
        **validation["per_set"],
        "all": validation["mean_iou"],
        "all, by pixels": validation["pooled_iou"],
    }
    return HAIR.format(
        **facts,
        millions=facts["multiply_adds"] / 1e6,
        kilobytes=facts["bytes"] / 1000,
        operator_names=", ".join(facts["operators"]),
        pictures=validation["pictures"],
        scores="\n".join(f"| {name} | {value:.3f} |" for name, value in rows.items()),
        side=facts["input"][1],
    )
