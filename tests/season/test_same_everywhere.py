"""The demo's papers have the same bytes on every processor: so do their sizes in letters and their hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MAKE = """
import hashlib
from flows.demo.papers import invent_words, make_form, make_photo
for scenario in ("scan200", "phone", "poor", "hand"):
    words = invent_words(5)
    print(hashlib.sha256(make_form(words, seal=words.applicant, scenario=scenario, seed=5)).hexdigest())
print(hashlib.sha256(make_photo(5)).hexdigest())
"""
OLDER = {
    "OPENCV_CPU_DISABLE": "AVX,AVX2,FP16,AVX512-SKX",
    "OPENCV_IPP": "disabled",
    "OPENCV_LOG_LEVEL": "SILENT",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
    "JSIMD_FORCENONE": "1",
}
"""As if the processor were an older one, to OpenCV, numpy and libjpeg-turbo; unknown names are passed over."""


def made(**settings: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    done = subprocess.run([sys.executable, "-c", MAKE], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_papers_and_photos_have_the_same_bytes_on_an_older_processor() -> None:
    here = made()

    assert len(set(here)) == 5
    assert made(**OLDER) == here
