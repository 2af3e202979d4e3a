"""Cells of a list file (名单文件): xlsx with its merged cells filled in, xls, ods, csv in any usual encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

Cell = str | int | float | bool | date | datetime | None

ROWS_AT_MOST = 200_000
"""More rows than any real list; a file that claims more is not read."""


class ListUnreadable(Exception):  # noqa: N818 - it says what happened
    """The file is no table we can open. The message is one Chinese sentence with the cure."""


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """One sheet: its name and its cells, row by row; row numbers begin at 1 as in the office program."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_sheets(path: Path) -> tuple[WorkSheet, ...]:
    """Return all sheets of a table; ``ListUnreadable`` where it cannot be opened."""
    try:
        head = path.read_bytes()[:8]
        if path.suffix.lower() in {".csv", ".txt", ".tsv"}:
            return (WorkSheet(path.stem, _csv_rows(path.read_bytes())),)
        if head.startswith(b"PK") and path.suffix.lower() in {".xlsx", ".xlsm"}:
            return _xlsx_sheets(path)
        return _other_sheets(path)
    except ListUnreadable:
        raise
    except OSError as error:
        raise ListUnreadable(f"读不到文件 {path.name}：{error.strerror}。") from error
    except Exception as error:
        # Office files are broken in more ways than their readers declare; none of them may end the import otherwise.
        sentence = (
            f"打不开 {path.name}：它不是完好的 xlsx、xls、ods 或 csv 表格，请在 Excel 或 WPS 中另存为 xlsx 再导入。"
        )
        raise ListUnreadable(sentence) from error


def _xlsx_sheets(path: Path) -> tuple[WorkSheet, ...]:
    book = openpyxl.load_workbook(path, data_only=True)
    return tuple(_xlsx_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible")


def _xlsx_sheet(sheet: Worksheet) -> WorkSheet:
    if (sheet.max_row or 0) > ROWS_AT_MOST:
        raise ListUnreadable(f"工作表“{sheet.title}”超过 {ROWS_AT_MOST} 行：请删去空行或多余内容后再导入。")
    rows: list[list[Cell]] = [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[arg-type]
    for merged in sheet.merged_cells.ranges:
        value = rows[merged.min_row - 1][merged.min_col - 1] if merged.min_row <= len(rows) else None
        for row in range(merged.min_row - 1, min(merged.max_row, len(rows))):
            for column in range(merged.min_col - 1, min(merged.max_col, len(rows[row]))):
                rows[row][column] = value
    return WorkSheet(sheet.title, tuple(map(tuple, rows)))


def _other_sheets(path: Path) -> tuple[WorkSheet, ...]:
    with CalamineWorkbook.from_path(str(path)) as book:
        return tuple(WorkSheet(name, _calamine_rows(book, name)) for name in book.sheet_names)


def _calamine_rows(book: CalamineWorkbook, name: str) -> tuple[tuple[Cell, ...], ...]:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return tuple(tuple(None if cell == "" else cell for cell in row) for row in rows)  # type: ignore[misc]


def _csv_rows(data: bytes) -> tuple[tuple[Cell, ...], ...]:
    text = _decoded(data)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    rows = list(csv.reader(io.StringIO(text, newline=""), dialect))
    return tuple(tuple(cell.strip() or None for cell in row) for row in rows)


def _decoded(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListUnreadable("这份 csv 的文字编码无法识别：请在 Excel 或 WPS 中另存为 xlsx 再导入。")


def _encodings(data: bytes) -> Sequence[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")
