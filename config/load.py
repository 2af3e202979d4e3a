"""Load a call from its folder (载入征集): ``call.toml``, ``notice.md``, ``quota.csv``, ``annexes/``.

Every fault of the folder is reported at once, as file, key and sentence: whoever writes a call folder should not
have to start the program once per slip.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from config.build import build, check_keys, items, value
from config.call import Call, Clause, Deadline, Policy, QuotaTable, RuleSpec, Window
from config.faults import CallFault, Fault, Faults
from config.quota import read_quota
from config.quotes import check_clause, fold

__all__ = ["CallFault", "Fault", "find_call", "load_call"]

TOML, NOTICE, QUOTA = "call.toml", "notice.md", "quota.csv"
CALLS = Path(__file__).parent / "calls"
FORM_KEYS = ("case_title", "applicant", "recommender", "submitted_on")
SHAPES = ("enterprise", "county-package")
MEDIA = ("electronic", "paper", "both")
CODE = re.compile(r"[A-Z]\d{2}")


def find_call(name: str) -> Path:
    """Return the folder of a call: one that came with the program, by its id, or any folder, by its path.

    Raises ``CallFault`` where there is none.
    """
    packaged = CALLS / name
    if name and "/" not in name and (packaged / TOML).is_file():
        return packaged
    if name and (Path(name) / TOML).is_file():
        return Path(name).resolve()
    known = "、".join(sorted(folder.parent.name for folder in CALLS.glob(f"*/{TOML}")))
    sentence = f"找不到征集“{name}”：请写自带征集的编号（{known}），或写一个含 call.toml 的文件夹路径。"
    raise CallFault((Fault(name, "", sentence),))


def load_call(folder: Path) -> Call:
    """Load the call in this folder; ``CallFault`` with every fault of it where it cannot be used."""
    table, notice, found = read_files(folder)
    if table is None or notice is None:
        raise CallFault(tuple(found))
    faults = Faults(TOML)
    quota_rows = table.pop("quota_rows", None)
    quota, quota_faults = load_quota(folder, quota_rows)
    call = build(
        Call,
        {key: item for key, item in table.items() if key not in {"window", "deadlines", "rules", "policies"}},
        "",
        faults,
        **timed(table, faults),
        rules=keyed(RuleSpec, "code", table.get("rules", []), "rules", faults),
        policies=keyed(Policy, "key", table.get("policies", []), "policies", faults),
        folder=folder,
        notice=fold(notice),
        quota_table=quota,
    )
    found += faults.found + quota_faults
    if call is not None:
        checks = Faults(TOML)
        check_call(call, checks)
        found += checks.found
    if call is None or found:
        raise CallFault(tuple(found))
    return call


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
    if not isinstance(expected_rows, int):
        faults.add("", "有名额表，call.toml 却没有 quota_rows（原表编号的行数）；请补上，以便核对行数。")
        return None, faults.found
    try:
        return read_quota(path.read_text("utf-8-sig"), expected_rows, faults), faults.found
    except UnicodeDecodeError as error:
        faults.add("", f"不是 UTF-8 文本：{error}；请转换编码。")
        return None, faults.found


def timed(table: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """Build window and deadlines; the zone is written once, and the moments stand in it as local time."""
    raw = table.get("window")
    if not isinstance(raw, Mapping):
        faults.add("window", "缺少征集时间；请补上 [window] 一节（opens、closes、timezone、clause）。")
        return {"window": None, "deadlines": ()}
    window = build(Window, raw, "window", faults)
    deadlines = value(tuple[Deadline, ...], table.get("deadlines", []), "deadlines", faults)
    if window is None:
        return {"window": None, "deadlines": ()}
    zone = window.timezone
    moments = [("window.opens", window.opens), ("window.closes", window.closes)]
    moments += [(f"deadlines[{n}].at", d.at) for n, d in enumerate(deadlines, 1) if d is not None]
    for key, moment in moments:
        if moment.tzinfo is not None:
            faults.add(key, "请只写当地时间，不写时区偏移；时区见 window.timezone。")
    return {
        "window": Window(window.opens.replace(tzinfo=zone), window.closes.replace(tzinfo=zone), zone, window.clause),
        "deadlines": tuple(
            Deadline(d.key, d.name, d.at.replace(tzinfo=zone), d.clause) for d in deadlines if d is not None
        ),
    }


def keyed(kind: type[Any], key: str, raw: Any, where: str, faults: Faults) -> dict[str, Any]:
    """Build a list of tables into a dictionary by one of their fields; a repeated key is a fault."""
    built = [item for item in items(kind, raw, where, faults) if item is not None]
    names = [getattr(item, key) for item in built]
    check_unique(names, where, faults)
    return dict(zip(names, built, strict=True))


def check_unique(names: list[str], where: str, faults: Faults) -> None:
    """Note every name that stands twice."""
    for name, count in Counter(names).items():
        if count > 1:
            faults.add(where, f"“{name}”出现 {count} 次；请只留一处。")


def check_call(call: Call, faults: Faults) -> None:
    """Hold the built call against the notice and against itself."""
    for key, clause in clauses(call):
        check_clause(clause, call.notice, key, faults)
    if call.window.opens >= call.window.closes:
        faults.add("window.closes", "截止时刻不晚于开始时刻；closes 是第一个算作逾期的时刻，请改正。")
    if call.shape not in SHAPES:
        faults.add("shape", f"应为 {'、'.join(SHAPES)} 之一，现为“{call.shape}”。")
    if not call.contacts:
        faults.add("contacts", "至少要有一位联系人；回信要写明向谁咨询。")
    check_printed(call, faults)
    check_materials(call, faults)
    check_form_and_report(call, faults)
    check_choices(call, faults)
    for number, annex in enumerate(call.annexes, 1):
        if not (call.folder / annex.path).is_file():
            faults.add(f"annexes[{number}].path", f"文件 {annex.path} 不存在；请放入征集文件夹。")


def check_printed(call: Call, faults: Faults) -> None:
    """Hold names, numbers, addresses and vetoes, which letters repeat as the notice's own, against the notice."""
    printed = [(f"vetoes[{n}].text", veto.text) for n, veto in enumerate(call.vetoes, 1)]
    for number, contact in enumerate(call.contacts, 1):
        printed += [
            (f"contacts[{number}].{key}", getattr(contact, key)) for key in ("person", "phone", "email", "address")
        ]
    for key, text in printed:
        if fold(text) not in call.notice:
            faults.add(key, f"“{text}”在 notice.md 中找不到；请照原文抄录。")


