"""Load a call from its folder (载入征集): ``call.toml``, ``notice.md``, and what else it has.

Every fault of the folder is reported at once, as file, key and sentence: whoever writes a call folder should not
have to start the program once per slip.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import consistency, policies, wording
from config.build import build, items, values_of
from config.call import Call, QuotaTable, RuleSpec, Window
from config.faults import CallFault, Fault, Faults
from config.figures import check_figures
from config.quota import read_quota
from config.quotes import fold

__all__ = ["CALLS", "CallFault", "Fault", "find_call", "load_call", "packaged_calls"]

TOML, NOTICE, QUOTA = "call.toml", "notice.md", "quota.csv"
CALLS = Path(__file__).parent / "calls"
MADE_HERE = frozenset({"folder", "window", "rules", "policies", "quota_table", "printed_closes"})
"""Fields of ``Call`` that are not read straight from their own key."""


def packaged_calls() -> tuple[Path, ...]:
    """Return the folders of the calls that came with the program."""
    return tuple(path.parent for path in sorted(CALLS.glob(f"*/{TOML}")))


def find_call(name: str) -> Path:
    """Return the folder of a call: one that came with the program, by its id, or any folder, by its path.

    Raises ``CallFault`` where there is none.
    """
    packaged = CALLS / name
    if name and "/" not in name and (packaged / TOML).is_file():
        return packaged
    if name and (Path(name) / TOML).is_file():
        return Path(name).resolve()
    known = "、".join(folder.name for folder in packaged_calls())
    sentence = f"找不到征集“{name}”：请写自带征集的编号（{known}），或写一个含 call.toml 的文件夹路径。"
    raise CallFault((Fault(name, "", sentence),))


def load_call(folder: Path, codes: Mapping[str, str] | None = None) -> Call:
    """Load the call in this folder; ``CallFault`` with every fault of it where it cannot be used.

    ``codes`` are the rules that there are, each with the role of the paper it looks at, empty where it looks at none
    (``flows.checks.registry.open_call`` gives them); None to read by the call without checking by it.
    """
    table, notice, found = read_files(folder)
    if table is None or notice is None:
        raise CallFault(tuple(found))
    faults = Faults(TOML)
    notice = fold(notice)
    quota, quota_faults = load_quota(folder, table.pop("quota_rows", None))
    values = values_of(Call, table, "", faults, MADE_HERE) | timed(table, faults)
    values["rules"] = keyed(RuleSpec, "code", table.get("rules", []), "rules", faults)
    given = policies.read(table.get("policies", {}), faults)
    consistency.check_quotes(table, notice, faults)
    check_sections(values, folder, notice, faults)
    check_figures(values, faults)
    consistency.check_pools(values.get("quota_pools") or (), given, faults)
    consistency.check_rules(values["rules"], codes, values.get("materials") or (), faults)
    own_letters = Faults(wording.FOLDER)
    wording.check_wording(folder, values.get("words") or {}, faults, own_letters)
    found += faults.found + quota_faults + own_letters.found
    if found:
        raise CallFault(tuple(found))
    call = Call(**values, folder=folder, quota_table=quota, policies={})
    call = policies.settle(call, given, faults)
    if faults.found:
        raise CallFault(tuple(faults.found))
    return call


def check_sections(values: Mapping[str, Any], folder: Path, notice: str, faults: Faults) -> None:
    """Hold each section that could be built against the notice and against itself."""
    consistency.check_window(values.get("window"), faults)
    consistency.check_printed(values.get("contacts") or (), notice, faults)
    consistency.check_materials(values.get("materials") or (), faults)
    consistency.check_form(values.get("form"), faults)
    consistency.check_report(values.get("report"), faults)
    consistency.check_questions(values.get("open_questions") or (), faults)
    consistency.check_annexes(values.get("annexes") or (), folder, faults)


def read_files(folder: Path) -> tuple[dict[str, Any] | None, str | None, list[Fault]]:
    """Read the two files that every call folder has."""
    found: list[Fault] = []
    table: dict[str, Any] | None = None
    notice: str | None = None
    try:
        table = tomllib.loads((folder / TOML).read_text("utf-8"))
    except FileNotFoundError:
        found.append(Fault(TOML, "", f"文件夹 {folder} 中没有 call.toml；请按 config/calls/ 中的样例建立。"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found.append(Fault(TOML, "", f"不是有效的 TOML（UTF-8）：{error}；请改正该处。"))
    try:
        notice = (folder / NOTICE).read_text("utf-8")
    except FileNotFoundError:
        found.append(Fault(NOTICE, "", "没有通知全文；请将通知原文存为 notice.md，引文要与它逐字核对。"))
    except UnicodeDecodeError as error:
        found.append(Fault(NOTICE, "", f"不是 UTF-8 文本：{error}；请转换编码。"))
    return table, notice, found


def load_quota(folder: Path, expected_rows: Any) -> tuple[QuotaTable | None, list[Fault]]:
    """Load ``quota.csv`` where the folder has one."""
    faults = Faults(QUOTA)
    path = folder / QUOTA
    if not path.is_file():
        if expected_rows is not None:
            faults.add("", "call.toml 写有 quota_rows，却没有 quota.csv；请补上名额表。")
        return None, faults.found
    if type(expected_rows) is not int:
        faults.add("", "有名额表，call.toml 却没有 quota_rows（原表编号的行数）；请补上，以便核对行数。")
        return None, faults.found
    try:
        return read_quota(path.read_text("utf-8-sig"), expected_rows, faults), faults.found
    except UnicodeDecodeError as error:
        faults.add("", f"不是 UTF-8 文本：{error}；请转换编码。")
        return None, faults.found


def timed(table: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """Build the window; the zone is written once, and the moments stand in it as local time."""
    raw = table.get("window")
    window = build(Window, raw, "window", faults) if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping):
        faults.add("window", "缺少征集时间；请补上 [window] 一节（opens、closes、timezone、clause）。")
    if window is None:
        return {"window": None, "printed_closes": None}
    zone = window.timezone
    for key, moment in (("window.opens", window.opens), ("window.closes", window.closes)):
        if moment.tzinfo is not None:
            faults.add(key, "请只写当地时间，不写时区偏移；时区见 window.timezone。")
    closes = window.closes.replace(tzinfo=zone)
    return {
        "window": Window(window.opens.replace(tzinfo=zone), closes, zone, window.clause),
        "printed_closes": closes,
    }


def keyed(kind: type[Any], key: str, raw: Any, where: str, faults: Faults) -> dict[str, Any]:
    """Build a list of tables into a dictionary by one of their fields; a repeated key is a fault."""
    built = items(kind, raw, where, faults)
    names = [getattr(item, key) for item in built]
    consistency.check_unique(names, where, faults)
    return dict(zip(names, built, strict=True))
