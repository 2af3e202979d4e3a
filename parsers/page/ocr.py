"""Reads lines of printed or written Chinese from pictures (文字识别), offline, with PP-OCR models from the wheels.

The detector works on a small copy of the page, the recogniser on crops from the full one: most of the time of a
plain OCR call is spent on detecting in more pixels than detecting needs, most of its errors come from recognising
in fewer than recognising needs. Models are loaded once per process. The line classifier of the engine stays off: it
turns long lines upside down; the page's orientation is settled before.
"""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.page.upright import Upright

Pixels = NDArray[Any]
Quad = NDArray[np.float32]

ENGINE = "rapidocr 3.10.0 PP-OCRv6-small"
"""Named with every value kept, so that a change of engine can be seen in the store."""
_TRADITIONAL = (
    "電學問報時間協會業聯機術國東華車門長風馬龍廣實發開關產質動運輪軸標準創測"
    "設計導體訊訓環鋼鐵銅鋁錢銳聖寧溫紹興區鎮縣單縫紡織經濟總貿藥醫飛慶豐衛達遠"
)
_SIMPLE = (
    "电学问报时间协会业联机术国东华车门长风马龙广实发开关产质动运轮轴标准创测"
    "设计导体讯训环钢铁铜铝钱锐圣宁温绍兴区镇县单缝纺织经济总贸药医飞庆丰卫达远"
)
SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLE)
"""The engine sees traditional letters now and then on forms that have none."""
_BATCH = 6
_HEIGHT = 48
_WIDEST = 2400


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in one crop. ``spots`` are the middles of the letters as shares of the crop's width."""

    text: str
    score: float
    """Mean probability of the letters, 0 to 1."""
    letters: tuple[float, ...]
    """Probability of each letter."""
    spots: tuple[float, ...]

    @property
    def weakest(self) -> float:
        """Probability of the least sure letter; 0 where nothing was read."""
        return min(self.letters, default=0.0)


NOTHING = Reading("", 0.0, (), ())


