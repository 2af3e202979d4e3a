"""Tangles (乱局): a few mails in which everything that ties mails together happens at once, made by chance.

Firms with nearly the same name, shared senders, recommenders, copies, threads, mails that name nobody, the same photos
from several people, cases of other titles: far denser than life, so that whatever depends on the order of filing shows.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.cases.telling import File, Mail

FIRMS = (
    ("浙江远衡精密机械有限公司", "91330100799655058B"),
    ("浙江远衡精密机槭有限公司", ""),
    ("远衡精密机械股份有限公司", ""),
    ("杭州澜汀仪器仪表有限公司", ""),
    ("宁波启明液压技术有限公司", ""),
)
SENDERS = ("office@yuanheng.example", "wang@yuanheng.example", "a@qq.com", "b@163.com", "office@body.example")
BODY = "浙江省轴承工业协会"
TITLES = ("远衡轴承的专业化成长路径", "以绿色工厂为抓手的降本增效做法")


def make_tangle(mails: int, seed: int) -> list[Mail]:
    """Invent a tangle: the same numbers give the same mails, in order of receipt within a day."""
    rng = random.Random(seed)
    told: list[Mail] = []
    for place in range(1, mails + 1):
        sender = rng.choice(SENDERS)
        firms = rng.sample(FIRMS, 2 if sender == SENDERS[-1] and rng.random() < 0.4 else 1)
        folders = [f"{firm[0]}/" if len(firms) > 1 else "" for firm in firms]
        files = [
            file
            for firm, folder in zip(firms, folders, strict=True)
            for file in _papers(rng, firm, folder, f"{seed}-{place}")
        ]
        name = rng.choice(firms)[0]
        told.append(
            Mail(
                sender,
                tuple(files),
                rng.choice(("材料", "补充材料", f"{name}申报", "更正后的材料", f"{name[:4]}补充")),
                rng.choice(("见附件。", f"这是{name}的材料。", "另报一个案例。")),
                name=BODY if sender == SENDERS[-1] else "",
                after=place * 20,
                follows=rng.randrange(1, place) if place > 1 and rng.random() < 0.15 else 0,
                cc=(rng.choice(SENDERS),) if rng.random() < 0.2 else (),
                auth="fail" if rng.random() < 0.05 else "unknown",
            )
        )
    return told


def _papers(rng: random.Random, firm: tuple[str, str], folder: str, seed: str) -> Sequence[File]:
    name, code = firm
    title = rng.choice(TITLES)
    form = File(
        f"{folder}推荐表.pdf",
        "form",
        name,
        rng.random() < 0.8,
        title=title,
        code=code if rng.random() < 0.5 else "",
        recommender=BODY if rng.random() < 0.3 else "",
        contact=rng.choice(SENDERS) if rng.random() < 0.2 else "",
        holds=f"form {name} {seed}",
    )
    report = File(f"{folder}案例报告.docx", "report", title=title, names=(name,), holds=f"report {name} {seed}")
    blank = File(f"{folder}扫描.pdf", "form", "", holds=f"blank {seed}")
    # Photos of few contents, so that strangers send the very files of others.
    photo = File(f"{folder}IMG_{rng.randrange(3)}.jpg", "photo", holds=f"photo {name} {rng.randrange(3)}")
    kinds: Sequence[Sequence[File]] = ((form, report), (form,), (report,), (photo,), (photo,), (blank,), (form, photo))
    return rng.choice(kinds)
