"""Reads made forms and says how well (扫描件对比): the figures of issue 5; for seals see ``bench/seals.py``.

    python bench/scans.py fields  [--forms 30] [--scenarios a,b] [--plain] [--known] [--seed 1000] [--workers 2]
    python bench/scans.py cost    [--pages 12]
    python bench/scans.py memory  [--pages 500]
    python bench/scans.py workers [--pages 24]

``fields`` compares with the engine's own one-call OCR on the colour page (``--plain``) and with tesseract chi_sim
where that is installed. Seconds are CPU seconds of this process: the machine may be busy.
"""

from __future__ import annotations

import argparse
import io
import math
import resource
import shutil
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image
from rapidocr import RapidOCR

from config.call import Call
from config.load import find_call, load_call
from flows.demo import scanner
from flows.demo.papers import (
    SCENARIOS,
    FormWords,
    MadePage,
    invent_words,
    make_form,
    make_page,
    make_page_as,
    wrap_pages,
)
from parsers.facts.context import ReadContext
from parsers.facts.looks import Source
from parsers.facts.spool import MemorySpool
from parsers.form.certainty import comparable
from parsers.form.date import read_date
from parsers.form.labels import find_labels
from parsers.form.read import FIELDS
from parsers.form.values import collect
from parsers.look.papers import look_at_pdf
from parsers.page.lines import Line, even_line, level
from parsers.page.ocr import reader
from parsers.page.page import fit


