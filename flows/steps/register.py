"""The register (台账): as the JSON of the design, as lines for a terminal, as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.steps.workshop import Workshop
from store import journal, queries, quotas
from store.shelf import STATUS_NAMES

VERDICT_COLOURS = {"缺失": "#F8CBAD", "存疑": "#FFE699", "提示": "#DDEBF7", "通过": "#E2EFDA", "不适用": "#EDEDED"}
STATUS_COLOURS = {"齐全": "#E2EFDA", "待补正": "#F8CBAD", "待核实": "#FFE699", "逾期": "#D9D2E9", "已撤回": "#EDEDED"}
Rows = Sequence[Sequence[object]]


def register_values(shop: Workshop, now: datetime) -> dict[str, Any]:
    """Return the whole register in the shape of the design's section 6."""
    with shop.store.reading() as session:
        return queries.register_values(session, shop.call.id, now)


def register_lines(shop: Workshop, now: datetime) -> list[str]:
    """Return one line a submission for a terminal, and the totals."""
    values = register_values(shop, now)
    lines = []
    for row in values["submissions"]:
        open_items = [f["code"] for f in row["findings"] if f["verdict"] in ("缺失", "存疑")]
        state = STATUS_NAMES.get(row["status"], row["status"])
        lines.append(
            f"{row['number']}  {state}  {row['applicant'] or '（单位待核实）'}  {' '.join(open_items)}".rstrip()
        )
    counts: dict[str, int] = {}
    for row in values["submissions"]:
        state = STATUS_NAMES.get(row["status"], row["status"])
        counts[state] = counts.get(state, 0) + 1
    told = "，".join(f"{state} {count}" for state, count in counts.items()) or "还没有申报"
    lines.append(f"共 {len(values['submissions'])} 件（{told}），来信 {len(values['messages'])} 封。")
    return lines


def write_register(shop: Workshop, path: Path, now: datetime) -> None:
    """Write the register as an Excel file: 台账, 结论, 名额, 流水. Text is never taken for a formula or a link."""
    values = register_values(shop, now)
    with shop.store.reading() as session:
        uses = quotas.quota_uses(session, shop.call)
        entries = journal.read(session, limit=2000)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        # The same register gives the same bytes, whenever it is written.
        book.set_properties({"created": now.replace(tzinfo=None)})
        _sheet(book, "台账", _REGISTER, _register_rows(values), colour=(3, STATUS_COLOURS))
        _sheet(book, "结论", _FINDINGS, _finding_rows(values), colour=(3, VERDICT_COLOURS))
        quota_rows = [[u.recommender, u.pool, u.region, u.number, u.applicant, u.state] for u in uses]
        _sheet(book, "名额", _QUOTAS, quota_rows, colour=None)
        zone = shop.call.window.timezone
        rows = [[f"{e.at.astimezone(zone):%Y-%m-%d %H:%M}", e.actor, e.about, e.sentence] for e in entries]
        _sheet(book, "流水", _JOURNAL, rows, colour=None)


_REGISTER = (
    ("受理编号", 14), ("申报单位", 34), ("推荐单位", 26), ("状态", 10), ("首次收到", 17), ("最近收到", 17),
    ("案例名称", 34), ("报告字数", 10), ("推荐表", 8), ("案例报告", 8), ("照片", 8), ("缺失", 26), ("存疑", 26),
    ("最近回信", 16),
)  # fmt: skip
_FINDINGS = (("受理编号", 14), ("申报单位", 34), ("规则", 8), ("判定", 8), ("说明", 80))
_QUOTAS = (("推荐单位", 34), ("类别", 16), ("地区", 12), ("受理编号", 14), ("申报单位", 34), ("占用", 10))
_JOURNAL = (("时间", 17), ("经办", 12), ("事项", 30), ("经过", 90))


def _register_rows(values: dict[str, Any]) -> Rows:
    rows = []
    for row in values["submissions"]:
        current = {key: sum(1 for one in files if one["current"]) for key, files in row["materials"].items()}
        facts_form, facts_report = row["facts"]["form"] or {}, row["facts"]["report"] or {}
        told = row["letters"][-1] if row["letters"] else None
        rows.append(
            [
                row["number"],
                row["applicant"],
                row["recommender"] or "",
                STATUS_NAMES.get(row["status"], row["status"]),
                _minute(row["first_received"]),
                _minute(row["last_received"]),
                facts_form.get("case_title") or "",
                facts_report.get("words", ""),
                current.get("form", 0),
                current.get("report", 0),
                current.get("photos", 0),
                _codes(row, "缺失"),
                _codes(row, "存疑"),
                f"{told['kind']}（{told['state']}）" if told else "",
            ]
        )
    return rows


def _finding_rows(values: dict[str, Any]) -> Rows:
    return [
        [row["number"], row["applicant"], finding["code"], finding["verdict"], finding["message"]]
        for row in values["submissions"]
        for finding in row["findings"]
    ]


def _codes(row: dict[str, Any], verdict: str) -> str:
    return " ".join(finding["code"] for finding in row["findings"] if finding["verdict"] == verdict)


def _minute(moment: str | None) -> str:
    return moment[:16].replace("T", " ") if moment else ""


def _sheet(
    book: Any, name: str, columns: tuple[tuple[str, int], ...], rows: Rows, *, colour: tuple[int, dict[str, str]] | None
) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF", "border": 1})
    body = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"})
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write(line, column, value, body)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
    if colour is not None and rows:
        column, meanings = colour
        for text, shade in meanings.items():
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{text}"',
                "format": book.add_format({"bg_color": shade}),
            }
            sheet.conditional_format(1, column, len(rows), column, rule)
