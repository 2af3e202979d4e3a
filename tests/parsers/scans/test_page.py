"""A page is laid flat and freed of its seal without losing what stands on it. No OCR."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from flows.demo.scanner import blur, jpeg
from flows.demo.sheet import font_file
from parsers.page.page import even_light, find_sheet, take_out_red

RED = np.array([226, 60, 66], dtype=np.float32) / 255


def printed(words: str) -> np.ndarray:
    page = Image.new("RGB", (900, 300), (250, 249, 246))
    ImageDraw.Draw(page).text(
        (40, 160), words, fill=(28, 28, 30), font=ImageFont.truetype(font_file("serif"), 44), anchor="ls"
    )
    return np.asarray(page)


def stamped(page: np.ndarray) -> np.ndarray:
    """Press a ring with a filled star's worth of red over the words, as ink does: by multiplication."""
    mask = np.zeros(page.shape[:2], np.uint8)
    cv2.circle(mask, (420, 150), 110, 255, 12)
    cv2.circle(mask, (420, 150), 45, 255, -1)
    share = mask.astype(np.float32)[..., None] / 255
    return np.clip(page * (1 - share) + page * RED * share, 0, 255).astype(np.uint8)


def scanned(page: np.ndarray, sigma: float) -> np.ndarray:
    worn = blur(page, sigma)
    return even_light(np.asarray(Image.open(io.BytesIO(jpeg(worn, 60))).convert("RGB")))


def test_print_under_a_seal_survives_when_the_seal_is_taken_out() -> None:
    for sigma in (0.5, 1.2):
        page = printed("二〇二六年三月二十日承百")
        without = take_out_red(scanned(page, sigma))
        freed = take_out_red(scanned(stamped(page), sigma))
        words, found = without < 140, freed < 140
        near = cv2.dilate(words.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
        # Nine tenths of the ink of the words are there, and no ink stands away from them.
        assert (words & found).sum() > 0.9 * words.sum()
        assert (found & ~near).sum() < 0.01 * words.sum()


def test_taken_out_in_part_the_seal_leaves_a_trace_and_every_stroke_stays() -> None:
    page = printed("二〇二六年三月二十日承百")
    words = take_out_red(scanned(page, 1.2)) < 140

    partly = take_out_red(scanned(stamped(page), 1.2), wholly=False)

    assert (words & (partly < 160)).sum() > 0.95 * words.sum()


def test_a_shadow_across_the_sheet_is_not_taken_for_its_edge() -> None:
    desk = np.full((1200, 900, 3), (70, 120, 80), np.uint8)
    corners = np.array([[80, 70], [820, 90], [840, 1120], [60, 1100]], dtype=np.int32)
    cv2.fillPoly(desk, [corners], (242, 240, 236))
    # A mark a little inside each corner of the sheet tells whether all of it was kept.
    marks = [(110, 105), (790, 120), (800, 1085), (95, 1065)]
    for place in marks:
        cv2.circle(desk, place, 9, (20, 20, 20), -1)
    shade = 1 / (1 + np.exp(-(np.linspace(0, 1, 900) - 0.3) * 12))
    photographed = np.clip(desk * (0.45 + 0.55 * shade)[None, :, None], 0, 255).astype(np.uint8)

    sheet = find_sheet(photographed)

    assert sheet is not None
    dark = cv2.morphologyEx(
        (even_light(sheet).max(axis=2) < 120).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)
    )
    height, width = dark.shape
    for rows in (slice(0, height // 6), slice(-height // 6, None)):
        for columns in (slice(0, width // 6), slice(-width // 6, None)):
            assert dark[rows, columns].any()
