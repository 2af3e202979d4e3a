"""The demo's lists (演示名单): who holds a title, and which bodies may recommend. One firm is left out on purpose."""

from __future__ import annotations

import csv
from pathlib import Path

from flows.demo import firms

TITLE = "省级专精特新中小企业"
LISTED = (
    firms.YUANHENG, firms.LANTING, firms.QIMING, firms.SHENGHUA, firms.KANGBO, firms.TIANLI, firms.HAOYU,
    firms.GUANGDA, firms.XINGCHEN, *firms.BUNDLED, firms.MINGDE, firms.ZHICHENG,
)  # fmt: skip
"""RUIFENG is not among them: its title stays 存疑, so that the demo shows a 收讫待核."""

RECOMMENDERS = (
    ("浙江省轴承工业协会", "省级行业协会"),
    ("浙江省汽车行业协会", "省级行业协会"),
    ("浙江省医药行业协会", "省级行业协会"),
    (firms.ASSOCIATION, "省级行业协会"),
    ("杭州市企业联合会", "设区市企业联合会"),
    ("宁波市企业家协会", "设区市企业家协会"),
    ("温州市工业经济联合会", "设区市工业经济联合会"),
    ("嘉兴市企业联合会", "设区市企业联合会"),
    ("湖州市企业家协会", "设区市企业家协会"),
    ("绍兴市企业家协会", "设区市企业家协会"),
    ("台州市工业经济联合会", "设区市工业经济联合会"),
)


def write_lists(folder: Path) -> tuple[Path, Path]:
    """Write both lists as csv, as somebody exports them from Excel; return the titles and the recommenders."""
    folder.mkdir(parents=True, exist_ok=True)
    titles, recommenders = folder / "省级专精特新中小企业名单.csv", folder / "推荐单位名单.csv"
    with titles.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["序号", "企业名称", "批次", "公布日期", "有效期至"])
        for number, firm in enumerate(LISTED, 1):
            rows.writerow([number, firm.name, "2024年第一批", "2024-06-01", "2027-05-31"])
    with recommenders.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["序号", "单位名称", "类别"])
        for number, (name, kind) in enumerate(RECOMMENDERS, 1):
            rows.writerow([number, name, kind])
    return titles, recommenders
