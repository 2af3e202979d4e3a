"""How often two pictures look alike: pictures saved anew against different pictures of one scene or kind.

``python -m bench.likeness [--pictures FOLDER] [--seed N]``: the folder holds photographs (jpg, png); without one the
demo's made photos serve. Printed is how many pairs look alike, and so go to staff:
pictures saved anew (quality 30 to 95, a quarter to full size), second shots of one scene moved by 1 to 5 %,
and different products on white. Nobody is told that two such photos are one.
"""

from __future__ import annotations

import argparse
import io
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from flows.checks.likeness import look_alike
from flows.demo.papers import make_photo
from parsers.facts.looks import PictureFacts
from parsers.photo.photo import hash_of

COPIES, SHOTS, PRODUCTS = 40, 80, 70


def facts(picture: Image.Image, quality: int = 95, chroma: int = 0) -> PictureFacts:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=chroma)
    seen = np.asarray(Image.open(out).convert("RGB"))
    return PictureFacts(seen.shape[1], seen.shape[0], phash=hash_of(seen))


def scenes(folder: Path | None) -> Iterator[Image.Image]:
    if folder is None:
        yield from (Image.open(io.BytesIO(make_photo(seed, 1200, 900))).convert("RGB") for seed in range(12))
        return
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in {".jpg", ".jpeg", ".png"}:
            yield Image.open(path).convert("RGB")


def saved_anew(picture: Image.Image, rng: random.Random) -> PictureFacts:
    scale = rng.uniform(0.25, 1.0)
    ways = [Image.Resampling.BICUBIC, Image.Resampling.BOX, Image.Resampling.LANCZOS, Image.Resampling.BILINEAR]
    size = (max(64, round(picture.width * scale)), max(64, round(picture.height * scale)))
    return facts(picture.resize(size, rng.choice(ways)), rng.choice([30, 50, 70, 85, 95]), rng.choice([0, 1, 2]))


def second_shot(picture: Image.Image, rng: random.Random) -> PictureFacts:
    """The same scene a moment later: the camera a hand further, turned a little, the light a little other."""
    moved = rng.choice([0.01, 0.02, 0.03, 0.05])
    pixels = np.asarray(picture)
    high, wide = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.uniform(-30, 30) * moved, 1 + rng.uniform(0, moved))
    turn[:, 2] += [rng.choice([-1, 1]) * wide * moved, rng.choice([-1, 1]) * high * moved]
    seen = cv2.warpAffine(pixels, turn, (wide, high), borderMode=cv2.BORDER_REFLECT).astype(np.float32)
    lit = np.clip(seen * rng.uniform(0.97, 1.03), 0, 255).astype(np.uint8)
    return facts(Image.fromarray(lit), rng.choice([70, 85, 95]))


def product(seed: int) -> PictureFacts:
    """One product on pure white, in the middle, as a catalogue shows it."""
    rng = random.Random(seed)
    page = np.full((900, 1200, 3), 255, np.uint8)
    colour = [rng.randint(40, 200) for _ in range(3)]
    for _ in range(rng.randint(2, 5)):
        x, y = 600 + rng.randint(-120, 120), 450 + rng.randint(-90, 90)
        across, down = rng.randint(60, 260), rng.randint(50, 200)
        tone = tuple(min(255, max(0, one + rng.randint(-30, 30))) for one in colour)
        if rng.random() < 0.5:
            cv2.rectangle(page, (x - across, y - down), (x + across, y + down), tone, -1)
        else:
            cv2.ellipse(page, (x, y), (across, down), rng.randint(0, 180), 0, 360, tone, -1)
    return facts(Image.fromarray(page))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    same: list[tuple[PictureFacts, PictureFacts]] = []
    shots: list[tuple[PictureFacts, PictureFacts]] = []
    for picture in scenes(asked.pictures):
        own = facts(picture)
        same += [(own, saved_anew(picture, rng)) for _ in range(COPIES)]
        shots += [(own, second_shot(picture, rng)) for _ in range(SHOTS)]
    products = list(itertools.combinations([product(asked.seed * 1000 + one) for one in range(PRODUCTS)], 2))
    for name, pairs in (("saved anew", same), ("second shots", shots), ("products on white", products)):
        alike = sum(look_alike(one.phash, other.phash) for one, other in pairs)
        print(f"{name}: {len(pairs)} pairs, {alike} look alike")


if __name__ == "__main__":
    main()
