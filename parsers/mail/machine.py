"""Was this mail written by a machine (自动邮件)? Then it is never answered, so that no two machines write for ever.

Signs after RFC 3834 and RFC 2076, the headers of Exchange and of the Chinese providers, and the subjects that
programs without headers write. One sign is enough, for an answer to a machine costs more than a missing answer,
which staff still see.
"""

from __future__ import annotations

import re
import unicodedata

from parsers.mail.message import DecodedMail
from parsers.mail.quoting import split_text
from parsers.mail.token import OUR_PREFIX

FORWARDED = "由 QQ 邮箱自动转发而来，回信会到不了原发件人。"
"""The one reason that does not deny that a person wrote the mail: its files count."""

_LOCAL_PARTS = (
    (re.compile(r"mailer[-_.]?daemon"), "发件人是退信程序（mailer-daemon）。"),
    (re.compile(r"postmaster"), "发件人是邮件系统管理员（postmaster）。"),
    (re.compile(r".*(?:no|do[-_.]?not|not?)[-_.]?repl(?:y|ies).*|.*noreply.*"), "发件人地址标明不收回信（no-reply）。"),
    (re.compile(r"bounces?(?:[+\-.=_].*)?|.*[+\-._]bounces?"), "发件人是退信地址（bounce）。"),
    (
        re.compile(r"owner-.*|.*-owner|.*-request|.*-confirm|majordomo|listserv|mailman(?:-.*)?"),
        "发件人是邮件列表程序。",
    ),
    (re.compile(r"auto[-_.]?(?:reply|responder|confirm|notify).*|autoresponse"), "发件人是自动回复程序。"),
    (
        re.compile(r"(?:e?mail[-_.]?)?(?:notif(?:y|ications?|ier)|newsletters?|alerts?)(?:[-_.+].*)?"),
        "发件人是通知程序。",
    ),
    (re.compile(r"(?:system|sys)[-_.]?(?:mail|notice|message|admin).*"), "发件人是系统通知。"),
)
_DOMAINS = (
    (
        re.compile(
            r"(?:.*\.)?service\.(?:netease|163|126|qq|sina|sohu|aliyun|alibaba|139)\.(?:com|cn|net)(?:\.cn)?"
            r"|service\..+"
        ),
        "发件人是服务商的通知。",
    ),
    (re.compile(r"(?:.*\.)?(?:bounces?|edm|newsletter|notifications?|mailer)\..+"), "发件人是群发平台。"),
)
_ADDRESSES = {
    "10000@qq.com": "发件人是腾讯的系统通知。",
    "10001@qq.com": "发件人是腾讯的系统通知。",
    "mail@qq.com": "发件人是 QQ 邮箱的通知。",
    "qqmail@qq.com": "发件人是 QQ 邮箱的通知。",
    "kefu@188.com": "发件人是网易客服。",
    "mail163@163.com": "发件人是网易邮箱的通知。",
}
_PREFIX = re.compile(r"\A(?:\[[^\]]{0,20}\]|【[^】]{0,20}】|\s)*")
_SUBJECTS = (
    (
        re.compile(
            r"[\[【(]?\s*(?:自动(?:回复|答复|应答|回覆|转发)|自動(?:回覆|回復|答覆)|系统自动(?:回复|发送|邮件)"
            r"|(?:休假|外出|离职|出差)(?:自动)?(?:回复|通知|提醒)"
            r"|auto(?:matic|mated)?[ -]?(?:reply|response|answer)|automatische antwort|out of (?:the )?office|ooo:"
            r"|away from (?:the )?office|vacation (?:reply|response))",
            re.IGNORECASE,
        ),
        "主题表明是自动回复。",
    ),
    (
        re.compile(
            r"(?:系统)?退信(?:通知|提醒|[:：\s(（]|$)|来自.{0,20}的退信|邮件(?:被退回|投递失败|发送失败|退回)"
            r"|投递失败|未送达|无法投递|无法送达|送达失败|发信失败"
            r"|undeliver|delivery (?:status|failure|has failed|delayed|report|notification)|mail delivery (?:failed"
            r"|subsystem|system|failure)|mail system error"
            r"|returned mail|failure notice|message (?:undeliverable|delayed|delivery)|warning: (?:could not send"
            r"|message)|rejected:",
            re.IGNORECASE,
        ),
        "主题表明是退信或投递状态通知。",
    ),
    (
        re.compile(
            r"(?:已读|未读|已阅读?|已显示|已送达|已传递|已收到|未阅读?)\s*[:：]|(?:已读|阅读|送达|收件|投递"
            r"|邮件)回执(?:\s*[:：]|$)|您的邮件已被(?:阅读|打开)"
            r"|(?:not )?read\s*[:：]|read receipt|return receipt|disposition notification|relayed\s*[:：]"
            r"|delivered\s*[:：]",
            re.IGNORECASE,
        ),
        "主题表明是已读回执。",
    ),
    (
        re.compile(
            r"(?:撤回|召回)\s*[:：]|recall\s*[:：]|.{1,40}(?:希望|想要?|要求|would like to)\s*(?:撤回|recall)",
            re.IGNORECASE,
        ),
        "主题表明是邮件程序的撤回通知。",
    ),
    (
        re.compile(r"(?:已接受|已谢绝|已拒绝|暂定|accepted|declined|tentative)\s*[:：]", re.IGNORECASE),
        "主题表明是日程程序的答复。",
    ),
)
_SUBJECT_END = re.compile(
    r"[\[【(（](?:自动回复|自动答复|自动应答|auto(?:matic)?[ -]?reply)[\]】)）]\s*\Z", re.IGNORECASE
)
_BODY = re.compile(
    r"(?:这|此|本)(?:是一?封|为|邮件为|邮件是|邮件由|信为|邮件系)?[^\n。]{0,16}(?:系统"
    r"|自动)[^\n。]{0,10}(?:自动)?(?:回复|发送|发出|生成|邮件|应答)[^\n]{0,20}(?:请勿|勿|无需|不要"
    r"|不必)[^\n。]{0,6}(?:回复|回信|答复)"
    r"|(?:这|此|本)(?:是(?:一封)?|为|邮件为|邮件是)\s?(?:系统)?自动(?:回复|答复|应答)(?:邮件"
    r"|的邮件)?(?:[，,。.!！\s]|$)"
    r"|系统自动(?:发送|发出|回复|生成)[^\n。]{0,10}[，,。 ]\s*(?:请勿|请不要|勿)(?:直接)?回复"
    r"|this is an? (?:auto(?:matic(?:ally)?|mated)?)[ -](?:generated )?(?:reply|response|message|e-?mail)"
    r"|please do not reply to this (?:e-?mail|message)",
    re.IGNORECASE,
)
_AUTO_HEADER = re.compile(
    r"x-(?:.*-)?(?:auto-?(?:reply|respond|response|responder|generated)|autoresp).*|auto-?reply.*|x-mail-autoreply"
    r"|x-vacation.*"
)


