"""What it costs to read a report: seconds and memory, beside python-docx's plain loop and LibreOffice.

Run with ``python -m bench.report``. Every measurement runs in its own fresh process; the ratios in one run tell,
not the seconds of one machine. Goal: a report of 10,000 字 in 0.1 s, isolation included.
"""

# ruff: noqa: PLC0415 - a process that measures must load only what it measures

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CALL = ROOT / "config" / "calls" / "cases-2026"
ROUNDS = 3


def pictured() -> bytes:
    """Return a report of 10,000 字 with 50 photographs, about 30 MB."""
    import docx
    import numpy as np
    from docx.shared import Cm
    from PIL import Image

    from flows.demo.reports import ReportWords, make_report

    document = docx.Document(io.BytesIO(make_report(ReportWords(figures=0), total=10_000, seed=1)))
    noise = np.random.default_rng(1)
    for _ in range(50):
        out = io.BytesIO()
        Image.fromarray(noise.integers(0, 256, (800, 1040, 3), dtype=np.uint8)).save(out, "JPEG", quality=82)
        document.add_picture(out, width=Cm(12))
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def long_report(run_length: int = 0) -> bytes:
    """Return 180,000 字 (some 300 pages), in runs of so many characters where that is asked."""
    import docx

    from flows.demo.prose import paragraphs

    rng = random.Random(1)
    document = docx.Document()
    for text in paragraphs(rng, 180_000, "practice", "浙江远衡精密机械有限公司", "精密轴承"):
        line = document.add_paragraph()
        for at in range(0, len(text), run_length or len(text)):
            line.add_run(text[at : at + (run_length or len(text))])
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def ours(path: Path) -> None:
    from config.load import load_call
    from parsers.facts.context import ReadContext
    from parsers.facts.spool import MemorySpool
    from parsers.look.word_files import look_at_word

    context = _kept("context", lambda: ReadContext(load_call(CALL)))
    look = look_at_word(path.read_bytes(), path.suffix[1:], MemorySpool(), context)
    assert look.report is not None
    assert look.report.counts.body > 0


def python_docx(path: Path) -> None:
    import docx

    assert sum(len(line.text) for line in docx.Document(str(path)).paragraphs) > 0


def isolated(path: Path) -> None:
    """Read in the killable child that serves the real flows."""
    from config.load import load_call
    from parsers.facts.context import ReadContext
    from parsers.sandbox.pool import Reader

    folder = _kept("folder", lambda: Path(tempfile.mkdtemp(prefix="zhengji-bench-")))
    reader = _kept("reader", lambda: Reader(folder, ReadContext(load_call(CALL))))
    sha256 = _kept("sha256", lambda: reader.spool.put(path.read_bytes()))
    look = reader.look(sha256, path.name, path.suffix[1:])
    assert look.report is not None, look.problems


def conversion(path: Path) -> None:
    """Convert an old file to docx, as for its structure."""
    from parsers.word.libreoffice import to_docx

    assert to_docx(path.read_bytes(), "doc") is not None


def libreoffice_text(path: Path) -> None:
    """Convert to text with a plain LibreOffice that keeps its profile, as people would."""
    folder = _kept("office", lambda: Path(tempfile.mkdtemp(prefix="zhengji-bench-")))
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "txt:Text"]
    for _ in range(2):
        subprocess.run([*command, "--outdir", str(folder), str(path)], capture_output=True, check=False)
        if (folder / f"{path.stem}.txt").exists():
            break
    assert (folder / f"{path.stem}.txt").stat().st_size > 0


_KEEP: dict[str, object] = {}


def _kept(key: str, make: Callable[[], object]) -> object:
    if key not in _KEEP:
        _KEEP[key] = make()
    return _KEEP[key]


WAYS: dict[str, Callable[[Path], None]] = {
    "ours": ours,
    "ours, isolated": isolated,
    "python-docx loop": python_docx,
    "LibreOffice to text": libreoffice_text,
    "doc conversion": conversion,
}


def measure(way: str, path: Path) -> dict[str, float]:
    """Return seconds of the first and of the best later round, its CPU seconds, and peak memory in MB."""
    rounds: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        started, used = time.perf_counter(), _cpu()
        WAYS[way](path)
        rounds.append((time.perf_counter() - started, _cpu() - used))
    best = min(rounds[1:])
    outside = way in {"LibreOffice to text", "doc conversion"}
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 if outside else _own_peak()
    if way == "ours, isolated":
        _KEEP["reader"].close()  # type: ignore[attr-defined]
        peak = 0.0
    return {"first": rounds[0][0], "best": best[0], "cpu": best[1], "peak": peak}


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _own_peak() -> float:
    """Return the peak of this program alone: getrusage would hand down that of the one which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def in_fresh_process(way: str, path: Path) -> dict[str, float] | None:
    command = [sys.executable, "-m", "bench.report", "--measure", way, "--file", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
    if done.returncode:
        print(f"  {way}: {done.stderr.strip().splitlines()[-1:]}")
        return None
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def old_file(path: Path) -> Path | None:
    """Let LibreOffice save the report as .doc."""
    command = ["soffice", f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--convert-to"]
    for _ in range(2):
        subprocess.run(
            [*command, "doc:MS Word 97", "--outdir", str(path.parent), str(path)], capture_output=True, check=False
        )
    made = path.with_suffix(".doc")
    return made if made.exists() else None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--measure")
    arguments.add_argument("--file", type=Path)
    chosen = arguments.parse_args()
    if chosen.measure:
        print(json.dumps(measure(chosen.measure, chosen.file)))
        return
    with tempfile.TemporaryDirectory(prefix="zhengji-bench-") as name:
        folder = Path(name)
        from flows.demo.reports import make_report

        files = {
            "10,000 字": make_report(total=10_000, seed=1),
            "10,000 字, 50 pictures": pictured(),
            "300 pages, 180,000 字": long_report(),
            "300 pages, runs of 5": long_report(5),
        }
        print(f"{'':26}{'':22}{'first s':>9}{'best s':>9}{'CPU s':>9}{'peak MB':>9}{'to python-docx':>16}")
        for number, (title, data) in enumerate(files.items()):
            path = folder / f"report{number}.docx"
            path.write_bytes(data)
            table = {way: in_fresh_process(way, path) for way in WAYS if way != "doc conversion"}
            show(f"{title} ({len(data) / 1e6:.1f} MB)", table)
        old = old_file(folder / "report0.docx")
        if old is not None:
            show("10,000 字 as .doc", {way: in_fresh_process(way, old) for way in ("doc conversion", "ours")})


def show(title: str, table: dict[str, dict[str, float] | None]) -> None:
    base = table.get("python-docx loop")
    for way, found in table.items():
        if found is not None:
            ratio = f"{found['best'] / base['best']:.2f}" if base else ""
            print(
                f"{title:<26}{way:<22}{found['first']:9.3f}{found['best']:9.3f}{found['cpu']:9.3f}{found['peak']:9.0f}{ratio:>16}"
            )
            title = ""


if __name__ == "__main__":
    main()
