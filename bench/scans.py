"""Reads made forms, seals and sealless pages and says how well (扫描件对比): the figures of issue 5.

    python bench/scans.py fields  [--forms 30] [--scenarios a,b] [--plain] [--known] [--seed 1000] [--workers 2]
    python bench/scans.py seals   [--pages 12] [--negatives 20] [--names] [--scenarios a,b]
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
from flows.checks.f03_form_stamped import NAME_READ
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
from flows.demo.sealless import KINDS, make_sealless
from parsers.context import ReadContext
from parsers.facts import Source
from parsers.form import FIELDS
from parsers.form_check import comparable
from parsers.form_date import read_date
from parsers.form_labels import find_labels
from parsers.form_lines import Line, even_line, level
from parsers.form_values import collect
from parsers.ocr import Reader, reader
from parsers.page import even_light, find_sheet, fit
from parsers.scan import look_at_pdf
from parsers.seal_known import correct_seal_name
from parsers.seal_name import SealName, read_seal_name
from parsers.seal_ring import Ring
from parsers.seal_search import find_rings
from parsers.spool import MemorySpool

CLEAN = set(SCENARIOS) - {"poor", "phonehard", "faded", "dpi100", "oval", "twoseals", "overlap", "cut"}
"""Scenarios whose seals count as clean; on the others they are faded, blurred, coarse, cut or overlapping."""


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


def evened(page: MadePage) -> np.ndarray:
    pixels = fit(as_scanned(page)[..., ::-1], 2400)
    flat = find_sheet(pixels)
    return even_light(flat if flat is not None else pixels)


@dataclass
class Names:
    """How many names on seals were read: exactly, exactly after matching with known names, wrongly though certain."""

    seals: int = 0
    exact: int = 0
    matched: int = 0
    certain: int = 0
    wrong_certain: int = 0
    seconds: float = 0.0

    def add(self, read: SealName, matched: SealName, name: str, seconds: float) -> None:
        self.seals += 1
        self.exact += read.text == name
        self.matched += matched.text == name
        self.certain += matched.confidence >= NAME_READ
        self.wrong_certain += matched.confidence >= NAME_READ and matched.text != name
        self.seconds += seconds

    def row(self, group: str) -> str:
        total = max(self.seals, 1)
        return (
            f"names on {group:10} {self.exact:4}/{self.seals:<4} exact as read {100 * self.exact / total:5.1f} %   "
            f"with known names {self.matched:4} {100 * self.matched / total:5.1f} %   certain {self.certain:4}   "
            f"wrong though certain {self.wrong_certain:2}   {self.seconds / total:5.2f} CPU s a seal"
        )


def seals(arguments: argparse.Namespace) -> None:
    mind = reader() if arguments.names else None
    found = missed = extra = 0
    groups: dict[str, Names] = {}
    chosen = arguments.scenarios.split(",") if arguments.scenarios else list(SCENARIOS)
    for scenario in chosen:
        if SCENARIOS[scenario].colours != "colour":
            continue
        for seed in range(arguments.seed, arguments.seed + arguments.pages):
            words, page = made(scenario, seed)
            even = evened(page)
            rings, _ = find_rings(even)
            pairs = by_place(page, rings, even, SCENARIOS[scenario].turned)
            found += len(pairs)
            missed += len(page.seals) - len(pairs)
            extra += len(rings) - len(pairs)
            if not len(pairs) == len(rings) == len(page.seals):
                print(f"   {scenario} {seed}: {len(rings)} rings for {len(page.seals)} seals", flush=True)
            for ring, name in pairs if mind is not None and scenario != "cut" else ():
                tally = groups.setdefault(scenario, Names())
                read_name(tally, even, ring, rings, name, (words.applicant, words.recommender, *page.seals), mind, seed)
        if scenario in groups:
            print(groups[scenario].row(scenario), flush=True)
    print(f"seals: found {found}, missed {missed}, extra {extra}: recall {found / max(found + missed, 1):.4f}, "
          f"precision {found / max(found + extra, 1):.4f}")  # fmt: skip
    for group in ("clean", "degraded"):
        total = Names()
        for scenario, names in groups.items():
            if (scenario in CLEAN) == (group == "clean"):
                for key in Names.__dataclass_fields__:
                    setattr(total, key, getattr(total, key) + getattr(names, key))
        if total.seals:
            print(total.row(group))
    sealless(arguments)


def by_place(page: MadePage, rings: list[Ring], even: np.ndarray, turned: int) -> list[tuple[Ring, str]]:
    """Pair each ring with the seal that was pressed there; a ring where none was, or a second one, has no pair."""
    height, width = even.shape[:2]
    pairs: list[tuple[Ring, str]] = []
    left = list(rings)
    for name, (x, y) in zip(page.seals, page.places, strict=True):
        across, down = {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[turned]
        near = sorted(left, key=lambda ring: math.hypot(ring.x - across * width, ring.y - down * height))
        if near and math.hypot(near[0].x - across * width, near[0].y - down * height) < 0.12 * max(width, height):
            pairs.append((near[0], name))
            left.remove(near[0])
    return pairs


def read_name(
    tally: Names,
    even: np.ndarray,
    ring: Ring,
    rings: list[Ring],
    name: str,
    known: tuple[str, ...],
    mind: Reader,
    seed: int,
) -> None:
    """Read one seal as it is, then with its name known among near ones: each letter changed for one that is like it."""
    start = time.process_time()
    read = read_seal_name(even, ring, mind, tuple(other for other in rings if other is not ring))
    seconds = time.process_time() - start
    matched = correct_seal_name(read, (*known, *(invent_words(seed + step).applicant for step in range(1, 60))))
    tally.add(read, matched, name, seconds)
    if read.text != name:
        print(f"   {seed}: {read.text} ({read.confidence}), {matched.text} for {name}", flush=True)


def sealless(arguments: argparse.Namespace) -> None:
    alarms = pages = 0
    for kind in KINDS:
        for seed in range(arguments.seed, arguments.seed + arguments.negatives):
            rings, _ = find_rings(evened(make_sealless(kind, seed)))
            pages += 1
            alarms += bool(rings)
            if rings:
                print(f"   {kind} {seed}: {[ring.strength.value for ring in rings]}", flush=True)
    print(f"pages without a seal: {pages} of {len(KINDS)} kinds, false alarms {alarms}")


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
    context = ReadContext(load_call(find_call("cases-2026")))
    names = ["scan200", "clean150", "phone", "table", "dpi100"]
    marks = {int(arguments.pages * share) for share in (0.1, 0.25, 0.5, 0.75, 1.0)}
    for index in range(arguments.pages):
        words = invent_words(index % 40)
        data = make_form(words, seal=words.applicant, scenario=names[index % len(names)], seed=index % 40)
        look_at_pdf(data, MemorySpool(), context)
        if index + 1 in marks:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{index + 1:5} pages: now {resident():.0f} MB, peak {peak:.0f} MB", flush=True)


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
    parser.add_argument("what", choices=("fields", "seals", "cost", "memory", "workers"))
    parser.add_argument("--forms", type=int, default=30)
    parser.add_argument("--scenarios", default="")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--negatives", type=int, default=20)
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--hand-fonts", default="", help="a folder of handwriting fonts (.ttf): only scenarios by hand")
    parser.add_argument("--known", action="store_true", help="with the lists of names that the office has")
    parser.add_argument("--workers", type=int, default=2, help="processes that read forms side by side")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1, help="cores that one model may use")
    arguments = parser.parse_args()
    reader(arguments.threads)
    arguments.pages = arguments.pages or {"seals": 12, "cost": 12, "memory": 500, "workers": 24}.get(arguments.what, 0)
    {"fields": fields, "seals": seals, "cost": cost, "memory": memory, "workers": workers}[arguments.what](arguments)


if __name__ == "__main__":
    main()
