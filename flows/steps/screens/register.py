"""The register (台账): as the JSON of the design, as lines for a terminal, as an Excel file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from config.call import Call
from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.steps.lists.quotas import QuotaLine, TwoRoutes, quota_ledger, routes_ledger
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Role
from store import journal
from store.filing import quotas
from store.filing.quotas import CONFIRMED, RELEASED, RESERVED, QuotaUse
from store.states import LetterState
from store.views import register_rows
from store.views.shelf import STATUS_NAMES

VERDICT_COLOURS = {"缺失": "#F8CBAD", "存疑": "#FFE699", "提示": "#DDEBF7", "通过": "#E2EFDA", "不适用": "#EDEDED"}
STATUS_COLOURS = {"齐全": "#E2EFDA", "待补正": "#F8CBAD", "待核实": "#FFE699", "逾期": "#D9D2E9", "已撤回": "#EDEDED"}
USE_NAMES = {RESERVED: "占用（待齐）", CONFIRMED: "确认", RELEASED: "释放"}
USE_COLOURS = {"占用（待齐）": "#FFE699", "确认": "#E2EFDA", "释放": "#EDEDED", "超出": "#F8CBAD"}
MEANINGS = {
    "齐全": "通知要求的材料都已收到，没有缺失和存疑",
    "待补正": "有缺失，已告知或将告知申报单位",
    "待核实": "没有缺失，有存疑等经办核对",
    "逾期": "首份材料在截止之后收到，等经办决定",
    "已撤回": "申报单位撤回，保留备查",
    "缺失": "通知明确要求而确定没有，须补正",
    "存疑": "机器没有把握，由经办核对后裁定",
    "提示": "建议完善，不要求补正",
    "通过": "符合要求",
    "不适用": "本件不涉及",
    "占用（待齐）": "占用一个推荐名额，材料尚未齐全",
    "确认": "占用一个推荐名额，材料齐全",
    "释放": "已撤回，不占名额",
    "超出": "按收到先后排在名额上限之外，只标出，不剔除",
}
DAY = timedelta(days=1)
Rows = Sequence[Sequence[object]]
Columns = tuple[tuple[str, int], ...]


def register_values(shop: Workshop, now: datetime) -> dict[str, Any]:
    """Return the whole register in the shape of the design's section 6."""
    with shop.store.reading() as session:
        return register_rows.register_values(session, shop.call, now)


def register_lines(shop: Workshop, now: datetime) -> list[str]:
    """Return one line a submission for a terminal, and the totals."""
    values = register_values(shop, now)
    lines = []
    for row in values["submissions"]:
        open_items = [f["code"] for f in row["findings"] if f["verdict"] in ("缺失", "存疑")]
        lines.append(
            f"{row['number']}  {_status(row)}  {row['applicant'] or '（单位待核实）'}  {' '.join(open_items)}".rstrip()
        )
    counts = Counter(_status(row) for row in values["submissions"])
    told = "，".join(f"{state} {count}" for state, count in counts.items()) or "还没有申报"
    lines.append(f"共 {len(values['submissions'])} 件（{told}），来信 {len(values['messages'])} 封。")
    return lines


def write_register(shop: Workshop, path: Path, now: datetime, values: dict[str, Any] | None = None) -> None:
    """Write the register as an Excel file: 台账, 结论, 名额, 流水 (of the last 24 hours), 说明.

    ``values`` is the register where it was read already. Text is never taken for a formula or a link. Colours are
    fills of the cells themselves, so that every program shows them; 说明 says what they mean.
    """
    values = register_values(shop, now) if values is None else values
    with shop.store.reading() as session:
        uses = quotas.quota_uses(session, shop.call)
        alone = quotas.self_nominated(session, shop.call)
        ledger = quota_ledger(session, shop.call)
        routes = routes_ledger(session, shop.call)
        entries = journal.read(session, since=now - DAY)
    pools = {pool.key: pool.name for pool in shop.call.quota_pools}
    zone = shop.call.window.timezone
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        # The same register gives the same bytes, whenever it is written.
        book.set_properties({"title": f"{shop.call.short_title} 台账", "created": now.replace(tzinfo=None)})
        sheets = _Sheets(book)
        sheets.add("台账", _columns(shop.call), _register_rows(shop.call, values), STATUS_COLOURS)
        sheets.add("结论", _FINDINGS, _finding_rows(values), VERDICT_COLOURS)
        sheets.add("名额", _QUOTAS, _quota_rows((*uses, *alone), ledger, pools, routes), USE_COLOURS)
        rows = [[e.at.astimezone(zone).replace(tzinfo=None), e.actor, e.about, e.sentence] for e in entries]
        sheets.add("流水", _JOURNAL, rows, {})
        sheets.add("说明", _LEGEND, _legend_rows(values, f"{now.astimezone(zone):%Y-%m-%d %H:%M}"), _LEGEND_COLOURS)


