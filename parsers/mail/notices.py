"""Is this mail a program's own message (机器通知), with nobody's words in it? Judged by what it says.

Headers, addresses and footers say whether we may answer (``parsers.mail.machine``); they never say that nobody spoke:
an office system sends what a person wrote, under its own footer. A program's own message is one that says what
programs say (自动回复, 已读, 工单), or one with a machine's marks in which nobody asks, sends or tells anything.
"""

from __future__ import annotations

import re
import unicodedata

from parsers.facts.mails import Notice
from parsers.mail.message import DecodedMail

_FIRST = 1500
"""Characters of a text in which a program says what it is."""

_LEAD = re.compile(
    r"\A(?:\s*(?:(?:re|fwd?|回复|答复|回覆|转发)\s*[:：]|[\[【(（][^\]】)）]{0,20}[\]】)）]))*\s*", re.IGNORECASE
)
_WE_SAY = r"[:：\]】)）\s，,。!！~～]|$|(?=您|你|感谢|谢谢)"
_AUTO_SUBJECT = re.compile(
    rf"[\[【(（]?\s*(?:自动(?:回复|答复|应答|回覆|返信)|自動(?:返信|回覆|回復|答覆)|系统自动(?:回复|发送|邮件)"
    rf"|(?:休假|休产假|外出|离职|出差|假期|节日)(?:中)?(?:自动)?(?:回复|通知|提醒)?"
    rf"|auto(?:matic|mated)?[ -]?(?:reply|response|answer)|out[ -]of[ -](?:the )?office|abwesenheitsnotiz|자동 ?회신"
    rf"|automatische antwort|réponse automatique|vacation (?:reply|response)"
    rf"|away from (?:the )?office)\s*(?:{_WE_SAY})"
    r"|[\[【(（](?:系统)?自动(?:回复|答复)?[\]】)）]|ooo\s*(?:[:：]|$)|来自.{1,16}的(?:假期)?自动回复\s*$"
    r"|.{0,20}[\[【(（](?:自动回复|自动答复|自动应答|auto(?:matic)?[ -]?reply)[\]】)）]\s*$",
    re.IGNORECASE,
)
_AUTO_BODY = re.compile(
    r"(?:这|此|本)(?:封)?(?:邮件|信)?(?:是|为|系)?[^。\n]{0,14}自动(?:回复|答复|应答|回信)"
    r"|^\s*[\[【(（]?(?:系统)?自动(?:回复|答复)[\]】)）:：]"
    r"|(?:休假|休年假|休产假|放假|外出|出差|不在办公室|有事不在|旅游|参展|培训)[^。！!\n?？]{0,40}"
    r"(?:无法|不能|回来|回到|返岗|上班|回复|处理|手机|急事|请电|谅解|代办|联系)"
    r"|有事不在[^。\n]{0,8}(?:一会|稍后|回头)|i am (?:currently )?(?:out of|away from) the office"
    r"|(?:on|taking) (?:annual |sick |maternity )?leave|out of (?:the )?office (?:from|until|till)"
    r"|nicht im büro|出張中|부재중"
    r"|(?:邮件|来信|来函|来文)[^。！!\n?？]{0,8}已?(?:经|由)?[^。！!\n?？]{0,6}(?:收到|送达|进入|接收)[^。\n?？]{0,40}"
    r"(?:尽快|会|将|第一时间|及时|稍后|工作日|小时内)[^。！!\n?？]{0,14}(?:回复|处理|联系|答复|查看|查收|办理)"
    r"|(?:来信|邮件)[^。！!\n]{0,6}收到[^\n]{0,20}[（(]本邮件为自动|thank you for (?:your (?:message"
    r"|e-?mail)|contacting)"
    r"|本邮箱(?:仅|只)用于|本邮箱每[^。\n]{0,12}查收|已进入[^。\n]{0,10}收文系统|已由[^。\n]{0,8}系统接收"
    r"|智能客服|我是[^。\n]{0,8}(?:机器人|小助手)|看到后第一时间回复",
    re.IGNORECASE | re.MULTILINE,
)
_ONLY_RECEIVED = re.compile(r"\A\W*(?:您的?|你的)?(?:邮件|来信)(?:我)?已?(?:经)?收到[\W谢多感您]*\Z")
_LEFT = re.compile(
    r"(?:同事|员工|本人|他|她|其)[^。\n]{0,14}(?:已|离开)[^。\n]{0,16}(?:离职|离开(?:了)?公司|退休|调离)"
    r"|已(?:于[^。\n]{0,16})?离职|has left (?:the |our )?company|no longer (?:works|with)"
    r"|邮箱[^。\n]{0,16}(?:停用|注销|不再使用|更换|变更)|已更换邮箱|新邮箱(?:地址)?(?:为|是|[:：])",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"工单(?:号|\s*[#＃]|已)|\[(?:ticket|jira|case)\b|\[工单|ticket (?:number|has been (?:opened|created))"
    r"|your case number|created an issue|您的(?:请求|问题|投诉|反馈|投诉建议)[^。\n]{0,8}已?(?:受理|提交|登记|关闭)"
    r"|(?:投诉|工单|服务)编号|满意度评价|对本次服务评价|点击星级评价",
    re.IGNORECASE,
)
_READ_SUBJECT = re.compile(
    r"(?:已读|未读|已显示|已送达|已传递|未阅读?)\s*[:：]|(?:已读|阅读|送达|收件|投递|邮件)?回执\s*[:：]"
    r"|(?:已读|阅读|送达)回执|您的邮件已被(?:阅读|打开)|邮件送达通知|签收回执"
    r"|(?:not )?read\s*[:：]|read receipt|return receipt|disposition notification|relayed\s*[:：]|delivered\s*[:：]",
    re.IGNORECASE,
)
_READ_BODY = re.compile(
    r"已于[^。\n]{0,40}(?:读取|阅读|打开)|已阅读您的邮件|邮件已被(?:阅读|打开)|未经阅读即被删除|(?:这|此"
    r"|本)是一?封?已读回执"
    r"|已成功将邮件传递|成功投递至|was (?:read|displayed) on|delivery to these recipients is complete|收发室签收"
    r"|已(?:在收件人的计算机上)?显示",
    re.IGNORECASE,
)
_RECALL = re.compile(
    r"(?:将|希望|想要?|已申请|申请|要求)\s*(?:撤回|召回)(?:此|该|这封)?\s*邮件|would like to recall"
    r"|将撤回邮件|邮件召回通知"
    r"|已(?:撤回|召回)(?:了)?(?:一封)?邮件[^，。\n]{0,20}(?:系统|$)",
    re.IGNORECASE,
)
_CALENDAR = re.compile(r"(?:已接受|已谢绝|已拒绝|暂定|accepted|declined|tentative)\s*[:：]", re.IGNORECASE)
_UNDELIVERED = re.compile(
    r"(?:系统)?退信(?:通知|提示|[:：/(（]|\s*$)|来自.{0,20}的退信|【退信】|(?:邮件|信件)(?:被退回|退回"
    r"|投递失败|发送失败"
    r"|无法送达|延迟投递)|投递失败|未送达\s*[:：]|未傳遞|退回[:：]|容量超限退回|请确认您的邮件\s*$"
    r"|undeliver(?:ed|able)"
    r"|delivery (?:status|failure|has failed|delayed)|mail delivery (?:failed|subsystem)|returned mail|failure notice"
    r"|message blocked|(?:已被|被)(?:拦截|网关转入待审核)|delayed mail",
    re.IGNORECASE,
)
_UNDELIVERED_BODY = re.compile(
    r"(?:邮件|来信|信)[^。\n]{0,16}(?:被(?:本单位邮件网关)?退回|被拒收|被拦截|未送达|没能送达|无法(?:送达"
    r"|投递)|发送失败|未能投递"
    r"|转人工审核|尚未投递|暂时拒收)|收件人[^。\n]{0,40}(?:不存在|空间已满|已超限|仅接收|设置)"
    r"|未能将邮件传递|地址投递失败"
    r"|傳遞至下列|could not be delivered|wasn't delivered|permanent fatal errors|no mailbox here|blocked by policy"
    r"|warning message only|mail (?:delivery|system) (?:software|at host)|550 |拒收[:：]|确认您是真人|服务器暂时拒收",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?:本|此|该)(?:邮件|信)?[^。\n]{0,14}(?:系统|平台|自动)[^。\n]{0,12}(?:发送|发出|生成|推送)"
    r"|请勿(?:直接)?回复|系统自动发送"
    r"|待办(?:已超时|事项)|异地登录|容量(?:即将用尽|已使用)|隔离邮件日报|do not reply",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^[^\n]{0,40}(?:(?:系统|OA|EKP|平台|自动)[^\n]{0,20}(?:自动)?(?:发送|发出|生成)|请勿(?:直接)?回复"
    r"|请不要(?:直接)?回复"
    r"|系统邮件|退订|unsubscribe|do not reply)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SPEAKS = re.compile(
    r"请问|想问|咨询|[吗呢么](?:[，。！？?\s]|$)|怎么办|到底|(?:我|本)(?:们|司|公司|单位|会|校|院)[^。\n]{0,24}"
    r"(?:撤|退出|放弃|取消|申报|报送|补|同意|收不到)|申报[^。\n]{0,10}(?:撤回|作废)|(?:现将|现报送|随函|附上"
    r"|附件[为是系有]|见附件|附件如下|如下附件|补交|补正材料)"
    r"|密码[\s:：是为]*[0-9A-Za-z]|联系人?(?:改为|换成|变更为)|由我(?:接手|对接|负责)|改发这个邮箱"
    r"|照片\s*[0-9一二三]\s*[:：为是]"
    r"|please find|our application|人工看|有没有人|报送",
    re.IGNORECASE,
)
_ANSWER_REQUEST = re.compile(r"[^。！？?\n]*[?？]")
_OURS = re.compile(r"申报|案例|材料|推荐表|纸质|补正|照片|报告|章|受理|通知|邮箱|会员|推荐单位")


