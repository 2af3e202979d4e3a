"""Which column of a list is which (表头识别), and what each row says; every fault with its row number."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rapidfuzz import fuzz

from flows.steps.lists.table import Cell, WorkSheet
from parsers.names.company import clean_name, is_body, is_company, is_placeholder
from parsers.text.credit_code import is_credit_code
from store.lists import Entry

_HEADERS: dict[str, tuple[str, ...]] = {
    "name": (
        *(
            "企业名称",
            "单位名称",
            "公司名称",
            "企业全称",
            "单位全称",
            "会员单位名称",
            "会员名称",
            "会员单位",
            "推荐单位名称",
        ),
        *("推荐单位", "协会名称", "机构名称", "名称", "企业", "单位"),
    ),
    "credit_code": ("统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码"),
    "region": (
        "地区",
        "所属地区",
        "所在地区",
        "所在地",
        "地市",
        "设区市",
        "所属市",
        "所在市",
        "市县",
        "县市区",
        "城市",
        "区域",
        "属地",
    ),
    "batch": ("批次", "认定批次", "公布批次", "认定年度", "入选年度", "年度", "年份"),
    "conferred_on": (
        "认定日期",
        "公布日期",
        "发证日期",
        "认定时间",
        "公布时间",
        "获评时间",
        "获评日期",
        "授予日期",
        "入选时间",
        "发文日期",
    ),
    "valid_until": ("有效期至", "有效期止", "有效期", "有效截止日期", "截止日期", "到期日期", "到期时间", "失效日期"),
    "pool": ("类别", "单位类别", "推荐类别", "推荐单位类别", "类型", "单位类型"),
    "quota": ("推荐名额", "名额", "名额数", "名额上限", "分配名额"),
    "aliases": ("曾用名", "别名", "简称", "原名称", "更名前名称", "其他名称"),
    "contact": ("联系人", "负责人", "联络人"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "联系邮箱", "email", "e-mail"),
}
_NOT_DATA = re.compile(
    r"^(?:合计|总计|小计|备注|注[:：\d]|说明[:：]|填表人|制表|审核人|共\s*\d+\s*[家户个]|数据截至|截至)"
)
_HEADER_ROWS = 15


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with a row: ``row`` 0 is the whole sheet. ``stops`` says that the list must not be imported."""

    sheet: str
    row: int
    sentence: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The entries of one sheet with the faults of its rows; ``columns`` maps fields to column numbers from 0."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[RowFault, ...] = ()
    columns: dict[str, int] | None = None


def read_entries(sheet: WorkSheet) -> ReadSheet:
    """Find the header and read every row under it; ``columns`` None where the sheet has no recognisable header."""
    found = find_header(sheet)
    if found is None:
        return ReadSheet()
    first, columns = found
    entries: list[Entry] = []
    faults: list[RowFault] = []
    for number, row in enumerate(sheet.rows[first:], first + 1):
        if _is_empty(row, columns):
            continue
        entry, problems = _entry(sheet.name, number, row, columns)
        faults += problems
        if entry:
            entries.append(entry)
    return ReadSheet(tuple(entries), tuple(faults), columns)


def find_header(sheet: WorkSheet) -> tuple[int, dict[str, int]] | None:
    """Return the row index where data begins and the columns found; headers may stand in two rows."""
    best: tuple[int, int, dict[str, int]] | None = None
    for place in range(min(_HEADER_ROWS, len(sheet.rows))):
        single = _columns([_text(cell) for cell in sheet.rows[place]])
        choices = [(len(single), place + 1, single)]
        if place + 1 < len(sheet.rows) and not _looks_like_data(sheet.rows[place + 1]):
            below = [_text(cell) for cell in sheet.rows[place + 1]]
            double = _columns([*_joined(sheet.rows[place], below)])
            choices.append((len(double), place + 2, double))
        for choice in choices:
            if "name" in choice[2] and (best is None or choice[0] > best[0]):
                best = choice
    return (best[1], best[2]) if best else None


def _joined(above: Sequence[Cell], below: Sequence[str]) -> list[str]:
    """Return the words of two header rows column by column; the lower one says more where both speak."""
    width = max(len(above), len(below))
    upper = [_text(above[n]) if n < len(above) else "" for n in range(width)]
    return [(below[n] if n < len(below) else "") or upper[n] for n in range(width)]