_ABOUT = (
    ("受理编号", 14), ("申报单位", 34), ("推荐单位", 26), ("状态", 10), ("首次收到", 17), ("最近收到", 17),
)  # fmt: skip
_FOUND = (("缺失", 26), ("存疑", 26), ("提示", 26), ("最近回信", 22))
_FINDINGS = (("受理编号", 14), ("申报单位", 34), ("规则", 8), ("判定", 10), ("说明", 80))
_QUOTAS = (
    ("推荐单位", 34), ("类别", 26), ("地区", 12), ("名额上限", 10), ("已用", 8), ("受理编号", 14), ("申报单位", 34),
    ("占用", 14), ("超出", 8), ("多头申报", 34),
)  # fmt: skip
_JOURNAL = (("时间", 17), ("经办", 12), ("事项", 30), ("经过", 90))
_LEGEND = (("项目", 18), ("件数", 10), ("含义", 60))
_LEGEND_COLOURS = {**STATUS_COLOURS, **VERDICT_COLOURS, **USE_COLOURS}


def _columns(call: Call) -> Columns:
    """Return the columns of 台账: what the call's form and report say, then a column for each of its materials."""
    form, report = call.of_role(Role.FORM), call.of_role(Role.REPORT)
    said = [(call.form.field_names["case_title"], 34)] if form and call.form else []
    said += [("报告字数", 10)] if report else []
    return (*_ABOUT, *said, *((one.short, max(8, 2 * len(one.short) + 2)) for one in call.electronic), *_FOUND)


def _said(call: Call, row: dict[str, Any]) -> list[object]:
    form, report = call.of_role(Role.FORM), call.of_role(Role.REPORT)
    said = [(row["facts"][form.key] or {}).get("case_title") or ""] if form and call.form else []
    return said + ([(row["facts"][report.key] or {}).get("words", "")] if report else [])


def _register_rows(call: Call, values: dict[str, Any]) -> Rows:
    rows = []
    for row in values["submissions"]:
        current = {key: sum(1 for one in files if one["current"]) for key, files in row["materials"].items()}
        told = row["letters"][-1] if row["letters"] else None
        rows.append(
            [
                row["number"],
                row["applicant"],
                row["recommender"] or "",
                _status(row),
                _moment(row["first_received"]),
                _moment(row["last_received"]),
                *_said(call, row),
                *(current.get(one.key, 0) for one in call.electronic),
                _codes(row, "缺失"),
                _codes(row, "存疑"),
                _codes(row, "提示"),
                f"{LETTER_NAMES[LetterKind(told['kind'])]}（{LETTER_STATES.get(told['state'], '')}）" if told else "",
            ]
        )
    return rows


LETTER_STATES = {
    LetterState.HELD: "待放行",
    LetterState.QUEUED: "待发",
    LetterState.SENDING: "发送中",
    LetterState.SENT: "已发出",
    LetterState.DRAFTED: "已存草稿",
    LetterState.FAILED: "失败",
    LetterState.BOUNCED: "被退回",
    LetterState.UNKNOWN: "结果不明",
    LetterState.SHADOW: "只拟未发",
    LetterState.CANCELLED: "已取消",
    LetterState.REFUSED: "经办不发",
}
"""States of letters as people read them."""