def machine_reason(mail: DecodedMail, own_addresses: tuple[str, ...]) -> str | None:
    """Return why this mail must never be answered, in one Chinese sentence; None for mail written by a person.

    ``own_addresses`` are our mailboxes in lower case. What cannot be seen in the mail itself (the folder it was
    found in, budgets, its age) is for others to judge.
    """
    return _by_identity(mail, own_addresses) or _by_headers(mail) or _by_type(mail) or _by_words(mail)


def _by_identity(mail: DecodedMail, own_addresses: tuple[str, ...]) -> str | None:
    # QQ gives a mail a new Message-ID and keeps the sender's in X-OQ-MSGID; our letters repeat theirs in X-Zhengji-ID.
    traces = (mail.message_id, *mail.header("X-OQ-MSGID"), *mail.header("X-Zhengji-ID"))
    if any(trace.strip("< ").lower().startswith(OUR_PREFIX) for trace in traces):
        return "信件编号是本系统自己发出的。"
    own = {address.lower() for address in own_addresses}
    address = mail.sender.address
    if address in own:
        return "发件人是本系统自己的邮箱。"
    if any(other in own for other in _plain_addresses(mail.header("Sender"))):
        return "代发人是本系统自己的邮箱。"
    returns = mail.header("Return-Path")
    if returns and re.sub(r"\s", "", returns[0]) in {"<>", ""}:
        return "退信地址为空（Return-Path: <>），是机器所发。"
    for candidate in dict.fromkeys((address, *_plain_addresses(returns[:1]), *_plain_addresses(mail.header("Sender")))):
        reason = _by_address(candidate, bounce_is_normal=candidate != address)
        if reason is not None:
            return reason
    return None


def machine_address(address: str) -> str | None:
    """Return why an address (lower case) is no person's, in one Chinese sentence; None where it may be one's."""
    return _by_address(address, bounce_is_normal=False)


def _plain_addresses(values: tuple[str, ...]) -> list[str]:
    return [
        match[0].lower()
        for value in values
        for match in re.finditer(r"[^\s<>\",;:()]{1,128}@[^\s<>\",;:()]{1,200}", value)
    ]


