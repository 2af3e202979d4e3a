"""Plays the season's goldens as on other processors (不同处理器): three settings, shuffled, with one and two workers.

    python bench/processors.py [--seeds 1,2,3] [--workers 1,2] [TEST …]

The settings take instruction sets away from numpy, OpenBLAS, OpenCV and libjpeg-turbo. ONNX Runtime chooses by itself
and knows no such switch: in the last setting its graphs run unoptimised, so that its sums come out in another order,
as they do on another processor. Prints a table; exits 1 where a test fails.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SEASON = "tests/season/test_season.py"
_NO_512 = "X86_V4 AVX512_ICL AVX512_SPR"
SETTINGS = {
    "this processor": {},
    "no AVX-512": {
        "OPENBLAS_CORETYPE": "Haswell",
        "OPENCV_CPU_DISABLE": "AVX512-SKX",
        "NPY_DISABLE_CPU_FEATURES": _NO_512,
    },
    "no AVX, no SIMD in JPEG": {
        "OPENBLAS_CORETYPE": "Nehalem",
        "OPENCV_CPU_DISABLE": "AVX,AVX2,FP16,AVX512-SKX",
        "OPENCV_IPP": "disabled",
        "NPY_DISABLE_CPU_FEATURES": f"X86_V3 {_NO_512}",
        "JSIMD_FORCENONE": "1",
        "ZHENGJI_BENCH_PLAIN_GRAPHS": "1",
    },
}
# Python runs this file at the start of every process, children of the pool included.
START = """
import os
if os.environ.get("ZHENGJI_BENCH_PLAIN_GRAPHS"):
    import onnxruntime as ort
    plain = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    begin = ort.InferenceSession.__init__
    def start(self, path, sess_options=None, *rest, **more):
        sess_options = sess_options or ort.SessionOptions()
        sess_options.graph_optimization_level = plain
        begin(self, path, sess_options, *rest, **more)
    ort.InferenceSession.__init__ = start
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle the tests: this file is also a plugin of the runs that it starts."""
    random.Random(int(os.environ.get("ZHENGJI_BENCH_SEED", "0"))).shuffle(items)


def run(tests: list[str], settings: dict[str, str], workers: int, seed: int, start: str) -> tuple[str, float]:
    path = os.pathsep.join([start, str(ROOT), str(ROOT / "bench")])
    environment = {**os.environ, **settings, "PYTHONPATH": path, "ZHENGJI_BENCH_SEED": str(seed)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "processors", "-p", "no:cacheprovider"]
    command += ["-n", str(workers), "--dist", "loadgroup", *tests]
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith(("FAILED", "ERROR")):
            print("    ", line[:160])
    last = done.stdout.strip().splitlines()[-1:] or [done.stderr.strip()[-120:]]
    return f"{'equal' if done.returncode == 0 else 'DIFFERS'}: {last[0].strip('= ')}", time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1", help="one shuffled order for each")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("tests", nargs="*", default=[SEASON])
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as start:
        (Path(start) / "sitecustomize.py").write_text(START, encoding="utf-8")
        for name, settings in SETTINGS.items():
            for workers in arguments.workers.split(","):
                for seed in arguments.seeds.split(","):
                    verdict, seconds = run(arguments.tests, settings, int(workers), int(seed), start)
                    failed |= not verdict.startswith("equal")
                    print(f"{name:24} -n {workers}  order {seed}  {seconds:5.0f} s  {verdict}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
