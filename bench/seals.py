"""Finds the seals on made pages and reads their names (印章对比): the figures of issue 5 that concern seals.

    python bench/seals.py rings      [--pages 12] [--negatives 20] [--scenarios a,b] [--seed 4000]
    python bench/seals.py names      [--pages 12] [--scenarios a,b] [--seed 4000]
    python bench/seals.py impostors  [--pages 60] [--seed 4000]

``rings`` counts seals found, missed and imagined, on pages of every coloured scenario and on pages without a seal.
``names`` also reads them: exactly as read, and after matching with known names, 59 others among them. ``impostors``
stamps a form with the seal of a firm whose name is like the applicant's but for one letter. Seconds are CPU seconds.
"""

from __future__ import annotations

import argparse
import io
import math
import time
from dataclasses import dataclass

import numpy as np
from PIL import Image

from flows.checks.f03_form_stamped import NAME_READ
from flows.demo import scanner
from flows.demo.papers import SCENARIOS, MadePage, invent_words, make_page
from flows.demo.sealless import KINDS, make_sealless
from parsers.page.ocr import Reader, reader
from parsers.page.page import LONG_SIDE, even_light, find_sheet, fit
from parsers.seal.known import correct_seal_name
from parsers.seal.name import SealName, read_seal_name
from parsers.seal.ring import Ring
from parsers.seal.search import find_rings

CLEAN = set(SCENARIOS) - {"poor", "phonehard", "faded", "dpi100", "oval", "twoseals", "overlap", "cut"}
"""Scenarios whose seals count as clean; on the others they are faded, blurred, coarse, cut or overlapping."""


def evened(page: MadePage) -> np.ndarray:
    data = scanner.jpeg(page.pixels, page.quality)
    pixels = fit(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")), LONG_SIDE)
    flat = find_sheet(pixels)
    return even_light(flat if flat is not None else pixels)


def _coloured(arguments: argparse.Namespace) -> list[str]:
    chosen = arguments.scenarios.split(",") if arguments.scenarios else list(SCENARIOS)
    return [scenario for scenario in chosen if SCENARIOS[scenario].colours == "colour"]


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


def with_seals(arguments: argparse.Namespace) -> None:
    mind = reader() if arguments.what == "names" else None
    found = missed = extra = 0
    groups: dict[str, Names] = {}
    for scenario in _coloured(arguments):
        for seed in range(arguments.seed, arguments.seed + arguments.pages):
            words = invent_words(seed)
            page = make_page(words, seal=words.applicant, scenario=scenario, seed=seed)
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
    if mind is None:
        without_seals(arguments)


LOOKALIKES = (
    "达远 运达 光先 盛晟 恒桓 鑫森 泰秦 华毕 宏宠 锐悦 凌陵 博搏 科料 诺谱 佳住 润涧 启户 航杭 天无 力九 创剑 益盖 "
    "正止 浩洁 铭铬 源漂 凯剀 腾滕 飞气 云去 海梅 森淼 威成 智暂 景影 春眷 新斩 亚业 汇江 欣欧 荣劳 骏俊 捷棲 通逋 "
    "特持 尔你 维难 康唐 邦那 格路 龙尤 信倍 业亚 辉挥 阳阴 隆降 和知 翔翊 宇字 轩斩 峰蜂 驰弛 昌冒 兴光 "
    "诚城 宝空 安晏 星皇 纳呐 晶品 波坡"
)
"""Letters that names differ in, and letters that look like them: a seal of one must never pass for the other."""


def impostors(arguments: argparse.Namespace) -> None:
    """Seals of firms whose names differ from the applicant's in one letter that looks alike: none may pass for it."""
    mind = reader()
    like = {pair[0]: pair[1] for pair in LOOKALIKES.split()}
    plans = [
        scenario for scenario in _coloured(arguments) if len(SCENARIOS[scenario].places) == 1 and scenario != "cut"
    ]
    tried = passed = certain = corrected = exact = 0
    for index in range(arguments.pages):
        words = invent_words(arguments.seed + index)
        city = 3 if words.applicant[2] in "市省" else 2
        at = city + index % 2 if words.applicant[city + index % 2] in like else city + 1 - index % 2
        if words.applicant[at] not in like:
            continue
        other = words.applicant[:at] + like[words.applicant[at]] + words.applicant[at + 1 :]
        scenario = plans[index % len(plans)]
        even = evened(make_page(words, seal=other, scenario=scenario, seed=arguments.seed + index))
        for ring in find_rings(even)[0][:1]:
            read = read_seal_name(even, ring, mind)
            told = correct_seal_name(read, (words.applicant, words.recommender))
            tried += 1
            exact += read.text == other
            certain += told.confidence >= NAME_READ
            passed += told.confidence >= NAME_READ and told.text == words.applicant
            corrected += told.text == words.applicant
            if told.text == words.applicant:
                print(
                    f"   {scenario} {index}: {other} read {read.text} ({read.confidence}), told as {told.text}",
                    flush=True,
                )
    print(f"impostors: {tried} seals of near names, {exact} exact as read, {certain} certain of what was read;")
    print(f"    taken for the applicant's: {corrected} in all, {passed} for certain")


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


def without_seals(arguments: argparse.Namespace) -> None:
    alarms = pages = 0
    for kind in KINDS:
        for seed in range(arguments.seed, arguments.seed + arguments.negatives):
            rings, _ = find_rings(evened(make_sealless(kind, seed)))
            pages += 1
            alarms += bool(rings)
            if rings:
                print(f"   {kind} {seed}: {[ring.strength.value for ring in rings]}", flush=True)
    print(f"pages without a seal: {pages} of {len(KINDS)} kinds, false alarms {alarms}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("rings", "names", "impostors"))
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--negatives", type=int, default=20)
    parser.add_argument("--scenarios", default="")
    parser.add_argument("--seed", type=int, default=4000)
    parser.add_argument("--threads", type=int, default=1, help="cores that one model may use")
    arguments = parser.parse_args()
    if arguments.what != "rings":
        reader(arguments.threads)
    arguments.pages = arguments.pages or (60 if arguments.what == "impostors" else 12)
    {"rings": with_seals, "names": with_seals, "impostors": impostors}[arguments.what](arguments)


if __name__ == "__main__":
    main()