def _columns(titles: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    scored = sorted(
        (
            (_likeness(title, field), -number, field)
            for number, title in enumerate(titles)
            if title
            for field in _HEADERS
        ),
        reverse=True,
    )
    for score, negative, field in scored:
        if score >= 80 and field not in columns and -negative not in columns.values():
            columns[field] = -negative
    return columns


def _likeness(title: str, field: str) -> float:
    """Return how surely a header is this field, 0 to 100; a short word must be the whole header."""
    best = 0.0
    for rank, word in enumerate(_HEADERS[field]):
        if title == word:
            return 101.0 - rank / 100
        if len(word) >= 3 and word in title and len(title) <= len(word) + 8:
            best = max(best, 95.0 - rank / 100)
        elif len(word) >= 4:
            best = max(best, fuzz.ratio(title, word))
    return best


def _looks_like_data(row: Sequence[Cell]) -> bool:
    texts = [_text(cell) for cell in row]
    return any(is_company(text) or is_body(text) or is_credit_code(text.upper()) for text in texts if text) or any(
        isinstance(cell, (int, float, date)) and not isinstance(cell, bool) for cell in row
    )


def _entry(
    sheet: str, number: int, row: Sequence[Cell], columns: dict[str, int]
) -> tuple[Entry | None, list[RowFault]]:
    def cell(field: str) -> Cell:
        place = columns.get(field, -1)
        return row[place] if 0 <= place < len(row) else None

    name = clean_name(_plain(cell("name")))
    if _NOT_DATA.match(name) or _NOT_DATA.match(_plain(row[0]) if row else ""):
        return None, [RowFault(sheet, number, "不是企业的行（合计、说明等），已略过。", stops=False)]
    faults: list[RowFault] = []
    if not name or is_placeholder(name):
        said = f"名称“{name}”不是全称" if name else "名称为空"
        return None, [RowFault(sheet, number, f"{said}：请补上全称，或删去这一行。")]
    code, code_fault = _code(_plain(cell("credit_code")))
    conferred_on, conferred_fault = read_date(cell("conferred_on"), end=False)
    until, until_fault = read_date(cell("valid_until"), end=True)
    quota, quota_fault = _quota(cell("quota"))
    for sentence, stops in ((code_fault, False), (conferred_fault, True), (until_fault, True), (quota_fault, True)):
        if sentence:
            faults.append(RowFault(sheet, number, f"{name}：{sentence}", stops=stops))
    entry = Entry(
        row=number,
        name=name,
        credit_code=code,
        region=_plain(cell("region")),
        batch=_plain(cell("batch")),
        conferred_on=conferred_on,
        valid_until=until,
        pool=_plain(cell("pool")),
        quota=quota,
        aliases=tuple(
            clean_name(one) for one in re.split(r"[、,，;；/\n]", _plain(cell("aliases"))) if clean_name(one)
        ),
        contact=_plain(cell("contact")),
        email=_plain(cell("email")).lower(),
    )
    return entry, faults


def read_date(cell: Cell, *, end: bool) -> tuple[date | None, str]:
    """Return the date that a cell means, and what is wrong where it means none.

    Text in the usual writings, whole months and years (their last day where ``end``, else their first), a span (its
    end or beginning), Excel's day numbers. Empty and 长期 mean no date.
    """
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell), ""
    if isinstance(cell, (int, float)) and 20_000 <= cell <= 80_000:
        return date(1899, 12, 30) + timedelta(days=int(cell)), ""
    text = _plain(cell)
    if text in {"", "-", "/", "无", "长期", "长期有效"}:
        return None, ""
    spans = re.split(r"\s*(?:至|到|~|～|—+|--+)\s*|(?<=[\d日月年])-(?=\d{4}[年./-])", text)
    part = [span for span in spans if span][-1 if end else 0] if any(spans) else text
    found = re.fullmatch(
        r"(\d{4})\s*[年./\-]?\s*(?:(\d{1,2})\s*[月./\-]?\s*)?(?:(\d{1,2})\s*日?)?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?", part
    )
    if found is None:
        return None, f"日期“{text}”看不懂，请写成 2026-05-30 的样子。"
    year, month, day = (int(group) if group else 0 for group in found.groups())
    return _whole(year, month, day, text, end=end)


def _whole(year: int, month: int, day: int, text: str, *, end: bool) -> tuple[date | None, str]:
    try:
        if not month:
            return (date(year, 12, 31) if end else date(year, 1, 1)), ""
        if not day:
            return date(year, month, calendar.monthrange(year, month)[1] if end else 1), ""
        return date(year, month, day), ""
    except ValueError:
        return None, f"日期“{text}”不存在，请核对。"


def _code(text: str) -> tuple[str, str]:
    code = re.sub(r"[\s\-]", "", text).upper()
    if not code or code in {"/", "无"}:
        return "", ""
    if is_credit_code(code):
        return code, ""
    return "", f"统一社会信用代码“{text}”的校验位不对，未采用，此行只按名称比对。"


def _quota(cell: Cell) -> tuple[int | None, str]:
    text = _plain(cell)
    if not text:
        return None, ""
    figures = re.fullmatch(r"(?:\d+\s*[-—~至]\s*)?(\d+)\s*[个家]?", text)
    return (int(figures.group(1)), "") if figures else (None, f"名额“{text}”不是数字。")


def _is_empty(row: Sequence[Cell], columns: dict[str, int]) -> bool:
    """Whether a row says nothing in any of our columns (a serial number alone says nothing)."""
    return not any(_plain(row[place]) for place in columns.values() if place < len(row))


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _text(cell: Cell) -> str:
    """Return a header's words: no blanks, no brackets with remarks, small letters."""
    plain = re.sub(r"\([^()]*\)", "", _plain(cell))
    return re.sub(r"[\s*:：]", "", plain).lower()
