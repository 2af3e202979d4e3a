"""Makes photographs (照片) that differ from one another as photographs do, from a seed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from flows.demo import scanner
from flows.demo.exactly import exactly

Shares = NDArray[np.float32]


@exactly
def make_photo(seed: int, width: int = 1600, height: int = 1200) -> bytes:
    """Return a lifelike picture as JPEG: light, ground, buildings or machines, texture and grain.

    Two seeds give two pictures that no perceptual hash takes for the same; one seed gives the same bytes always.
    """
    rng = np.random.default_rng([seed, 77])
    scene = _light(height, width, rng)
    for _ in range(int(rng.integers(7, 14))):
        _thing(scene, rng)
    scene *= 0.75 + 0.5 * _cloud(height, width, rng)[..., None]
    scene += 14 * (_cloud(height, width, rng, roughness=0.35)[..., None] - 0.5)
    return scanner.jpeg(scanner.noise(np.clip(scene, 0, 255).astype(np.uint8), 4.0, rng), 86)


def _light(height: int, width: int, rng: np.random.Generator) -> Shares:
    top, bottom = rng.uniform(60, 240, 3), rng.uniform(30, 190, 3)
    slope = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    scene = (top * (1 - slope) + bottom * slope) * np.ones((1, width, 1))
    horizon = int(height * rng.uniform(0.45, 0.75))
    scene[horizon:] *= rng.uniform(0.45, 0.85)
    return np.asarray(scene, dtype=np.float32)


def _thing(scene: Shares, rng: np.random.Generator) -> None:
    height, width = scene.shape[:2]
    colour = tuple(float(value) for value in rng.uniform(15, 245, 3))
    x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
    w, h = int(rng.uniform(0.08, 0.45) * width), int(rng.uniform(0.08, 0.5) * height)
    kind = int(rng.integers(0, 3))
    if kind == 0:
        cv2.rectangle(scene, (x - w // 2, y - h // 2), (x + w // 2, y + h // 2), colour, -1)
        windows = tuple(value * 0.6 for value in colour)
        step = max(12, w // 7)
        for left in range(x - w // 2 + step // 3, x + w // 2 - step // 2, step):
            cv2.rectangle(scene, (left, y - h // 3), (left + step // 2, y - h // 6), windows, -1)
    elif kind == 1:
        cv2.ellipse(scene, (x, y), (w // 2, h // 2), float(rng.uniform(0, 180)), 0, 360, colour, -1)
    else:
        corners = np.array([[x, y], [x + w, y + h // 4], [x + w // 2, y + h], [x - w // 3, y + h // 2]], dtype=np.int32)
        cv2.fillPoly(scene, [corners], colour)


def _cloud(height: int, width: int, rng: np.random.Generator, roughness: float = 0.6) -> Shares:
    total = np.zeros((height, width), dtype=np.float32)
    share, whole = 1.0, 0.0
    for cells in (3, 6, 12, 24, 48, 96, 192):
        layer = rng.random((cells, cells)).astype(np.float32)
        total += share * cv2.resize(layer, (width, height), interpolation=cv2.INTER_CUBIC)
        whole += share
        share *= roughness
    return np.asarray(total / whole, dtype=np.float32)
