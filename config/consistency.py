"""Hold a call against its notice and against itself (征集设置核对), section by section.

Each check takes only the section it looks at, already built, so that a fault in one section never hides those of
another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from config.build import check_keys, join, place
from config.call import (
    Annex,
    Clause,
    Contact,
    FormSpec,
    Material,
    OpenQuestion,
    QuotaPool,
    ReportSpec,
    RuleSpec,
    Window,
)
from config.faults import Faults
from config.policies import BY_KEY, Given
from config.quotes import check_clause, fold

FORM_KEYS = ("case_title", "applicant", "recommender", "submitted_on")
MEDIA = ("electronic", "paper", "both")
CODE = re.compile(r"[A-Z]\d{2}")


def check_quotes(table: Mapping[str, Any], notice: str, faults: Faults) -> None:
    """Hold every quote in the raw file against the folded notice."""
    for key, clause in clauses(table):
        check_clause(clause, notice, key, faults)


def clauses(item: Any, where: str = "") -> Iterator[tuple[str, Clause]]:
    """Walk a raw TOML value and yield every clause in it with its place."""
    if isinstance(item, Mapping):
        if isinstance(item.get("quote"), str):
            yield where, Clause(str(item.get("ref", "")), item["quote"])
        for key, inner in item.items():
            yield from clauses(inner, join(where, key))
    elif isinstance(item, list):
        for number, inner in enumerate(item, 1):
            yield from clauses(inner, place(where, number, inner))


def check_unique(names: Iterable[str], where: str, faults: Faults) -> None:
    """Note every name that stands twice."""
    for name, count in Counter(names).items():
        if count > 1:
            faults.add(where, f"“{name}”出现 {count} 次；请只留一处。")


def check_window(window: Window | None, faults: Faults) -> None:
    """See that the window closes after it opens."""
    if window is not None and window.opens >= window.closes:
        faults.add("window.closes", "截止时刻不晚于开始时刻；closes 是第一个算作逾期的时刻，请改正。")


def check_printed(contacts: tuple[Contact, ...], notice: str, faults: Faults) -> None:
    """Hold names, numbers and addresses, which letters repeat as the notice's own, against the notice."""
    if not contacts:
        faults.add("contacts", "至少要有一位联系人；回信要写明向谁咨询。")
    for number, contact in enumerate(contacts, 1):
        for key in ("person", "phone", "email", "address"):
            text = getattr(contact, key)
            if fold(text) not in notice:
                faults.add(f"contacts[{number}].{key}", f"“{text}”在 notice.md 中找不到；请照原文抄录。")


def check_materials(materials: tuple[Material, ...], faults: Faults) -> None:
    """See that materials have distinct keys, a known medium and sensible counts."""
    check_unique((material.key for material in materials), "materials", faults)
    for material in materials:
        where = f"materials.{material.key}"
        if material.medium not in MEDIA:
            faults.add(f"{where}.medium", f"应为 {'、'.join(MEDIA)} 之一，现为“{material.medium}”。")
        if material.at_most is not None and material.at_most < material.at_least:
            faults.add(f"{where}.at_most", f"上限 {material.at_most} 小于下限 {material.at_least}；请改正。")


def check_pools(pools: tuple[QuotaPool, ...], given: Mapping[str, Given], faults: Faults) -> None:
    """See that quota pools are ranges, counted as the policy says."""
    for pool in pools:
        where = f"quota_pools.{pool.key}"
        if pool.at_most < pool.at_least:
            faults.add(f"{where}.at_most", f"上限 {pool.at_most} 小于下限 {pool.at_least}；请改正。")
        if pool.per not in {"body", "city"}:
            faults.add(f"{where}.per", f"应为 body 或 city，现为“{pool.per}”。")
    decided = given.get("quota_per")
    if decided is not None and (decided.value == "city") != any(pool.per == "city" for pool in pools):
        faults.add("policies.quota_per.value", "与名额池的 per 不一致；请同时改 quota_pools 中按市合计的一项。")


def check_form(form: FormSpec | None, faults: Faults) -> None:
    """See that the form names its four fields and no others."""
    for section in ("labels", "field_names") if form is not None else ():
        table = getattr(form, section)
        check_keys(table, FORM_KEYS, f"form.{section}", faults)
        for key in FORM_KEYS:
            if not table.get(key):
                faults.add(f"form.{section}.{key}", "缺少这一项；请补上。")


def check_report(report: ReportSpec | None, faults: Faults) -> None:
    """See that the report's parts are distinct and its tolerance is a share."""
    if report is None:
        return
    check_unique((part.key for part in report.parts), "report.parts", faults)
    if not 0 < report.tolerance < 1:
        faults.add("report.tolerance", f"应在 0 与 1 之间，现为 {report.tolerance}。")


def check_rules(
    rules: Mapping[str, RuleSpec], codes: Mapping[str, str] | None, materials: Sequence[Material], faults: Faults
) -> None:
    """See that rule codes have their shape, that a rule answers each, and that the call asks for what it looks at.

    ``codes`` has the role of the paper that each rule looks at; None for whoever runs no rule.

    A code without a rule would ask for nothing, and nobody would see that the notice's demand is not checked.
    """
    sent = {material.role for material in materials if material.medium != "paper"}
    for code in rules:
        if not CODE.fullmatch(code):
            faults.add("rules", f"规则编码“{code}”应为一个大写字母加两位数字，如 F01。")
        elif codes is not None and code not in codes:
            turned = next((known for known in codes if sorted(known) == sorted(code) and known not in rules), "")
            hint = f"是否应为 {turned}？" if turned else "请改用 docs/rules/ 中有的编码，或删去这一条。"
            faults.add(f"rules.{code}", f"没有规则 {code}，这一项不会核对；{hint}")
        elif codes and codes[code] and codes[code] not in sent:
            sentence = f"规则 {code} 要看的材料（role = “{codes[code]}”）不在 materials 中；请补上材料，或删去规则。"
            faults.add(f"rules.{code}", sentence)


def check_questions(questions: tuple[OpenQuestion, ...], faults: Faults) -> None:
    """See that open questions have distinct keys, and that none is a policy, which has a value."""
    check_unique((one.key for one in questions), "open_questions", faults)
    for one in questions:
        if one.key in BY_KEY:
            faults.add(f"open_questions.{one.key}", f"这是口径，程序要按它办理；请写到 [policies.{one.key}] 中。")


def check_annexes(annexes: tuple[Annex, ...], folder: Path, faults: Faults) -> None:
    """See that every template lies in the folder, and nowhere outside it."""
    for number, annex in enumerate(annexes, 1):
        path = (folder / annex.path).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            faults.add(f"annexes[{number}].path", f"文件 {annex.path} 不存在；请放入征集文件夹。")
