"""Import a list (导入名单): the whole file or nothing, with a report of what changed and of every row that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from flows.steps.lists.columns import ReadSheet, RowFault, read_entries
from flows.steps.lists.table import ListUnreadable, read_sheets
from parsers.names.company import normalise_name
from store.engine import Store
from store.lists import Entry, ListChange, ListFile, save_list
from store.states import ListKind

_SHOWN = 20
"""How many names or rows of a kind a report spells out."""


@dataclass(frozen=True, slots=True)
class ListReport:
    """What an import did, or why it did nothing. ``faults`` name rows; those that ``stops`` prevented the import."""

    name: str
    as_of: date
    imported: bool
    rows: int = 0
    change: ListChange | None = None
    faults: tuple[RowFault, ...] = ()

    def lines(self) -> list[str]:
        """Return the report as Chinese sentences for a terminal."""
        notes = [fault for fault in self.faults if not fault.stops]
        stops = [fault for fault in self.faults if fault.stops]
        if not self.imported:
            head = f"名单“{self.name}”没有导入，原有名单不变。请改正下列各行后重新导入："
            return [head, *_told(stops), *_told(notes)]
        if self.change and self.change.same_file:
            return [f"名单“{self.name}”（截至 {self.as_of.isoformat()}）已导入过同一个文件，没有变化。"]
        lines = [f"已导入名单“{self.name}”（截至 {self.as_of.isoformat()}）：{self.rows} 家。", *_told(notes)]
        if self.change:
            for word, names in (
                ("新增", self.change.added),
                ("减少", self.change.removed),
                ("变动", self.change.changed),
            ):
                if names:
                    more = f" 等 {len(names)} 家" if len(names) > _SHOWN else f"（{len(names)} 家）"
                    lines.append(f"{word}：{'、'.join(names[:_SHOWN])}{more}")
        return lines


def import_list(
    store: Store, file: Path, *, kind: str, name: str, as_of: date, now: datetime, by: str = "经办"
) -> ListReport:
    """Import a list of ``title``, ``member`` or ``recommender`` kind as it stood on a day.

    Importing the same file again changes nothing; a newer one replaces it and the older is kept as history.
    ``ValueError`` for another kind.
    """
    if kind not in set(ListKind):
        message = f"名单种类 {kind} 不认识：请用 {'、'.join(ListKind)}。"
        raise ValueError(message)
    try:
        sheets = read_sheets(file)
    except ListUnreadable as error:
        return ListReport(name, as_of, imported=False, faults=(RowFault("", 0, str(error)),))
    read = [found for sheet in sheets if (found := read_entries(sheet)).columns is not None]
    entries, faults = _together(read)
    if not read or not entries:
        faults.append(RowFault("", 0, _no_entries(read)))
    if any(fault.stops for fault in faults):
        return ListReport(name, as_of, imported=False, faults=tuple(faults))
    listed = ListFile(ListKind(kind), name, as_of, store.blobs.put(file), tuple(entries))
    with store.transaction() as session:
        change = save_list(session, listed, by=by, at=now)
    return ListReport(name, as_of, imported=True, rows=len(entries), change=change, faults=tuple(faults))


def _no_entries(read: Sequence[ReadSheet]) -> str:
    if not read:
        return "没有找到表头：前 15 行里要有一列叫“企业名称”或“单位名称”。"
    return "表头下面没有任何一家企业。"


def _together(read: Sequence[ReadSheet]) -> tuple[list[Entry], list[RowFault]]:
    """Join the sheets and look for the same enterprise standing twice."""
    faults = [fault for one in read for fault in one.faults]
    kept: list[Entry] = []
    by_code: dict[str, Entry] = {}
    by_name: dict[str, Entry] = {}
    for entry in (entry for one in read for entry in one.entries):
        normal = normalise_name(entry.name)
        twin = by_code.get(entry.credit_code) if entry.credit_code else None
        if twin and normalise_name(twin.name) != normal:
            sentence = (
                f"{entry.name}：统一社会信用代码与第 {twin.row} 行“{twin.name}”相同，名称不同，请核对哪一行有误。"
            )
            faults.append(RowFault("", entry.row, sentence))
            continue
        same = twin or by_name.get(normal)
        if same and entry.credit_code and same.credit_code and entry.credit_code != same.credit_code:
            sentence = f"{entry.name}：与第 {same.row} 行名称相同，信用代码不同，请核对哪一行有误。"
            faults.append(RowFault("", entry.row, sentence))
            continue
        if same:
            better = _better(same, entry)
            kept[kept.index(same)] = better
            faults.append(
                RowFault("", entry.row, f"{entry.name}：与第 {same.row} 行重复，采用第 {better.row} 行。", stops=False)
            )
            entry = better  # noqa: PLW2901 - from here on the row that is kept stands for both
        else:
            kept.append(entry)
        by_name[normal] = entry
        if entry.credit_code:
            by_code[entry.credit_code] = entry
    return kept, faults


def _better(first: Entry, second: Entry) -> Entry:
    """Choose among two rows of one enterprise: the one valid longer, else conferred later, else the first."""
    late = date.min
    rank = [(entry.valid_until or late, entry.conferred_on or late) for entry in (first, second)]
    return second if rank[1] > rank[0] else first


def _told(faults: Sequence[RowFault]) -> list[str]:
    lines = []
    for fault in faults[: 5 * _SHOWN]:
        place = f"第 {fault.row} 行：" if fault.row else ""
        sheet = f"工作表“{fault.sheet}”" if fault.sheet and fault.row else ""
        lines.append(f"  {sheet}{place}{fault.sentence}")
    if len(faults) > len(lines):
        lines.append(f"  ……另有 {len(faults) - len(lines)} 处。")
    return lines
