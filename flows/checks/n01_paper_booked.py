"""N01: have the paper originals come? (纸质件).

通知四（四）：“申报推荐表、案例报告等纸质材料各 1 份，须加盖公章”

Only staff see paper, and the notice sets no day for it, so until it is booked this is 提示: the letter says where to
send it. It never makes a submission incomplete.
"""

from __future__ import annotations

from datetime import timedelta

from config.call import Call, Material, Verdict
from flows.checks.rule import Rule
from flows.checks.say import hint, not_applicable, passed
from store.dossier.dossier import Dossier
from store.dossier.finding import Evidence, Finding

CODE = "N01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Compare what staff booked in with the paper that the notice asks for."""
    asked = tuple(m for m in call.materials if m.required and m.medium in {"paper", "both"})
    if not asked:
        return not_applicable(CODE, "本次征集不要求纸质件。")
    booked = {receipt.material: receipt for receipt in dossier.paper}
    evidence = tuple(
        Evidence(place="纸质件登记", words=f"{m.name} {booked[m.key].received_on}") for m in asked if m.key in booked
    )
    lacking = tuple(m for m in asked if m.key not in booked)
    unsealed = tuple(m for m in asked if m.key in booked and not booked[m.key].sealed)
    if not lacking and not unsealed:
        return passed(CODE, "纸质件已收到。", *evidence)
    said = [f"尚未收到{'、'.join(m.name for m in lacking)}"] if lacking else []
    said += [f"{'、'.join(m.name for m in unsealed)}未加盖公章"] if unsealed else []
    text = "；".join(said)
    return hint(
        CODE, f"{text}。", text, cure(call, tuple(m for m in asked if m in lacking or m in unsealed)), *evidence
    )


def cure(call: Call, papers: tuple[Material, ...]) -> str:
    """Say what to post, how many copies, where to, and by when where a day is set."""
    # A call that names a person of its own for the post marks it in the contact's role.
    contact = next((c for c in call.contacts if "邮寄" in c.role), call.contact)
    things = "、".join(f"{m.name} {m.copies} 份" if m.copies else m.name for m in papers)
    to = f"{contact.address}，{contact.person}收，电话 {contact.phone}"
    if call.policy("paper_deadline") == "same_as_window":
        last = call.window.closes - timedelta(days=1)
        return f"请将加盖公章的{things}于 {last.month} 月 {last.day} 日前寄到：{to}。"
    return f"请将加盖公章的{things}寄至：{to}。"


RULE = Rule(
    CODE,
    "paper_booked",
    "加盖公章的纸质件是否收到？",
    check,
    verdicts=(Verdict.PASS, Verdict.HINT, Verdict.NOT_APPLICABLE),
    why=("纸质件只有经办看得到，登记之前一律提示寄送地址，不影响电子材料的齐全。"),
)
