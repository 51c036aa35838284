# ruff: noqa: E501 (a row of a Markdown table cannot be broken)
"""Model cards."""

from __future__ import annotations

from typing import Any

HAIR = """# {name}: hair segmentation

Finds hair in a video frame. The network is an hourglass after "Real-time Hair Segmentation and Recoloring on
Mobile GPUs" (Tkachenka et al., Google, 2019). It is built in `hair.py` beside this card.{scale}

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
{pictures} pictures, held out in groups of near-duplicates and persons (`training/splits/hair_val.txt`), one at a
time with an empty previous mask, through the graph that users run up to its `hair_mask`, compared at the
picture's own size. IoU and F1 at threshold 0.5, means of the pictures; boundary F at 2 pixels; AUROC of the
network's probability over all pixels. The held-out pictures chose the best of the run's epochs.

| | pictures | IoU | F1 | boundary F | AUROC |
|---|---|---|---|---|---|
{scores}

By all pixels the IoU is {pooled:.3f}. The network's own mask, enlarged without a look at the picture, has an IoU of
{network[mean_iou]:.3f} and a boundary F of {network[boundary_f]:.3f}.

![Loss and validation scores by epoch]({name}_curves.png)

## Training
{epochs} epochs, {hours} hours on two CPU cores that did other work besides, seed {seed},
`training/configs/{name}.toml`; every epoch's figures are in `{name}.json`. In the curves, the dotted lines are
changes of the picture size; scores left and right of one are measured at different sizes.

The steps before: a network of the same kind learned the true masks from random weights
(`training/configs/hair_256_labels.toml`, whose head says how), and a large one (`hair_teacher.py`, an
EfficientNet-Lite2 encoder that starts from ImageNet weights) learned them too. The large one labelled
everything again (`training/distill.py`): the small network learned from the mean of truth and teacher, and from
the teacher alone on pictures and frames that have no true mask (`training/configs/hair_256_taught.toml`). What
each step gave, and the ablations, are in [hair_training.md](hair_training.md).

## Training data
Figaro1k (its official training part, 840 pictures), CelebAMask-HQ (1,831 portraits) and FASSEG V3 (182
pictures of 7 persons), less the held-out ones. Without true masks: 2,009 faces of 300-W, 270 frames of seven
clips, and for hair_256 30 frames of the demo's clip. As backgrounds without hair: the hairless sides of the pictures, and 708 pictures of hands from an export
that claims CC BY 4.0. Where MediaPipe's selfie segmentation found the person, people were also put before other
backgrounds. The ImageNet weights of the teacher's encoder are Google's (Apache-2.0).

**Research use: trained on pictures whose licences do not all allow commercial use.** The code and this file are
under Apache-2.0.

How to train on your own pictures: `docs/training.md`.

## Limits
Among the held-out pictures the worst are hats and hoods, beards, white and grey hair, and dark hair before
something dark. The outline is as sharp as {side} pixels across the frame allow; the graph refines it by the
picture.
"""


def write_card(facts: dict[str, Any]) -> str:
    """The card of a hair model as Markdown, from the facts that `training.export` writes as JSON."""
    validation, side, inner = (
        facts["validation"],
        facts["input"][1],
        facts.get("inner_size", facts["input"][1]),
    )
    rows = {**validation["per_set"], "all": validation}
    return HAIR.format(
        **facts,
        scale=f" It works at {inner} x {inner}, to which it scales its input." if inner != side else "",
        millions=facts["multiply_adds"] / 1e6,
        kilobytes=facts["bytes"] / 1000,
        operator_names=", ".join(facts["operators"]),
        pictures=validation["pictures"],
        pooled=validation["pooled_iou"],
        network=validation["network"],
        scores="\n".join(
            f"| {name} | {row['pictures']} | {row['mean_iou']:.3f} | {row['f1']:.3f} | "
            f"{row['boundary_f']:.3f} | {row['auroc']:.4f} |"
            for name, row in rows.items()
        ),
        # The mask is computed at half of the size that the network works at.
        side=inner // 2,
    )
