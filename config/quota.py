"""The printed quota table (推荐名额表): read from ``quota.csv`` and proved by its own arithmetic.

A table that was typed or pasted wrongly must not decide who is turned away. Every row must add up, the units of a
city must add up to its subtotal in every column, and subtotals and units must both add up to the printed total;
numbers must run from 1 without a gap. A table with any fault is refused whole, naming row and column.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from fnmatch import fnmatchcase

from config.call import Call, QuotaPool, QuotaRow, QuotaTable
from config.faults import Faults
from config.quotes import fold

FIRST_COLUMNS = ("序号", "地区", "所属市", "类别")
KINDS = {"小计": True, "单位": False}
TOTAL = "合计"


def pool_of(call: Call, body: str) -> QuotaPool | None:
    """Return the pool that a recommender's name puts it into; None where it belongs to no class the notice allows.

    Judged by the name alone: an imported list of recommenders goes before it.
    """
    name = fold(unicodedata.normalize("NFKC", body))
    for pool in call.quota_pools:
        if any(fnmatchcase(name, pattern) for pattern in pool.keywords):
            return pool
    return None


def read_quota(text: str, expected_rows: int | None, faults: Faults) -> QuotaTable | None:
    """Read and prove the table; None, with the faults noted, where anything in it is wrong.

    The header is ``序号,地区,所属市,类别`` and then the number columns, the quota last; 类别 is 小计 or 单位; the
    last line is ``合计``. ``expected_rows`` is the number of numbered rows that the notice prints.
    """
    lines = list(csv.reader(io.StringIO(text)))
    if not lines or tuple(lines[0][:4]) != FIRST_COLUMNS or len(lines[0]) < 6:
        faults.add("第1行", f"表头应以 {'、'.join(FIRST_COLUMNS)} 开头，其后为各名额列，最后一列为推荐名额。")
        return None
    before = len(faults.found)
    names = tuple(lines[0][4:])
    rows: list[QuotaRow] = []
    totals: tuple[int, ...] = ()
    for place, line in enumerate(lines[1:], 2):
        if line and line[0] == TOTAL:
            totals = numbers(line, names, f"第{place}行", faults)
        elif line:
            row = one_row(line, names, place, faults)
            if row is not None:
                rows.append(row)
    if len(faults.found) == before:
        check_numbering(rows, expected_rows, faults)
        check_rows(rows, faults)
        check_subtotals(rows, names, faults)
        check_totals(rows, totals, names, faults)
    if len(faults.found) > before:
        return None
    return QuotaTable(tuple(rows))


def one_row(line: list[str], names: tuple[str, ...], place: int, faults: Faults) -> QuotaRow | None:
    """Read one numbered line; None where a cell of it cannot be read."""
    where = f"第{place}行"
    cells = numbers(line, names, where, faults)
    if not cells:
        return None
    if not line[0].isdecimal():
        faults.add(where, f"序号“{line[0]}”不是整数。")
        return None
    if line[3] not in KINDS:
        faults.add(where, f"类别“{line[3]}”应为 小计 或 单位。")
        return None
    return QuotaRow(int(line[0]), line[1], line[2], KINDS[line[3]], cells[:-1], cells[-1])


def numbers(line: list[str], names: tuple[str, ...], where: str, faults: Faults) -> tuple[int, ...]:
    """Return the number cells of a line; a blank cell counts 0 as in print."""
    cells = line[4:]
    if len(cells) != len(names):
        faults.add(where, f"应有 {len(names)} 个名额列，现有 {len(cells)} 个。")
        return ()
    bad = [name for name, cell in zip(names, cells, strict=True) if cell.strip() and not cell.strip().isdecimal()]
    for name in bad:
        faults.add(f"{where} {name}", "不是非负整数。")
    return () if bad else tuple(int(cell.strip() or 0) for cell in cells)


def check_numbering(rows: list[QuotaRow], expected: int | None, faults: Faults) -> None:
    """Numbers run from 1 without gap or repeat, and their count is the printed one."""
    for place, row in enumerate(rows, 1):
        if row.number != place:
            faults.add(f"序号{row.number} {row.region}", f"序号不连续，此处应为 {place}。")
            break
    if expected is not None and len(rows) != expected:
        faults.add("", f"应有 {expected} 行，现有 {len(rows)} 行。")


def check_rows(rows: list[QuotaRow], faults: Faults) -> None:
    """Each row's columns add up to its quota."""
    for row in rows:
        if sum(row.columns) != row.quota:
            faults.add(f"序号{row.number} {row.region}", f"各列之和为 {sum(row.columns)}，推荐名额却为 {row.quota}。")


def check_subtotals(rows: list[QuotaRow], names: tuple[str, ...], faults: Faults) -> None:
    """In every column the units of a city add up to its subtotal."""
    subtotals = {row.city: row for row in rows if row.subtotal}
    for row in rows:
        if not row.subtotal and row.city not in subtotals:
            faults.add(f"序号{row.number} {row.region}", f"所属市“{row.city}”没有小计行。")
    for city, subtotal in subtotals.items():
        units = [row for row in rows if row.city == city and not row.subtotal]
        for column, name in enumerate(names):
            have = sum(cells(unit)[column] for unit in units)
            printed = cells(subtotal)[column]
            if have != printed:
                faults.add(
                    f"序号{subtotal.number} {subtotal.region} {name}", f"所属各行之和为 {have}，小计却为 {printed}。"
                )


def check_totals(rows: list[QuotaRow], totals: tuple[int, ...], names: tuple[str, ...], faults: Faults) -> None:
    """Hold the units to the printed total, column by column."""
    if not totals:
        faults.add("", "没有合计行；请照原表补上。")
        return
    for column, name in enumerate(names):
        have = sum(cells(row)[column] for row in rows if not row.subtotal)
        if have != totals[column]:
            faults.add(f"合计 {name}", f"各单位之和为 {have}，合计却为 {totals[column]}。")


def cells(row: QuotaRow) -> tuple[int, ...]:
    """Return all number cells of a row, the quota last."""
    return (*row.columns, row.quota)
