"""The rules' pages for people (规则页): one a rule, generated from the rule, its file and the calls that use it.

``python -m flows.checks.pages FOLDER`` writes them; a test holds ``docs/rules/`` against what this returns.
"""

from __future__ import annotations

import sys
from pathlib import Path

from config.call import Call, Verdict
from config.load import packaged_calls as packaged_folders
from flows.checks.registry import RULES, open_call
from flows.checks.rule import Rule

MEANING = {
    Verdict.PASS: "符合要求",
    Verdict.MISSING: "通知要求而确实没有；写入补正信，附依据和补救办法",
    Verdict.DOUBT: "机器不能确定；只交经办核实，不写入给申报单位的信",
    Verdict.HINT: "宜改进而不影响齐全；有对外文字的写入信中，没有的只提醒经办",
    Verdict.NOT_APPLICABLE: "没有可判的对象，或已由别的规则说明",
}


def pages(calls: tuple[Call, ...]) -> dict[str, str]:
    """Return every page by its file name: one for each rule, and the list of all."""
    made = {f"{rule.code}.md": page(rule, calls) for rule in RULES}
    return {"README.md": contents(calls), **made}


def page(rule: Rule, calls: tuple[Call, ...]) -> str:
    """Return the page of one rule."""
    lines = [f"# {rule.code} {rule.question}", "", rule.why, "", "## 依据", ""]
    lines.append("| 征集 | 条款 | 原文 | 最重判定 |")
    lines.append("|---|---|---|---|")
    for call in calls:
        spec = call.rules.get(rule.code)
        if spec is None:
            lines.append(f"| {call.id} | 不用此规则 | | |")
        else:
            lines.append(f"| {call.id} | {spec.clause.ref} | {spec.clause.quote} | {spec.worst} |")
    lines += ["", "## 可能的判定", "", "| 判定 | 含义 |", "|---|---|"]
    lines += [f"| {verdict} | {MEANING[verdict]} |" for verdict in rule.verdicts]
    code = f"{rule.code.lower()}_{rule.predicate}"
    lines += ["", f"程序：`flows/checks/{code}.py`；样例：`tests/checks/test_{rule.code.lower()}.py`。"]
    return "\n".join(lines) + "\n"


def contents(calls: tuple[Call, ...]) -> str:
    """Return the list of all rules."""
    lines = ["# 规则", "", "由 `python -m flows.checks.pages docs/rules` 生成，请勿手改。", ""]
    lines.append("| 编码 | 问题 | " + " | ".join(call.id for call in calls) + " |")
    lines.append("|---|---|" + "---|" * len(calls))
    for rule in RULES:
        worst = [str(call.rules[rule.code].worst) if rule.code in call.rules else "" for call in calls]
        lines.append(f"| [{rule.code}]({rule.code}.md) | {rule.question} | {' | '.join(worst)} |")
    lines += ["", "表中为各征集允许的最重判定；存疑只交经办，不受其限制。"]
    return "\n".join(lines) + "\n"


def packaged_calls() -> tuple[Call, ...]:
    """Load every call that came with the program, by name."""
    return tuple(open_call(folder) for folder in packaged_folders())


def write(folder: Path) -> None:
    """Write every page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(packaged_calls()).items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
