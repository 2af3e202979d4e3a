"""The register as an Excel file, opened with a second library: the same figures as the register and the digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from flows.steps.digest import make_digest
from flows.steps.screens.register import STATUS_COLOURS, VERDICT_COLOURS, register_values, write_register
from flows.steps.workshop import Workshop
from store.views.shelf import STATUS_NAMES
from tests.desk.conftest import SECOND
from tests.digest.conftest import MORNING, recommend

Number = Callable[[str], str]


@pytest.fixture
def book(shop: Workshop) -> Workbook:
    (attached,) = (one for one in make_digest(shop, MORNING).attachments if one.name == "台账.xlsx")
    return openpyxl.load_workbook(BytesIO(attached.data))


def table(book: Workbook, name: str) -> list[dict[str, Any]]:
    rows = list(book[name].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_digest_and_file_tell_the_figures_of_the_register(shop: Workshop, book: Workbook) -> None:
    values = register_values(shop, MORNING)
    statuses = Counter(STATUS_NAMES[row["status"]] for row in values["submissions"])
    verdicts = Counter(f["verdict"] for row in values["submissions"] for f in row["findings"])
    text = make_digest(shop, MORNING).text
    assert Counter(row["状态"] for row in table(book, "台账")) == statuses
    assert Counter(row["判定"] for row in table(book, "结论")) == verdicts
    told = {row["项目"]: row["件数"] for row in table(book, "说明")}
    assert {name: told[name] for name in statuses} == dict(statuses)
    assert {name: told[name] for name in verdicts} == dict(verdicts)
    assert (told["申报"], told["来信"]) == (len(values["submissions"]), len(values["messages"]))
    for name, count in statuses.items():
        assert f"  {name} {count} 件" in text


def test_every_submission_is_one_row_with_its_facts(shop: Workshop, book: Workbook) -> None:
    (row,) = (one for one in table(book, "台账") if one["申报单位"] == SECOND)
    (own,) = (one for one in register_values(shop, MORNING)["submissions"] if one["applicant"] == SECOND)
    received = datetime.fromisoformat(own["first_received"]).replace(tzinfo=None)
    expected = {
        "受理编号": own["number"],
        "申报单位": SECOND,
        "推荐单位": "浙江省轴承工业协会",
        "状态": "待补正",
        "首次收到": received,
        "最近收到": received,
        "案例名称": "乙木的成长路径",
        "报告字数": own["facts"]["report"]["words"],
        "推荐表": 1,
        "案例报告": 1,
        "照片": 0,
        "缺失": " ".join(f["code"] for f in own["findings"] if f["verdict"] == "缺失"),
        "存疑": "Q01",
        "提示": " ".join(f["code"] for f in own["findings"] if f["verdict"] == "提示") or None,
        "最近回信": "补正（待放行）",
    }
    assert row == expected


def test_sheets_are_ready_to_filter_and_their_colours_mean_something(book: Workbook) -> None:
    assert book.sheetnames == ["台账", "结论", "名额", "流水", "说明"]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref is not None
        assert sheet.column_dimensions["A"].width > 8
    for name, colours in (("台账", STATUS_COLOURS), ("结论", VERDICT_COLOURS)):
        for row in book[name].iter_rows(min_row=2):
            wanted = colours[row[3].value]
            assert row[3].fill.fgColor.rgb == f"FF{wanted[1:]}"
    legend = {row[0].value: row[0].fill.fgColor.rgb for row in book["说明"].iter_rows(min_row=2)}
    assert legend["缺失"] == f"FF{VERDICT_COLOURS['缺失'][1:]}"


def test_the_journal_sheet_is_of_the_last_day_only(shop: Workshop, tmp_path: Path) -> None:
    write_register(shop, tmp_path / "r.xlsx", MORNING)
    lines = table(openpyxl.load_workbook(tmp_path / "r.xlsx"), "流水")
    assert {row["时间"].date().isoformat() for row in lines} == {"2026-05-31"}
    assert any("AL2026-0003" in row["事项"] for row in lines)


def test_quotas_stand_per_submission_with_what_is_used(book: Workbook) -> None:
    rows = table(book, "名额")
    assert [row["占用"] for row in rows] == ["占用（待齐）"] * 3
    assert {(row["推荐单位"], row["类别"], row["名额上限"], row["已用"]) for row in rows} == {
        ("浙江省轴承工业协会", "省级行业协会", 3, 3)
    }


def test_what_a_sender_wrote_is_never_a_formula(shop: Workshop, number: Number, tmp_path: Path) -> None:
    recommend(shop, number(SECOND), '=HYPERLINK("http://evil.example","协会")')
    write_register(shop, tmp_path / "r.xlsx", MORNING)
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["台账"].iter_rows() for cell in row]
    (cell,) = (cell for cell in cells if str(cell.value).startswith("=HYPERLINK"))
    assert (cell.data_type, cell.hyperlink) == ("s", None)


def test_the_same_register_gives_the_same_bytes(shop: Workshop, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_register(shop, tmp_path / name, MORNING)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
