"""Reports that share text: found among all applicants, with the passages, and nobody accused for stock phrases."""

from __future__ import annotations

import random

from flows.demo.prose import paragraphs
from flows.steps.screens.similar import Similar, compare_reports
from store.views.report_texts import ReportText

SHARED = (
    "我们在车间里给每一台机床装上了自制的温度探头，把主轴的热变形画成曲线贴在操作台边，老师傅看一眼就知道该不该补偿。"
)
STOCK = "公司坚持以习近平新时代中国特色社会主义思想为指导，走专精特新发展道路，推动企业高质量发展，发展新质生产力。"


def text(seed: int, *more: str) -> str:
    firm = f"浙江某{seed}号精密机械有限公司"
    own = "".join(paragraphs(random.Random(seed), 3000, "practice", firm, f"产品{seed}"))
    return own + "".join(more)


def report(number: int, applicant: int, words: str) -> ReportText:
    return ReportText(f"AL2026-{number:04d}", applicant, words)


def test_two_firms_with_one_passage_are_named_with_it() -> None:
    reports = [
        report(1, 1, text(1)),
        report(2, 2, text(2, SHARED)),
        report(3, 3, text(3)),
        report(4, 4, text(4, SHARED)),
    ]
    found = list(compare_reports(reports))

    assert [(one.first, one.second) for one in found] == [("AL2026-0002", "AL2026-0004")]
    assert SHARED.rstrip("。") in found[0].passages[0]
    assert found[0].sentence().startswith("AL2026-0002 与 AL2026-0004 的案例报告有 1 处雷同")


def test_stock_phrases_and_a_firms_own_second_case_are_no_finding() -> None:
    reports = [report(1, 1, text(1, STOCK, SHARED)), report(2, 1, text(2, SHARED)), report(3, 3, text(3, STOCK))]

    assert list(compare_reports(reports)) == []


def test_a_finding_is_one_sentence_with_the_longest_passage() -> None:
    assert Similar("A", "B", ("长的一段", "短")).sentence() == "A 与 B 的案例报告有 2 处雷同，共约 5 字：“长的一段”。"
