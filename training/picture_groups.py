"""Which pictures belong together: near-duplicates, and pictures that show the same thing.

A validation split holds such a group out as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from training.split import MAX_HASH_DISTANCE, perceptual_hash

SEED = 5
SIDE = 256
POINTS = 120
NEIGHBOURS = 4
MAX_POINT_DISTANCE = 250.0
MIN_VOTES = 4
MIN_INLIERS = 5
SEARCH_CHECKS = 32

Points = tuple[np.ndarray, np.ndarray]
"""Places, float32 [n, 2], and descriptors, float32 [n, 128]."""


def turned_hashes(image: np.ndarray) -> list[int]:
    """Perceptual hashes of an RGB picture, as it is first, then turned by right angles and flipped."""
    small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)
    sides = (small, np.ascontiguousarray(small[:, ::-1]))
    return [perceptual_hash(np.ascontiguousarray(np.rot90(side, k))) for side in sides for k in range(4)]


def points(image: np.ndarray) -> Points:
    """The strongest SIFT points of an RGB picture."""
    scale = SIDE / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    found, descriptors = cv2.SIFT_create(POINTS).detectAndCompute(grey, None)
    if descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    return np.float32([point.pt for point in found]), descriptors


def same_hash(hashes: Sequence[Sequence[int]]) -> Iterable[tuple[int, int]]:
    """Pairs of pictures one of which is nearly the other, perhaps turned by right angles or flipped."""
    upright = np.array([turned[0] for turned in hashes], np.uint64)
    for i, turned in enumerate(hashes):
        for one in turned:
            distances = np.unpackbits((upright[:i] ^ np.uint64(one)).view(np.uint8).reshape(-1, 8), axis=1)
            yield from ((i, int(j)) for j in np.flatnonzero(distances.sum(1) <= MAX_HASH_DISTANCE))


def same_scene(pictures: Sequence[Points]) -> Iterable[tuple[int, int]]:
    """Pairs of pictures with enough points that one similarity carries from one to the other."""
    owner = np.repeat(np.arange(len(pictures)), [len(places) for places, _ in pictures])
    places = np.concatenate([places for places, _ in pictures])
    descriptors = np.concatenate([descriptors for _, descriptors in pictures])
    if len(descriptors) <= NEIGHBOURS:
        return
    cv2.setRNGSeed(SEED)
    index = cv2.flann.Index(descriptors, {"algorithm": 1, "trees": 4, "random_seed": SEED})
    neighbours, distances = index.knnSearch(descriptors, NEIGHBOURS + 1, params={"checks": SEARCH_CHECKS})
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for point, near in zip(*np.nonzero(distances < MAX_POINT_DISTANCE**2), strict=True):
        other = neighbours[point, near]
        if owner[other] < owner[point]:
            pairs[int(owner[point]), int(owner[other])].append((point, other))
    for pair, matches in pairs.items():
        if len(matches) < MIN_VOTES:
            continue
        here, there = np.array(matches).T
        _, inliers = cv2.estimateAffinePartial2D(places[here], places[there], ransacReprojThreshold=4.0)
        if inliers is not None and len(np.unique(here[inliers[:, 0] > 0])) >= MIN_INLIERS:
            yield pair


def join(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The numbers below `count` in groups: joined by pairs, transitively."""
    parent = list(range(count))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for one, other in pairs:
        parent[root(one)] = root(other)
    members = defaultdict(list)
    for i in range(count):
        members[root(i)].append(i)
    return list(members.values())
