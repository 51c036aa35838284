"""Make a validation split by picture group: `python -m training.split DATA_DIR OUT.txt`.

Near-duplicates (perceptual hashes within a few bits) and pictures of one person, as far as names tell, are
one group, and a group is on one side. Of every set in `index.csv` about the same part is held out; without
sets, of all pictures.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from training.data import DataError, Example, read_pair
from training.data_check import usable_examples

FRACTION = 0.12
SEED = 20
MAX_HASH_DISTANCE = 10
PERSON = re.compile(r"personne\d\d")


def perceptual_hash(image: np.ndarray) -> int:
    """64-bit DCT hash of an RGB uint8 picture: signs of the low frequencies against their median."""
    grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    low = cv2.dct(grey.astype(np.float32))[:8, :8].ravel()
    return sum(1 << i for i, bit in enumerate(low > np.median(low[1:])) if bit)


def groups(examples: list[Example], hashes: list[int]) -> list[list[int]]:
    """Indices of `examples` in groups: near-duplicates, or the same person in the names, transitively."""
    parent = list(range(len(examples)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    person: dict[str, int] = {}
    for i, example in enumerate(examples):
        if match := PERSON.search(example.name):
            parent[root(i)] = root(person.setdefault(match[0], i))
    for i, one in enumerate(hashes):
        for j in range(i):
            if (one ^ hashes[j]).bit_count() <= MAX_HASH_DISTANCE:
                parent[root(i)] = root(j)
    members = defaultdict(list)
    for i in range(len(examples)):
        members[root(i)].append(i)
    return list(members.values())


def validation_names(examples: list[Example], hashes: list[int]) -> list[str]:
    """Names of about `FRACTION` of each set, whole groups only, the same for the same input."""
    return hold_out(examples, groups(examples, hashes))


def hold_out(examples: list[Example], members: list[list[int]]) -> list[str]:
    """Names of about `FRACTION` of each set, whole groups of `members` only, the same for the same input."""
    by_set: dict[str, list[list[int]]] = defaultdict(list)
    for group in members:
        by_set[examples[group[0]].set].append(group)
    rng = np.random.default_rng(SEED)
    names = []
    for _, candidates in sorted(by_set.items()):
        wanted = FRACTION * sum(map(len, candidates))
        taken = 0
        for k in rng.permutation(len(candidates)):
            if taken >= wanted:
                break
            names += [examples[i].name for i in candidates[k]]
            taken += len(candidates[k])
    return sorted(names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with images/, masks/ and, if wanted, index.csv")
    parser.add_argument("out", type=Path, help="file of names to write")
    parser.add_argument("--skip-bad", action="store_true", help="leave bad pictures out")
    args = parser.parse_args()
    try:
        examples, _ = usable_examples(args.data, skip_bad=args.skip_bad)
    except DataError as error:
        raise SystemExit(str(error)) from error
    hashes = [perceptual_hash(read_pair(args.data, example.name)[0]) for example in examples]
    names = validation_names(examples, hashes)
    header = (
        f"# Validation pictures, {FRACTION:.0%} of each set: whole groups of near-duplicates (64-bit\n"
        f"# perceptual hash, up to {MAX_HASH_DISTANCE} bits apart) and of persons (as far as names tell).\n"
        "# Made by training/split.py.\n"
    )
    args.out.write_text(header + "".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{len(names)} of {len(examples)} pictures -> {args.out}")


if __name__ == "__main__":
    main()