def notice_of(mail: DecodedMail, words: str, *, marked: bool, has_leaves: bool) -> Notice | None:
    """Return which program's own message this is; None where somebody speaks in it, or files came with it.

    ``words`` is the new text. ``marked`` says that headers or address bear a machine's marks.
    """
    if (by_type := _by_type(mail)) is not None:
        return by_type
    if has_leaves:
        return None
    subject = unicodedata.normalize("NFKC", mail.subject).strip()
    text = unicodedata.normalize("NFKC", words)[:_FIRST].strip()
    spoken = _spoken(subject, text)
    said = _said(subject, text)
    if said in {Notice.RECEIPT, Notice.DESK, Notice.RECALL, Notice.CALENDAR}:
        return None if spoken and said is not Notice.DESK else said
    if spoken:
        return None
    if said is not None:
        return said
    return Notice.SYSTEM if marked or _SYSTEM.search(f"{subject}\n{text}") else None


def bulk_of(mail: DecodedMail) -> bool:
    """Whether the mail went to many: a list's headers, a precedence, a way to unsubscribe."""
    names = {one.name for one in mail.fields}
    precedence = {value.strip().lower() for value in (*mail.header("Precedence"), *mail.header("X-Precedence"))}
    return any(name.startswith("list-") or name == "feedback-id" for name in names) or bool(
        precedence & {"bulk", "list", "junk"}
    )


