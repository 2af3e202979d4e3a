"""A made season with known truth: 1 000 mails by 300 applicants and 40 recommenders, filed without any OCR.

Prints how many files were placed by the machine alone, and how many of those in the right place:

    python -m bench.attribution [--mails 1000] [--seed 1] [--seed 5] [--shuffles 1]

Then the same season is filed again with the mails of each day in another order. Letters leave when a day's mails are
filed; the register, numbers aside, must be the same ("register equal"). The last line is the hardest case: every mail
is answered before the next is filed, so that whoever was told a number keeps it, and staff are asked instead.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlmodel import select

from parsers.names.company import short_name
from store.tables import LeafRow, SubmissionMessageRow, SubmissionRow, SuggestionRow, VersionRow
from tests.cases.office import quick_store
from tests.cases.rounds import RoundTeller, days_of, shuffled
from tests.cases.telling import File, Mail, Teller, Telling


def _words(*lines: str) -> list[str]:
    return " ".join(lines).split()


_CITIES = _words(
    "杭州 宁波 温州 湖州 嘉兴 绍兴 金华 衢州 舟山 台州 丽水 浙江 浙江 浙江 义乌 慈溪 海宁 诸暨",
)
_BRANDS = _words(
    "远衡 澜汀 启明 晟华 康博 天力 浩宇 瑞丰 光达 星辰 博衡 青锋 海拓 明德 至诚 恒泰 宏远 金鹿 三和 兴业 天成",
    "华建 蓝海 东方 中策 正泰 德宝 同力 万向 双环 新昌 巨化 飞跃 卧龙 精功 永强 伟星 银轮 海正 富通 众合 东力",
    "水晶 聚光 迪安 先锋 长城 红狮 杰克 爱仕 苏泊 九洲",
)
_TRADES = _words(
    "精密机械 仪器仪表 液压技术 电气 新材料科技 紧固件制造 纺织机械 汽车零部件 模具 传感技术 自动化设备",
    "光电科技 环保科技 生物医药 智能装备 阀门 轴承 泵业",
)
_FORMS = ["有限公司"] * 7 + ["股份有限公司"] * 2 + ["有限责任公司"]
_PRODUCTS = _words(
    "轴承 流量计 液压阀 断路器 薄膜 螺栓 织机 转向节 模具 传感器 包装机 镜片 膜组件 试剂 检测设备 球阀 减速器",
    "水泵",
)
_PRACTICES = _words(
    "专业化成长路径 质量追溯体系建设 国产化突破机制 标准引领细分市场 绿色工厂实践 精益管理降本增效",
    "柔性制造经验 产学研协同做法 品牌化发展模式 数字化转型",
)


@dataclass
class Firm:
    """One invented enterprise: how it names itself, who writes for it, who recommends it."""

    name: str
    title: str
    address: str
    private: str
    recommender: str = ""
    recommender_address: str = ""


@dataclass
class Season:
    """Mails in order of arrival; the truth by (mail, path): the firm's name, or empty for what belongs to nobody."""

    mails: list[Mail] = field(default_factory=list)
    truth: dict[tuple[int, str], str] = field(default_factory=dict)
    shapes: dict[int, str] = field(default_factory=dict)
    """How each mail came about, by its place: what the score is told by."""
    telling: Telling = field(default_factory=Telling)