class Reader:
    """The three models of one process: where lines are, what they say, which way up the page is.

    ``threads`` is how many cores one model may use. Calls are serialised: the engine keeps state between the
    steps of a call.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        _silence()
        from rapidocr import RapidOCR  # noqa: PLC0415 - a second of import that most flows never need

        engine: Any = RapidOCR(
            params={
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Global.use_cls": False,
                "Global.log_level": "error",
            }
        )
        _silence()
        self._detect = engine._load_det_model()  # noqa: SLF001 - the public call cannot batch crops of our own
        self._recognise = engine._load_rec_model()  # noqa: SLF001 - likewise
        self._letters: list[str] = list(self._recognise.postprocess_op.character)
        self._upright = Upright(threads)
        self._lock = threading.Lock()

    def find_lines(self, page: Pixels, *, long_side: int = 1280) -> list[Quad]:
        """Return the corners (left top, right top, right bottom, left bottom) of every line, in page pixels."""
        height, width = page.shape[:2]
        scale = min(1.0, long_side / max(height, width))
        small = page
        if scale < 1.0:
            small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        with self._lock:
            # The engine enlarges small pictures to 736 pixels on the shorter side by itself.
            found = self._detect(_three_channels(small))
        if found.boxes is None:
            return []
        return [np.asarray(box, dtype=np.float32) / scale for box in found.boxes]

    def read(self, crops: list[Pixels]) -> list[Reading]:
        """Read each crop as one line; a crop too thin to hold letters gives ``NOTHING``."""
        results = [NOTHING] * len(crops)
        ready = [(_as_input(crop), index) for index, crop in enumerate(crops) if min(crop.shape[:2]) >= 6]
        ready.sort(key=lambda item: item[0].shape[2])
        for start in range(0, len(ready), _BATCH):
            batch = ready[start : start + _BATCH]
            widest = max(320, *(item.shape[2] for item, _ in batch))
            stack = np.zeros((len(batch), 3, _HEIGHT, widest), dtype=np.float32)
            for row, (item, _) in enumerate(batch):
                stack[row, :, :, : item.shape[2]] = item
            with self._lock:
                chances = np.asarray(self._recognise.session(stack))
            for row, (item, index) in enumerate(batch):
                results[index] = self._decode(chances[row], item.shape[2] / widest)
        return results

    def chances(self, crops: list[Pixels]) -> list[NDArray[Any]]:
        """Return for each crop, read as one line, what each step of it may say: steps × letters, column 0 for none."""
        found = []
        for crop in crops:
            with self._lock:
                found.append(np.asarray(self._recognise.session(_as_input(crop)[None])[0]))
        return found

    @property
    def letters(self) -> tuple[str, ...]:
        """Which letter stands in which column of ``chances``; the first is no letter."""
        return tuple(self._letters)

    def columns(self, letters: str) -> tuple[int, ...]:
        """Return in which columns of ``chances`` these letters stand; unknown letters have none."""
        return tuple(self._letters.index(letter) for letter in letters if letter in self._letters)

    def upright_turn(self, page: Pixels) -> tuple[int, float]:
        """Return by how many degrees clockwise the page lies turned (0, 90, 180, 270), and how sure that is."""
        with self._lock:
            return self._upright.turn(_three_channels(page))

    def _decode(self, chances: NDArray[Any], used: float) -> Reading:
        """Collapse the time steps to letters, each with its probability and its place."""
        steps = len(chances)
        best = chances.argmax(axis=1)
        text: list[str] = []
        scores: list[float] = []
        spots: list[float] = []
        start = 0
        while start < steps:
            letter, end = int(best[start]), start
            while end < steps and best[end] == letter:
                end += 1
            if letter != 0:
                run = chances[start:end, letter]
                text.append(self._letters[letter])
                scores.append(float(run.max()))
                spots.append(min(1.0, (start + end) / 2 / steps / used))
            start = end
        mean = float(np.mean(scores)) if scores else 0.0
        return Reading("".join(text), mean, tuple(scores), tuple(spots))


_loading = threading.Lock()
_loaded: list[Reader] = []
_cores: list[int] = [1]


def share_cores(threads: int) -> None:
    """Say how many cores a model may use in this process, before the first page is read.

    Idle threads of the engine spin: on two cores, two workers with two threads each spend nearly twice the
    processor time of two workers with one.
    """
    _cores[0] = max(1, threads)


def reader(threads: int = 0) -> Reader:
    """Return this process's reader; the first call loads the models (about three seconds).

    The first call also decides how many cores a model may use: ``threads``, else what ``share_cores`` said, else one.
    """
    with _loading:
        if not _loaded:
            _loaded.append(Reader(threads or _cores[0]))
        return _loaded[0]


def cut_out(page: Pixels, quad: Quad, *, pad: float = 0.0) -> Pixels:
    """Return the picture inside the four corners, laid straight; ``pad`` widens it by that share of its height."""
    corners = quad.astype(np.float32).copy()
    along = corners[1] - corners[0]
    down = corners[3] - corners[0]
    length, height = float(np.linalg.norm(along)), float(np.linalg.norm(down))
    if length < 1 or height < 1:
        return np.full((1, 1, 3), 255, dtype=np.uint8)
    if pad:
        out, up = along / length * height * pad, down / height * height * pad
        corners += np.array([-out - up, out - up, out + up, -out + up], dtype=np.float32)
        length, height = length + 2 * height * pad, height * (1 + 2 * pad)
    size = (max(1, math.ceil(length)), max(1, math.ceil(height)))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    return cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _as_input(crop: Pixels) -> NDArray[np.float32]:
    crop = _three_channels(crop)
    width = min(_WIDEST, max(8, math.ceil(_HEIGHT * crop.shape[1] / crop.shape[0])))
    shrinking = crop.shape[0] > _HEIGHT * 1.5
    resized = cv2.resize(crop, (width, _HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
    return np.asarray(resized.astype(np.float32).transpose(2, 0, 1) / 127.5 - 1.0, dtype=np.float32)


def _three_channels(picture: Pixels) -> Pixels:
    return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR) if picture.ndim == 2 else picture


def _silence() -> None:
    """Take the engine's own coloured handlers away: its words go where ours go, or nowhere."""
    for name in ("RapidOCR",):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.ERROR)