@dataclass
class Count:
    forms: int = 0
    whole: int = 0
    fields: int = 0
    right: int = 0
    certain: int = 0
    wrong_certain: int = 0
    seconds: float = 0.0
    slips: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        for name in ("forms", "whole", "fields", "right", "certain", "wrong_certain", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.slips += other.slips

    def row(self, name: str) -> str:
        return (
            f"{name:12} {self.whole:4}/{self.forms:<4} forms {100 * self.whole / max(self.forms, 1):5.1f} %   "
            f"fields {self.right:4}/{self.fields:<5} certain {self.certain:4}  wrong though certain "
            f"{self.wrong_certain:2}   {self.seconds / max(self.forms, 1):5.2f} CPU s a page"
        )


def truth(words: FormWords) -> dict[str, str]:
    day = read_date(words.submitted_on)
    assert day is not None
    return dict(zip(FIELDS, (words.case_title, words.applicant, words.recommender, day.isoformat()), strict=True))


def made(scenario: str, seed: int, hand_file: str = "") -> tuple[FormWords, MadePage]:
    words = invent_words(seed)
    if hand_file:
        plan = replace(SCENARIOS[scenario], hand_file=hand_file)
        return words, make_page_as(plan, words, seal=words.applicant, seed=seed)
    return words, make_page(words, seal=words.applicant, scenario=scenario, seed=seed)


def fields(arguments: argparse.Namespace) -> None:
    with_tesseract = arguments.plain and shutil.which("tesseract") is not None
    totals = {who: Count() for who in ("ours", "plain", "tesseract")}
    seeds = range(arguments.seed, arguments.seed + arguments.forms)
    with ProcessPoolExecutor(arguments.workers, get_context("spawn"), _warm, (arguments.threads,)) as pool:
        for name, hand in _scenarios(arguments):
            tasks = [
                _Task(name.partition(" ")[0], seed, arguments.plain, with_tesseract, arguments.known, hand)
                for seed in seeds
            ]
            counts = {who: Count() for who in totals}
            for done in pool.map(_one_form, tasks):
                for who, count in done.items():
                    counts[who].add(count)
                    totals[who].add(count)
            print(counts["ours"].row(name), flush=True)
            for slip in counts["ours"].slips:
                print("     ", slip)
            for who in ("plain", "tesseract"):
                if counts[who].forms:
                    print(counts[who].row(f"  {who}"), flush=True)
    for who, count in totals.items():
        if count.forms:
            print(count.row(f"ALL {who}"))
    if arguments.plain and not with_tesseract:
        print("tesseract is not installed: not compared")


def _scenarios(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """Return every scenario to read, and the font file of its handwriting where one is given."""
    names = arguments.scenarios.split(",") if arguments.scenarios else list(SCENARIOS)
    if not arguments.hand_fonts:
        return [(name, "") for name in names]
    written = [name for name in names if SCENARIOS[name].font == "hand"]
    files = sorted(Path(arguments.hand_fonts).glob("*.ttf"))
    return [(f"{name} {file.stem}", str(file)) for name in written for file in files]


@dataclass(frozen=True)
class _Task:
    scenario: str
    seed: int
    plain: bool
    tesseract: bool
    known: bool
    hand_file: str = ""


def _one_form(task: _Task) -> dict[str, Count]:
    words, page = made(task.scenario, task.seed, task.hand_file)
    context = _context(words, known=task.known)
    counts = {"ours": by_us(words, page, context, task.seed)}
    if task.plain:
        counts["plain"] = by_plain_call(words, page, context)
    if task.tesseract:
        counts["tesseract"] = by_tesseract(words, page, context, shutil.which("tesseract") or "")
    return counts


@cache
def _call() -> Call:
    return load_call(find_call("cases-2026"))


def _context(words: FormWords, *, known: bool) -> ReadContext:
    """With ``known``, the office has its lists: every recommender, and the applicant among forty others."""
    if not known:
        return ReadContext(_call())
    firms = {invent_words(seed).applicant for seed in range(40)}
    bodies = {invent_words(seed).recommender for seed in range(200)}
    return ReadContext(_call(), known_names=tuple(sorted({*firms, *bodies, words.applicant})))


def _warm(threads: int) -> None:
    reader(threads)
    warm_up(ReadContext(_call()))


def by_us(words: FormWords, page: MadePage, context: ReadContext, seed: int) -> Count:
    data = wrap_pages([page])
    start = time.process_time()
    look = look_at_pdf(data, MemorySpool(), context)
    count = Count(forms=1, fields=4, seconds=time.process_time() - start)
    form = look.scan.form if look.scan else None
    for key, value in truth(words).items():
        read = getattr(form, key) if form else None
        right = read is not None and comparable(read.value) == comparable(value)
        count.right += right
        count.certain += bool(read and read.certain)
        if not right:
            count.wrong_certain += bool(read and read.certain)
            count.slips.append(f"{seed} {key}: {read.value if read else None!r} for {value!r}")
    count.whole = int(count.right == 4)
    return count


def judged(words: FormWords, lines: list[Line], context: ReadContext, seconds: float) -> Count:
    """Score another engine's lines with our own layout reading, so that engines are compared and not layouts."""
    form = context.call.form
    assert form is not None
    levels = level(lines)
    values = collect(levels, find_labels(levels, form.labels), (form.title, *form.stop_texts))
    count = Count(forms=1, fields=4, seconds=seconds)
    for key, value in truth(words).items():
        text = values[key].text if key in values else ""
        day = read_date(text) if key == "submitted_on" else None
        count.right += comparable(day.isoformat() if day else text) == comparable(value)
    count.whole = int(count.right == 4)
    return count


_plain_engine = None


def by_plain_call(words: FormWords, page: MadePage, context: ReadContext) -> Count:
    global _plain_engine  # noqa: PLW0603 - one engine for the whole run, loaded when first needed
    if _plain_engine is None:
        _plain_engine = RapidOCR(
            params={"Global.log_level": "error", "EngineConfig.onnxruntime.intra_op_num_threads": 1}
        )
        _plain_engine(np.full((200, 600, 3), 255, np.uint8))
    picture = as_scanned(page)
    start = time.process_time()
    found = _plain_engine(picture, use_det=True, use_cls=True, use_rec=True)
    seconds = time.process_time() - start
    lines = []
    if found.boxes is not None:
        for box, text in zip(found.boxes, found.txts, strict=True):
            lines.append(even_line(text, np.asarray(box, np.float32), Source.OCR))
    return judged(words, lines, context, seconds)


def by_tesseract(words: FormWords, page: MadePage, context: ReadContext, program: str) -> Count:
    out = io.BytesIO()
    Image.fromarray(as_scanned(page)[..., ::-1]).save(out, "PNG")
    start = time.perf_counter()
    done = subprocess.run(
        [program, "-", "-", "-l", "chi_sim", "--psm", "3", "tsv"],
        input=out.getvalue(), capture_output=True, check=False, env={"OMP_THREAD_LIMIT": "1"},
    )  # fmt: skip
    seconds = time.perf_counter() - start
    lines = []
    for row in done.stdout.decode("utf-8", "replace").splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[11].strip():
            left, top, width, height = (float(cell) for cell in cells[6:10])
            quad = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
            lines.append(even_line(cells[11].strip(), quad.astype(np.float32), Source.OCR))
    return judged(words, lines, context, seconds)


def as_scanned(page: MadePage) -> np.ndarray:
    data = scanner.jpeg(page.pixels, page.quality)
    return fit(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")), 2000)[..., ::-1].copy()


def cost(arguments: argparse.Namespace) -> None:
    """The whole look at a page against the bare OCR call on the same page, in one run, in turns."""
    context = ReadContext(load_call(find_call("cases-2026")))
    warm_up(context)
    whole, bare = [], []
    for seed in range(arguments.seed, arguments.seed + arguments.pages):
        words, page = made("scan200", seed)
        whole.append(by_us(words, page, context, seed).seconds)
        bare.append(by_plain_call(words, page, context).seconds)
    median_whole, median_bare = sorted(whole)[len(whole) // 2], sorted(bare)[len(bare) // 2]
    print(f"whole look {median_whole:.2f} CPU s, bare OCR call {median_bare:.2f} CPU s: "
          f"{median_whole / median_bare:.2f} times (median of {len(whole)} pages)")  # fmt: skip


def memory(arguments: argparse.Namespace) -> None:
    """One worker reads page after page; the pages are made here, so that only reading shows in its memory."""
    names = ["scan200", "clean150", "phone", "table", "dpi100"]
    papers = []
    for seed in range(40):
        words = invent_words(seed)
        papers.append(make_form(words, seal=words.applicant, scenario=names[seed % len(names)], seed=seed))
    step = max(arguments.pages // 10, 1)
    with ProcessPoolExecutor(1, get_context("spawn"), _warm, (arguments.threads,)) as pool:
        for index in range(arguments.pages):
            now, peak = pool.submit(_read_and_weigh, papers[index % len(papers)]).result()
            if (index + 1) % step == 0:
                print(f"{index + 1:5} pages: now {now:.0f} MB, peak {peak:.0f} MB", flush=True)


def _read_and_weigh(data: bytes) -> tuple[float, float]:
    _read_one(data)
    return resident(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """Resident memory of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1_048_576


def workers(arguments: argparse.Namespace) -> None:
    papers = []
    for seed in range(arguments.pages):
        words = invent_words(seed)
        papers.append(make_form(words, seal=words.applicant, scenario="scan200", seed=seed))
    for count in (1, 2):
        with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
            list(pool.map(_read_one, papers[:count]))
            start = time.perf_counter()
            list(pool.map(_read_one, papers))
            seconds = time.perf_counter() - start
        print(f"{count} worker(s): {60 * len(papers) / seconds:.0f} pages a minute (wall clock)", flush=True)


def _one_thread() -> None:
    reader(1)


def _read_one(data: bytes) -> None:
    look_at_pdf(data, MemorySpool(), ReadContext(load_call(find_call("cases-2026"))))


def warm_up(context: ReadContext) -> None:
    """Load the models before anything is timed."""
    words, page = made("dpi100", 1)
    assert math.isfinite(by_us(words, page, context, 1).seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fields", "cost", "memory", "workers"))
    parser.add_argument("--forms", type=int, default=30)
    parser.add_argument("--scenarios", default="")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--hand-fonts", default="", help="a folder of handwriting fonts (.ttf): only scenarios by hand")
    parser.add_argument("--known", action="store_true", help="with the lists of names that the office has")
    parser.add_argument("--workers", type=int, default=2, help="processes that read forms side by side")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1, help="cores that one model may use")
    arguments = parser.parse_args()
    reader(arguments.threads)
    arguments.pages = arguments.pages or {"cost": 12, "memory": 500, "workers": 24}.get(arguments.what, 0)
    {"fields": fields, "cost": cost, "memory": memory, "workers": workers}[arguments.what](arguments)


if __name__ == "__main__":
    main()
