"""F07: is the date filled in and sensible? (报送时间是否填写).

附件1：“报送时间：_____年_____月_____日”

The form asks for it, so a field that is certainly blank is 缺失. A date before the notice, after the day on which
the mail came, or that is no date is 存疑: it may be a slip of the pen, or last year's paper.
"""

from __future__ import annotations

from datetime import date

from config.call import Call, Verdict
from flows.checks.fields import judge
from flows.checks.rule import Rule
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier
from store.dossier.finding import Finding

CODE = "F07"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Judge the field 报送时间 against the notice's date and the day of receipt."""

    def odd(value: str) -> str:
        try:
            written = date.fromisoformat(value.strip())
        except ValueError:
            return "不是完整的年月日，请人工核实。"
        file = dossier.form_file
        received = (file.received if file else dossier.last_received).astimezone(call.window.timezone).date()
        if written < call.issued:
            return f"早于通知印发日 {call.issued.isoformat()}，请人工核实是否为往年表格。"
        if written > received:
            return f"晚于收到之日 {received.isoformat()}，请人工核实。"
        return ""

    return judge(CODE, "submitted_on", dossier, call, odd=odd)


RULE = Rule(
    CODE,
    "date_filled",
    "报送时间是否填写，是否合理？",
    check,
    of=Role.FORM,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT, Verdict.NOT_APPLICABLE),
    why=("栏目确实空白才判缺失；早于通知印发日或晚于收到之日的，可能是笔误或往年表格，请经办核实。"),
)