def make_season(mails: int, seed: int) -> Season:
    """Invent a season: the same numbers give the same season."""
    rng = random.Random(seed)
    firms = _firms(rng, max(6, mails * 3 // 10))
    bodies = [f"{city}市{kind}" for city in _CITIES[:11] for kind in ("企业联合会", "企业家协会", "工业经济联合会")]
    bodies = (bodies + [f"浙江省{trade}行业协会" for trade in _TRADES])[: max(3, mails // 25)]
    addresses = {body: f"office{number}@body{number}.example" for number, body in enumerate(bodies)}
    writer = _Writer(rng)
    bundled = firms[: len(firms) * 2 // 5]
    for number, firm in enumerate(bundled):
        body = bodies[number % len(bodies)]
        firm.recommender, firm.recommender_address = body, addresses[body]
    _bundles(writer, bundled)
    for firm in firms[len(bundled) :]:
        _alone(writer, firm)
    while len(writer.told) < mails:
        writer.more(rng.choice(firms))
    # Half of the recommenders stand in a list with their address.
    listed = tuple({"name": body, "email": addresses[body]} for body in bodies[::2])
    return _in_order(writer.told[:mails], Telling(recommenders=listed))


@dataclass(frozen=True)
class Told:
    """One written mail, with the firm of each of its files, before the season is put in order."""

    after: float
    mail: Mail
    truth: dict[str, str]
    shape: str


def _in_order(told: list[Told], telling: Telling) -> Season:
    season = Season(telling=telling)
    for place, one in enumerate(sorted(told, key=lambda one: one.after), 1):
        season.mails.append(replace(one.mail, after=int(one.after)))
        season.shapes[place] = one.shape
        season.truth |= {(place, path): firm for path, firm in one.truth.items()}
    return season


def _firms(rng: random.Random, count: int) -> list[Firm]:
    names: dict[str, Firm] = {}
    while len(names) < count:
        city, brand, trade, form = (rng.choice(words) for words in (_CITIES, _BRANDS, _TRADES, _FORMS))
        place = city if rng.random() < 0.7 or city == "浙江" else f"{city}市"
        name = f"{place}{brand}{trade}{form}" if rng.random() < 0.9 else f"{brand}（{city}）{trade}{form}"
        key = f"{brand}{trade}"
        if any(key in other for other in names):
            # Two firms of one brand and trade exist in life; here they would make the truth a matter of taste.
            continue
        number = len(names)
        title = f"{brand}{rng.choice(_PRODUCTS)}的{rng.choice(_PRACTICES)}"
        names[name] = Firm(name, title, f"office@firm{number}.example", f"user{number}@qq.com")
    return list(names.values())


class _Writer:
    """Writes mails as people do."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.told: list[Told] = []
        self.last: dict[str, tuple[float, str]] = {}
        """By firm: when and from where its last own mail came."""

    def send(self, after: float, mail: Mail, truth: dict[str, str], shape: str) -> None:
        self.told.append(Told(after, mail, truth, shape))

    def papers(self, firm: Firm, folder: str = "", *, terse: bool = False, sure: bool = True) -> list[File]:
        """Return form, report and photos of a firm below a folder; ``terse`` names nobody in the file names."""
        rng = self.rng
        name = "" if terse else f"{firm.name}-" if rng.random() < 0.6 else f"{_short(firm.name)}"
        form = File(
            f"{folder}{name}推荐表.pdf",
            "form",
            firm.name,
            sure,
            firm.name if sure and rng.random() < 0.8 else "",
            firm.title,
            (),
            firm.recommender,
            holds=f"{firm.name} form {rng.random()}",
        )
        report = File(
            f"{folder}{name}案例报告.docx",
            "report",
            title=firm.title,
            names=(firm.name,) if rng.random() < 0.9 else (),
            holds=f"{firm.name} report {rng.random()}",
        )
        return [form, report, *self.photos(firm, folder)]

    def photos(self, firm: Firm, folder: str = "") -> list[File]:
        words = self.rng.choice(("生产车间", "检测现场", "产品展示", "IMG_20260510", "微信图片_2026"))
        return [
            File(f"{folder}{words}{number}.jpg", "photo", holds=f"{firm.name} photo {self.rng.random()}")
            for number in (1, 2)
        ]

    def more(self, firm: Firm) -> None:
        """Write one more mail of a firm that wrote before: a supplement, a resend, a correction, chatter."""
        rng = self.rng
        after, sender = self.last[firm.name]
        after += rng.uniform(30, 3000)
        kind = rng.choices(
            ("photos", "report", "form", "thread", "number", "resend", "question", "colleague", "stranger"),
            (20, 20, 18, 8, 8, 8, 10, 5, 2),
        )[0]
        subject = rng.choice(
            ("补充材料", "Re: 申报材料", "更正后的材料", f"{_short(firm.name)}补充", "申报材料（更新）", "回复：请补正")
        )
        files: list[File]
        if kind == "question":
            mail = Mail(
                sender, subject="请问纸质材料寄到哪里", text="老师您好，请问纸质件何时前寄到？", intent="question"
            )
            self.send(after, mail, {}, kind)
            return
        photos = self.photos(firm)
        form, report, *_ = self.papers(firm, terse=rng.random() < 0.5)
        files = {"photos": photos, "report": [report], "form": [form], "thread": photos, "number": [report]}.get(
            kind, [form]
        )
        if kind in {"photos", "thread"} and sender == firm.recommender_address:
            # A recommender with many firms names the one it means; that it does not is told in the stories.
            files = [replace(file, path=f"{firm.name}/{file.path}") for file in files]
        if kind == "colleague":
            sender = sender.replace("office", "wang")
        if kind == "stranger":
            sender = f"someone{rng.randrange(10_000)}@163.com"
        self.send(after, Mail(sender, tuple(files), subject), {file.path: firm.name for file in files}, kind)
        self.last[firm.name] = (after, self.last[firm.name][1])


def _alone(writer: _Writer, firm: Firm) -> None:
    """Let a firm apply for itself: at once, or in several mails, from its own or a private address."""
    rng = writer.rng
    start = rng.uniform(0, 60_000)
    sender = firm.address if rng.random() < 0.6 else firm.private
    files = writer.papers(firm, terse=rng.random() < 0.4, sure=rng.random() < 0.85)
    subject = rng.choice(
        (f"{firm.name}申报材料", "优秀案例申报", f"报送材料-{_short(firm.name)}", "材料", "申报推荐表及案例报告")
    )
    name = rng.choice((firm.name, "王工", "", _short(firm.name)))
    writer.last[firm.name] = (start, sender)
    if rng.random() < 0.7:
        folder = rng.choice(("", "申报材料.zip/", f"{firm.name}.zip/", "附件.rar/材料/"))
        files = [replace(file, path=folder + file.path) for file in files]
        mail = Mail(sender, tuple(files), subject, name=name)
        writer.send(start, mail, {file.path: firm.name for file in files}, "alone")
        return
    parts = [files[:1], files[1:2], files[2:]]
    if rng.random() < 0.2:
        parts.reverse()
    for number, part in enumerate(parts):
        mail = Mail(sender, tuple(part), f"{subject}（{number + 1}）", name=name)
        writer.send(start + number * 6, mail, {file.path: firm.name for file in part}, "in parts")


def _bundles(writer: _Writer, firms: list[Firm]) -> None:
    """Let recommenders send two to five firms at once, in folders, in flat zips, or in one mail."""
    rng = writer.rng
    by_body: dict[str, list[Firm]] = defaultdict(list)
    for firm in firms:
        by_body[firm.recommender].append(firm)
    for body, own in by_body.items():
        start = rng.uniform(0, 40_000)
        shape = rng.choice(("folders", "short-folders", "flat", "zips", "single"))
        sender = own[0].recommender_address
        mails: list[list[tuple[File, str]]] = [[]]
        for firm in own:
            folder = {
                "folders": f"推荐材料.zip/{firm.name}/",
                "short-folders": f"推荐材料.zip/{_short(firm.name)}/",
                "zips": f"{firm.name}.zip/",
            }.get(shape, "")
            files = writer.papers(firm, folder, terse=shape in {"folders", "short-folders", "zips"})
            if shape == "flat":
                files = [replace(file, path=f"{firm.name}-{file.path.removeprefix(firm.name + '-')}") for file in files]
            if shape == "single":
                mails.append([(file, firm.name) for file in files])
            else:
                mails[0] += [(file, firm.name) for file in files]
            writer.last[firm.name] = (start + 60, sender)
        listing = "\n".join(f"{number}. {firm.name}" for number, firm in enumerate(own, 1))
        for number, files_of in enumerate(filter(None, mails)):
            text = f"我会推荐以下企业：\n{listing}\n材料见附件。" if shape != "single" else "材料见附件。"
            mail = Mail(
                sender,
                tuple(file for file, _ in files_of),
                "推荐企业优秀案例材料",
                text,
                name=f"{body}秘书处",
                signature=body,
            )
            writer.send(start + number * 3, mail, {file.path: name for file, name in files_of}, f"bundle: {shape}")


def _short(name: str) -> str:
    return short_name(name)[:4]


@dataclass(frozen=True)
class Score:
    """What became of the season's files."""

    files: int
    automatic: int
    right: int
    pending: int
    asked: int
    nowhere: int
    wrong: tuple[str, ...]
    submissions: int
    shapes: dict[str, Counter[str]]
    """By how the mail came about: files, wrong, left to staff."""

    @property
    def precision(self) -> float:
        """Share of the files placed automatically that lie where they belong."""
        return self.right / max(1, self.automatic)

    def lines(self) -> Iterator[str]:
        yield f"files                {self.files}"
        yield f"placed automatically {self.automatic} ({self.automatic / self.files:.2%})"
        yield f"  of those right     {self.right} (precision {self.precision:.2%})"
        yield f"waiting for staff    {self.pending} pending, {self.asked} asked, {self.nowhere} nowhere"
        yield f"submissions          {self.submissions}"
        for shape, counts in sorted(self.shapes.items()):
            yield f"  {shape:<22}{counts['files']:>5} files {counts['wrong']:>3} wrong {counts['staff']:>3} to staff"
        yield from (f"WRONG {one}" for one in self.wrong[:20])


def play(season: Season, rounds: Iterable[Sequence[int]], home: Path) -> RoundTeller:
    """File a season round by round, each in the order given, in a store of its own."""
    teller = RoundTeller(quick_store(home))
    teller.prepare(season.telling)
    for places in rounds:
        teller.tell_round(season.mails, places)
    return teller


def outcome(teller: RoundTeller) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what must not depend on the order of filing: the register without numbers, and the questions to staff."""
    return teller.register(), teller.asked()


def score_of(season: Season, teller: Teller) -> Score:
    """Hold what a season left behind against the truth."""
    places = {sha256: place for place, sha256 in teller.hashes.items()}
    with teller.store.reading() as session:
        rows = {row.id: row for row in session.exec(select(SubmissionRow))}
        relation = {(link.submission_id, link.message): link for link in session.exec(select(SubmissionMessageRow))}
        filed = {}
        for version, leaf in session.exec(select(VersionRow, LeafRow).where(VersionRow.leaf_id == LeafRow.id)):
            filed[places[leaf.message], leaf.path] = (version, relation[version.submission_id, leaf.message])
        questions = session.exec(select(SuggestionRow).where(SuggestionRow.state == "open"))
        asked = {(places[row.message], path) for row in questions for path in row.paths}
    # A submission is of the firm that most of its surely filed files belong to; any other file in it is wrong.
    owners: dict[int, Counter[str]] = defaultdict(Counter)
    for key, (version, _) in filed.items():
        owners[version.submission_id][season.truth.get(key, "")] += 1
    of_firm: dict[str, list[int]] = defaultdict(list)
    for number, counts in owners.items():
        of_firm[counts.most_common(1)[0][0]].append(number)
    counts: Counter[str] = Counter()
    shapes: dict[str, Counter[str]] = defaultdict(Counter)
    wrong = []
    for key, firm in season.truth.items():
        found = filed.get(key)
        shape = shapes[season.shapes[key[0]]]
        shape["files"] += 1
        if found is None:
            counts["asked" if key in asked else "nowhere"] += 1
            shape["staff"] += 1
        elif found[0].standing == "pending" or key in asked:
            counts["pending"] += 1
            shape["staff"] += 1
        else:
            counts["automatic"] += 1
            number = found[0].submission_id
            # Right: the submission is this firm's, and it is the firm's first (no needless second one was opened).
            if owners[number].most_common(1)[0][0] == firm and number == min(of_firm[firm]):
                counts["right"] += 1
            else:
                shape["wrong"] += 1
                wrong.append(f"mail {key[0]} {key[1]} of {firm} in {rows[number].number}: {found[1].reason}")
    return Score(
        len(season.truth),
        counts["automatic"],
        counts["right"],
        counts["pending"],
        counts["asked"],
        counts["nowhere"],
        tuple(wrong),
        len(owners),
        dict(shapes),
    )


@dataclass(frozen=True)
class Replay:
    """The season filed again in another order within each day: whether it ended the same, and how well."""

    differing: int
    """Submissions and questions of either register that the other does not have."""
    precision: float
    asked: int
    """Files that waited for staff."""


def replay(season: Season, rounds: list[list[int]], seed: int, home: Path, ends: Any) -> Replay:
    """File the season in an order of this seed and compare with how it ended in order of receipt."""
    teller = play(season, shuffled(rounds, seed), home)
    differing = sum(
        len([one for one in mine if one not in theirs]) + len([one for one in theirs if one not in mine])
        for mine, theirs in zip(outcome(teller), ends, strict=True)
    )
    score = score_of(season, teller)
    teller.store.close()
    return Replay(differing, score.precision, score.pending + score.asked)


def measure(mails: int, seed: int, shuffles: int) -> Iterator[str]:
    """Yield the lines of one season: its score in order of receipt, then what shuffling changed."""
    season = make_season(mails, seed)
    days = days_of(season.mails)
    with tempfile.TemporaryDirectory(prefix="zhengji-bench-") as name:
        home = Path(name)
        started = time.perf_counter()
        teller = play(season, days, home / "receipt")
        seconds = time.perf_counter() - started
        ends, score = outcome(teller), score_of(season, teller)
        teller.store.close()
        yield f"season               {mails} mails, seed {seed}"
        yield from score.lines()
        yield f"seconds              {seconds:.1f}"
        same = [replay(season, days, number, home / f"day-{number}", ends) for number in range(1, shuffles + 1)]
        if same:
            equal = sum(not one.differing for one in same)
            worst = min(one.precision for one in same)
            yield f"shuffled in each day register equal: {_yes(equal == shuffles)} ({equal} of {shuffles} shuffles)"
            yield f"  precision          {worst:.2%}"
            told = [[place] for day in shuffled(days, 1) for place in day]
            one = replay(season, told, 1, home / "told", ends)
            yield f"  told after each    {one.differing} differ, precision {one.precision:.2%}, {one.asked} to staff"


def _yes(fact: bool) -> str:
    return "yes" if fact else "NO"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--mails", type=int, default=1000)
    words.add_argument("--seed", type=int, action="append", help="may be given several times")
    words.add_argument("--shuffles", type=int, default=1, help="other orders within each day; 0 for none")
    said = words.parse_args()
    for seed in said.seed or [1]:
        for line in measure(said.mails, seed, said.shuffles):
            print(line, flush=True)


if __name__ == "__main__":
    main()
