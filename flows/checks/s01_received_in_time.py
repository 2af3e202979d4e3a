"""S01: did the materials arrive inside the window? (是否按期收到).

通知一：“自本文件印发之日起至2026年5月30日截止。”

The clock is the receiving server's. Where it contradicts its own Received field, or lies in the future, and on that
hangs whether the materials came in time, that is 存疑 with both moments told. The notice says nothing of late mail or
of supplements after the last day, so neither is a 缺失: both are 存疑, held for staff under the call's policies
``late_mail`` and ``late_supplement``.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from config.call import Call, Verdict
from flows.checks.rule import Rule
from flows.checks.say import doubt, of_file, passed
from parsers.facts.leaf import Role
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Evidence, Finding
from store.states import VersionState

CODE = "S01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Compare when the materials came with the window, with staff's extension where there is one."""
    closes = max(call.window.closes, dossier.extended_to or call.window.closes)
    # A file that could not be opened, or was replaced since, still shows that the applicant was in time.
    first = min((f.received for f in dossier.files if f.role is not Role.NOISE), default=dossier.first_received)
    evidence = Evidence(place="收件服务器时间", words=shown(first, call))
    if first < call.window.opens:
        return doubt(CODE, f"首份材料收到于 {shown(first, call)}，早于征集开始。", evidence)
    late = tuple(f for f in dossier.files if brings_late(f, dossier, closes))
    if first >= closes:
        return late_submission(dossier, call, first, closes, evidence)
    if late and not dossier.late_accepted and call.policy("late_supplement") != "accept":
        return doubt(
            CODE,
            f"截止前已申报；以下补充材料收到于截止之后：{names(late)}。通知未写明截止后能否补正，请经办决定。",
            *(of_file(f, "收件服务器时间", shown(f.received, call)) for f in late),
        )
    unsure = tuple(f for f in dossier.files if moment_open(f, dossier))
    if unsure and not dossier.late_accepted and dossier.extended_to is None:
        return doubt(
            CODE,
            f"收到时间有矛盾，不能认定逾期，也不能认定按期：{unsure[0].received_doubt}。请经办核对后裁定。",
            *(of_file(f, "收件服务器时间", f.received_doubt) for f in unsure),
        )
    when = "在征集时间内" if first < call.window.closes else "在经办同意延长的期限内"
    return passed(CODE, f"首份材料收到于 {shown(first, call)}，{when}。", evidence)


def moment_open(file: FiledFile, dossier: Dossier) -> bool:
    """Whether a file brought something, and the witnesses to its moment of receipt lie on both sides of a bound.

    What came at a sure moment with the same bytes is sure.
    """
    if not file.received_doubt or not file.material or file.state is VersionState.REFUSED:
        return False
    return not any(f.sha256 == file.sha256 and not f.received_doubt for f in dossier.files)


def brings_late(file: FiledFile, dossier: Dossier, closes: datetime) -> bool:
    """Whether a file brought something after the last moment, counted or not: staff decide whether it may count.

    What was sent before with the same bytes brings nothing; what staff refused is decided.
    """
    if not file.material or file.state is VersionState.REFUSED or file.received < closes:
        return False
    return not any(f.sha256 == file.sha256 and f.received < closes for f in dossier.files)


def late_submission(
    dossier: Dossier, call: Call, first: datetime, closes: datetime, evidence: Evidence
) -> tuple[Finding, ...]:
    """Say what becomes of a submission whose first material came after the last moment."""
    if dossier.late_accepted:
        return passed(CODE, f"首份材料收到于 {shown(first, call)}，已逾期；经办已同意接收。", evidence)
    if call.policy("late_mail") == "accept":
        return passed(CODE, f"首份材料收到于 {shown(first, call)}，已逾期；按本次征集的口径照常接收。", evidence)
    text = f"逾期：首份材料收到于 {shown(first, call)}，截止时刻为 {last_moment(closes, call)}。请经办决定是否接收。"
    return doubt(CODE, text, evidence)


def names(files: tuple[FiledFile, ...]) -> str:
    """Return the names of files for a sentence."""
    return "、".join(file.name for file in files)


def last_moment(closes: datetime, call: Call) -> str:
    """Return the closing moment as a notice says it: midnight belongs to the day that ends with it."""
    local = closes.astimezone(call.window.timezone)
    if local.time() != time():
        return local.strftime("%Y-%m-%d %H:%M")
    return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"


def shown(moment: datetime, call: Call) -> str:
    """Return a moment as people in the call's place write it."""
    return moment.astimezone(call.window.timezone).strftime("%Y-%m-%d %H:%M")


RULE = Rule(
    CODE,
    "received_in_time",
    "材料是否在征集时间内收到？",
    check,
    verdicts=(Verdict.PASS, Verdict.DOUBT),
    why=(
        "以收件服务器的时间为准，我方取信早晚不影响；它与信头 Received 矛盾或在将来、又关系到是否按期的，"
        "两个时间都列出，交经办核对。通知没有写逾期和逾期补充如何处理，故不判缺失，交经办按口径决定。"
    ),
)
