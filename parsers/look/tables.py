"""Spreadsheets (电子表格), as text only: a list of captions, a ledger that somebody attached.

openpyxl in its streaming mode reads a sheet row by row and stops where we stop. python-calamine is several times
faster but allocates the whole rectangle between the outermost cells: one cell at XFD1048576 in a 4.8 kB file makes
it ask for 549 GB, so it reads only what openpyxl does not (xls, ods).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
import python_calamine

from parsers.containers.zip_directory import directory
from parsers.facts.looks import Look
from parsers.facts.problem import Problem, Weight
from parsers.look.plain import MOST_CHARACTERS
from parsers.text.charset import decode

_MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS = 500, 60, 10
_MOST_PART = 64 << 20
_MOST_BYTES = 200_000
_CURE = "请检查表格能否正常打开，另存后重新发送。"


def look_at_table(data: bytes, kind: str) -> Look:
    """Read the beginning of a spreadsheet as lines of cells with tabs between."""
    if kind == "csv":
        text = decode(data[:_MOST_BYTES], None).text
        mark = "\t" if "\t" in text[:2000] else ","
        return _look(kind, csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    if kind in {"xlsx", "xlsm"}:
        if any(record.size > _MOST_PART for record in directory(data).records):
            return Look(kind, problems=(_too_big(),))
        try:
            return _look(kind, _streamed(data))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - openpyxl raises whatever an odd workbook leads it to
            return Look(kind, problems=(_damaged(),))
    try:
        return _look(kind, _by_calamine(data))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001 - calamine's PanicException is no Exception
        return Look(kind, problems=(_damaged(),))


def _look(kind: str, rows: Iterable[Iterable[Any]]) -> Look:
    lines: list[str] = []
    length = 0
    for number, row in enumerate(rows):
        cells = [_shown(cell) for _, cell in zip(range(_MOST_COLUMNS), row, strict=False)]
        line = "\t".join(cells).rstrip("\t")
        if line:
            lines.append(line)
            length += len(line) + 1
        if length > MOST_CHARACTERS or number > _MOST_ROWS * _MOST_SHEETS:
            break
    return Look(kind, text="\n".join(lines)[:MOST_CHARACTERS])


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def _streamed(data: bytes) -> Iterator[Iterable[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets[:_MOST_SHEETS]:
            yield from sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
    finally:
        book.close()


def _by_calamine(data: bytes) -> Iterator[Iterable[Any]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in book.sheet_names[:_MOST_SHEETS]:
        yield from book.get_sheet_by_name(name).to_python(skip_empty_area=True, nrows=_MOST_ROWS)


def _damaged() -> Problem:
    return Problem("table-damaged", "电子表格已损坏，无法读取。", "", _CURE, Weight.UNREADABLE)


def _too_big() -> Problem:
    return Problem("table-too-big", "电子表格解压后过大，未予读取。", "", _CURE, Weight.UNREADABLE)
