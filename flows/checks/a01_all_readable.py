"""A01: could every file be opened? (文件是否均可读取).

通知四（四）：“照片打包发送到分会邮箱 zjzjtxqycjfh@163.com”

A file with a password, a damaged one, or a link to a cloud drive instead of an attachment hides what the notice
demands: 缺失 where a required material is not there otherwise, with the cure; 提示 where nothing is lacking.
"""

from __future__ import annotations

from config.call import Call, Material, Verdict
from flows.checks.concealed import could_hold, enough, kind_of, unopened, wanted
from flows.checks.rule import Rule
from flows.checks.say import of_file, passed
from parsers.facts.mails import CloudLink
from parsers.facts.problem import Problem, Weight
from store.dossier.dossier import Dossier, FiledFile
from store.dossier.finding import Evidence, Finding

CODE = "A01"


def check(dossier: Dossier, call: Call) -> tuple[Finding, ...]:
    """Say one finding for each file that stayed shut and for each link; 通过 where there is none."""
    lacking = tuple(m for m in wanted(call) if not enough(dossier, m))
    newest = max((f.received for m in wanted(call) for f in dossier.current(m.key)), default=dossier.first_received)
    findings = [
        held_back(file, lacking)
        if file.kept_from_us or file.stopped_by_us
        else shut(file, lacking, settled=not lacking and file.received < newest)
        for file in unopened(dossier)
    ]
    findings += [linked(link, lacking, call) for link in dossier.links]
    return tuple(findings) or passed(CODE, "来信中的文件均可读取。")


def shut(file: FiledFile, lacking: tuple[Material, ...], *, settled: bool) -> Finding:
    """Say what is wrong with a file that could not be opened.

    ``settled`` says that later mail brought everything that the file may have held: then only staff are told.
    """
    trouble = worst(file)
    reason = trouble.message.rstrip("。") if trouble else "无法打开"
    cure = (trouble.cure if trouble else "") or "请检查文件能否正常打开，去掉密码后作为普通附件重新发送。"
    hidden = tuple(m.name for m in lacking if could_hold(file.name, file.type, m))
    evidence = of_file(file, file.path if file.path != file.name else "", reason)
    if settled:
        text = f"此前来信中的文件“{file.name}”无法读取（{reason}）；其后来信已补齐材料。"
        return Finding(CODE, Verdict.HINT, text, item=file.path, evidence=(evidence,))
    return told(
        f"文件“{file.name}”无法读取：{reason}",
        hidden,
        cure,
        file.path,
        evidence,
        whole=not kind_of(file.name, file.type),
    )


def held_back(file: FiledFile, lacking: tuple[Material, ...]) -> Finding:
    """Say to staff what is no fault of the sender's, who is asked for nothing: a mail cut short, a limit of ours."""
    trouble = worst(file)
    reason = trouble.message.rstrip("。") if trouble else "来信可能没有收全"
    where = "请到网页邮箱打开这封来信核对"
    if file.stopped_by_us:
        reason, where = f"文件“{file.name}”{reason}", "请下载这个文件人工查看"
        lacking = tuple(material for material in lacking if could_hold(file.name, file.type, material))
        if not lacking:
            return Finding(CODE, Verdict.HINT, f"{reason}。", item=file.path)
    if not lacking:
        return Finding(CODE, Verdict.HINT, f"{reason}；材料已齐。", item=file.path)
    names = "、".join(material.name for material in lacking)
    text = f"{reason}，因此不能认定缺少{names}：{where}。"
    return Finding(CODE, Verdict.DOUBT, text, item=file.path)


def linked(link: CloudLink, lacking: tuple[Material, ...], call: Call) -> Finding:
    """Say that a link is no attachment, and when it will be gone."""
    name = f"“{link.name}”" if link.name else ""
    until = f"（{link.expires.astimezone(call.window.timezone):%Y-%m-%d %H:%M} 到期）" if link.expires else ""
    hidden = tuple(m.name for m in lacking if could_hold(link.name, "", m))
    evidence = Evidence(place="邮件正文", words=f"{link.provider} {link.name}".strip())
    text = f"来信中的{link.provider}链接{name}{until}不是附件，无法存档"
    return told(text, hidden, "请改用普通附件重新发送，过大时可分几封发送。", link.url, evidence, whole=True)


def told(text: str, hidden: tuple[str, ...], cure: str, item: str, evidence: Evidence, *, whole: bool) -> Finding:
    """Make the finding: 缺失 where the thing hides a required material, else 提示.

    The letter says what is shut and how to open it; what may lie in it is asked for only if it does not. ``whole``
    says that it may hold several files.
    """
    if not hidden:
        return Finding(CODE, Verdict.HINT, f"{text}。", text, cure, item, (evidence,))
    names = "、".join(hidden)
    cure += f"其中若没有{names}，请一并补交。" if whole else ""
    return Finding(CODE, Verdict.MISSING, f"{text}，因此尚未看到{names}。", text, cure, item, (evidence,))


def worst(file: FiledFile) -> Problem | None:
    """Return the problem that kept the file shut, else any problem with a cure."""
    problems = file.problems + (file.look.problems if file.look else ())
    shutting = [p for p in problems if p.weight is Weight.UNREADABLE]
    return next(iter([*shutting, *(p for p in problems if p.cure), *problems]), None)


RULE = Rule(
    CODE,
    "all_readable",
    "来信中的文件是否都能读取？",
    check,
    verdicts=(Verdict.PASS, Verdict.MISSING, Verdict.DOUBT, Verdict.HINT),
    why=(
        "打不开的文件或网盘链接若使必需的材料看不到，判缺失并告知补救办法；材料已齐的只提示；收件服务器没有给全的来信，"
        "不是对方的过错，存疑交经办核对。"
    ),
)