def without_footers(words: str) -> str:
    """Return a text without the lines that an office system or a sending platform put under it."""
    return _FOOTER.sub("", words)


def _by_type(mail: DecodedMail) -> Notice | None:
    kind = (mail.media_parameters.text("report-type") or "").lower()
    declared = {part.declared for part in mail.parts} | {mail.media_type}
    if kind == "disposition-notification" or "message/disposition-notification" in declared:
        return Notice.RECEIPT
    if mail.media_type == "multipart/report" or "message/delivery-status" in declared:
        return Notice.UNDELIVERED
    method = (mail.media_parameters.text("method") or "").lower()
    return Notice.CALENDAR if mail.media_type == "text/calendar" and method == "reply" else None


def _said(subject: str, text: str) -> Notice | None:  # noqa: PLR0911 - one way out for each kind of message
    bare = subject[_end(_LEAD, subject) :]
    both = f"{subject}\n{text}"
    if _RECALL.search(text) or _RECALL.match(subject):
        return Notice.RECALL
    if _CALENDAR.match(subject):
        return Notice.CALENDAR
    if _DESK.search(both):
        return Notice.DESK
    if _READ_SUBJECT.match(subject) or _READ_SUBJECT.match(bare) or _READ_BODY.search(text):
        return Notice.RECEIPT
    if _LEFT.search(text) and not _SPEAKS.search(text):
        return Notice.LEFT
    if _UNDELIVERED.search(subject) and (_UNDELIVERED_BODY.search(text) or not text):
        return Notice.UNDELIVERED
    automatic = _AUTO_SUBJECT.match(subject) or _AUTO_SUBJECT.match(bare) or _AUTO_BODY.search(text)
    if automatic or _ONLY_RECEIVED.match(text):
        return Notice.AUTO_REPLY
    return Notice.UNDELIVERED if _UNDELIVERED_BODY.search(text) else None


def _spoken(subject: str, text: str) -> bool:
    """Whether somebody asks, sends or tells something of the call in it."""
    own = without_footers(text)
    if _AUTO_BODY.search(own) and not _ANSWER_REQUEST.search(own) and not re.search(r"附件|随函|现将", own):
        return False
    asks = any(_OURS.search(one[0]) for one in _ANSWER_REQUEST.finditer(f"{own}"))
    return asks or _SPEAKS.search(own) is not None or (not own.strip() and _SPEAKS.search(subject) is not None)


def _end(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.match(text)
    return match.end() if match else 0