def _finding_rows(values: dict[str, Any]) -> Rows:
    return [
        [row["number"], row["applicant"], finding["code"], finding["verdict"], finding["message"]]
        for row in values["submissions"]
        for finding in row["findings"]
    ]


def _quota_rows(
    uses: Sequence[QuotaUse], ledger: Sequence[QuotaLine], pools: dict[str, str], routes: Sequence[TwoRoutes]
) -> Rows:
    """Return a row for every submission that names a recommender, with the line of the ledger it counts in.

    One that names none has a row only where its enterprise came by another way too.
    """
    ways = {number: "、".join(one.routes) for one in routes for number in one.numbers}
    lines: dict[str, QuotaLine] = {}
    for line in ledger:
        for number in (*line.reserved, *line.confirmed, *line.released, *line.free):
            lines[number] = line
    rows = []
    for use in uses:
        if not use.recommender and use.number not in ways:
            continue
        own = lines.get(use.number)
        most = "" if own is None or own.at_most is None else own.at_most
        over = "超出" if own is not None and use.number in own.over else ""
        state = USE_NAMES[use.state] if use.recommender else ""
        pool = pools.get(use.pool) or ("未列明" if most == "" else "推荐名额表")
        rows.append(
            [
                use.recommender,
                pool,
                use.region,
                most,
                own.used if own else 0,
                use.number,
                use.applicant,
                state,
                over,
                ways.get(use.number, ""),
            ]
        )
    return rows


def _legend_rows(values: dict[str, Any], as_of: str) -> Rows:
    """Return what the colours mean, with the totals: the same figures as the digest of that moment."""
    statuses = Counter(_status(row) for row in values["submissions"])
    verdicts = Counter(finding["verdict"] for row in values["submissions"] for finding in row["findings"])
    return [
        ["截至", as_of, "台账、结论、名额为此刻情况，流水为此前 24 小时"],
        ["申报", len(values["submissions"]), "受理编号的件数，已并入他件的不计"],
        ["来信", len(values["messages"]), "入库的不同邮件，含退信和无关邮件"],
        *([name, statuses[name], MEANINGS[name]] for name in STATUS_COLOURS),
        *([name, verdicts[name], MEANINGS[name]] for name in VERDICT_COLOURS),
        *([name, "", MEANINGS[name]] for name in USE_COLOURS),
    ]


def _status(row: dict[str, Any]) -> str:
    return STATUS_NAMES.get(row["status"], str(row["status"]))


def _codes(row: dict[str, Any], verdict: str) -> str:
    return " ".join(finding["code"] for finding in row["findings"] if finding["verdict"] == verdict)


def _moment(moment: str | None) -> object:
    """Return a moment as Excel knows it: the clock on the wall, without a zone."""
    return datetime.fromisoformat(moment).replace(tzinfo=None) if moment else ""


class _Sheets:
    """Writes sheets of one manner: frozen header and first column, filter, widths, fills by the words of a cell."""

    def __init__(self, book: Any) -> None:
        self.book = book
        cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
        self.head = book.add_format({"bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF", "border": 1})
        self.body = book.add_format(cell)
        self.time = book.add_format({**cell, "num_format": "yyyy-mm-dd hh:mm"})
        colours = sorted(set(_LEGEND_COLOURS.values()))
        self.fills = {colour: book.add_format({**cell, "bg_color": colour}) for colour in colours}

    def add(self, name: str, columns: Columns, rows: Rows, colours: dict[str, str]) -> None:
        """Write one sheet; ``colours`` says which whole words of a cell give it which fill."""
        sheet = self.book.add_worksheet(name)
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, self.head)
        for line, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(line, column, value, self.time)
                elif isinstance(value, str):
                    fill = self.fills.get(colours.get(value, ""), self.body)
                    sheet.write_string(line, column, value, fill) if value else sheet.write_blank(
                        line, column, "", fill
                    )
                else:
                    sheet.write(line, column, value, self.body)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