def check_materials(call: Call, faults: Faults) -> None:
    """Materials have distinct keys, a known medium and sensible counts."""
    check_unique([material.key for material in call.materials], "materials", faults)
    for number, material in enumerate(call.materials, 1):
        where = f"materials[{number}]"
        if material.medium not in MEDIA:
            faults.add(f"{where}.medium", f"应为 {'、'.join(MEDIA)} 之一，现为“{material.medium}”。")
        if material.at_most is not None and material.at_most < material.at_least:
            faults.add(f"{where}.at_most", f"上限 {material.at_most} 小于下限 {material.at_least}；请改正。")
    for number, pool in enumerate(call.quota_pools, 1):
        if pool.at_most < pool.at_least:
            faults.add(f"quota_pools[{number}].at_most", f"上限 {pool.at_most} 小于下限 {pool.at_least}；请改正。")
        if pool.per not in {"body", "city"}:
            faults.add(f"quota_pools[{number}].per", f"应为 body 或 city，现为“{pool.per}”。")


def check_form_and_report(call: Call, faults: Faults) -> None:
    """Hold form and report to what readers need: four named fields, distinct parts, a tolerance that is a share."""
    if call.form is not None:
        for section in ("labels", "field_names"):
            table = getattr(call.form, section)
            check_keys(table, FORM_KEYS, f"form.{section}", faults)
            for key in FORM_KEYS:
                if not table.get(key):
                    faults.add(f"form.{section}.{key}", "缺少这一项；请补上。")
    if call.report is not None:
        check_unique([part.key for part in call.report.parts], "report.parts", faults)
        if not 0 < call.report.tolerance < 1:
            faults.add("report.tolerance", f"应在 0 与 1 之间，现为 {call.report.tolerance}。")


def check_choices(call: Call, faults: Faults) -> None:
    """Rule codes have their shape, and every policy has one of its own choices."""
    for code in call.rules:
        if not CODE.fullmatch(code):
            faults.add("rules", f"规则编码“{code}”应为一个大写字母加两位数字，如 F01。")
    for policy in call.policies.values():
        if policy.choices and policy.value not in policy.choices:
            choices = "、".join(policy.choices)
            faults.add(f"policies.{policy.key}.value", f"应为 {choices} 之一，现为“{policy.value}”。")


def clauses(item: Any, where: str = "") -> Iterator[tuple[str, Clause]]:
    """Walk a value and yield every clause in it with its dotted place."""
    if isinstance(item, Clause):
        yield where, item
    elif is_dataclass(item):
        for field in fields(item):
            yield from clauses(getattr(item, field.name), f"{where}.{field.name}" if where else field.name)
    elif isinstance(item, dict):
        for key, inner in item.items():
            yield from clauses(inner, f"{where}.{key}")
    elif isinstance(item, tuple):
        for number, inner in enumerate(item, 1):
            yield from clauses(inner, f"{where}[{number}]")