def _by_address(address: str, *, bounce_is_normal: bool) -> str | None:
    """Judge one address. The envelope address of a person's mail may well be a bounce address of a platform."""
    if address in _ADDRESSES:
        return _ADDRESSES[address]
    local, _, domain = address.rpartition("@")
    if not local:
        return None
    for pattern, reason in _LOCAL_PARTS:
        if pattern.fullmatch(local) and not (bounce_is_normal and "bounce" in reason):
            return reason
    if bounce_is_normal:
        return None
    return next((reason for pattern, reason in _DOMAINS if pattern.fullmatch(domain)), None)


def _by_headers(mail: DecodedMail) -> str | None:
    names = {one.name for one in mail.fields}
    auto = [value.split(";")[0].split("(")[0].strip().lower() for value in mail.header("Auto-Submitted")]
    if any(value != "no" for value in auto):
        return "信头标明是自动发出的（Auto-Submitted）。"
    precedence = [value.strip().lower() for value in (*mail.header("Precedence"), *mail.header("X-Precedence"))]
    if any(value in {"bulk", "list", "junk", "auto_reply", "auto-reply"} for value in precedence):
        return f"信头标明是群发邮件（Precedence: {next(v for v in precedence if v)}）。"
    suppress = " ".join(mail.header("X-Auto-Response-Suppress")).lower()
    if re.search(r"\b(?:all|autoreply|oof)\b", suppress):
        return "信头要求不要自动回复（X-Auto-Response-Suppress）。"
    listed = sorted(name for name in names if name.startswith("list-"))
    if listed:
        return f"信头表明来自邮件列表（{listed[0].title()}）。"
    told = next(
        (name for name in sorted(names) if _AUTO_HEADER.fullmatch(name) and not name.endswith("-suppress")), None
    )
    if told is not None and not any(value.strip().lower() in {"no", "false", "0"} for value in mail.header(told)):
        return f"信头表明是自动回复程序所发（{told.title()}）。"
    return _by_rare_headers(mail, names)


_BULK = frozenset({"x-mailing-list", "mailing-list", "x-campaign-id", "x-campaignid", "feedback-id", "x-mailgun-sid"})
_EXCHANGE_RULES = frozenset({"x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source"})
_FORWARDS = frozenset({"x-qq-auto-fwd", "x-autoforward", "x-auto-forward"})


def _by_rare_headers(mail: DecodedMail, names: set[str]) -> str | None:
    delivered = {value.strip().lower() for value in mail.header("Delivered-To")}
    signs = (
        ("x-failed-recipients" in names, "信头表明是退信（X-Failed-Recipients）。"),
        (bool(_EXCHANGE_RULES & names), "信头表明由 Exchange 的收件规则自动发出。"),
        (any("machinegenerated" in name.replace("-", "") for name in names), "信头表明是机器生成的邮件。"),
        ("autoresponder" in delivered, "信头表明是自动回复程序所发（Delivered-To: Autoresponder）。"),
        (
            any("autoresponder" in value.lower() for value in mail.header("X-POST-MessageClass")),
            "信头表明是自动回复程序所发（X-POST-MessageClass）。",
        ),
        (bool(_BULK & names), "信头表明是群发平台所发。"),
        (bool(_FORWARDS & names), FORWARDED),
    )
    return next((reason for sign, reason in signs if sign), None)


def _by_type(mail: DecodedMail) -> str | None:
    kind = (mail.media_parameters.text("report-type") or "").lower()
    declared = {part.declared for part in mail.parts}
    if kind == "disposition-notification" or "message/disposition-notification" in declared | {mail.media_type}:
        return "邮件是已读回执（disposition-notification）。"
    if mail.media_type == "multipart/report" or "message/delivery-status" in declared | {mail.media_type}:
        return "邮件是投递状态报告（multipart/report）。"
    return None


def _by_words(mail: DecodedMail) -> str | None:
    subject = unicodedata.normalize("NFKC", mail.subject).strip()
    bare = subject[_PREFIX.match(subject).end() :] if _PREFIX.match(subject) else subject  # type: ignore[union-attr]
    for pattern, reason in _SUBJECTS:
        if pattern.match(subject) or pattern.match(bare):
            return reason
    if _SUBJECT_END.search(subject):
        return "主题表明是自动回复。"
    if _BODY.search(split_text(mail.text[:20_000]).new[:4000]):
        return "正文说明是系统自动发送、请勿回复的邮件。"
    return None
