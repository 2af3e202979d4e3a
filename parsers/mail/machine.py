"""May this mail be answered without staff (能否自动回信)? Never where it bears a machine's mark.

Marks after RFC 3834 and RFC 2076, the headers of the Chinese providers, addresses that are no person's, and footers
that ask not to be answered. One is enough, for an answer to a machine costs more than a missing answer, which staff
still see. A mark says nothing of what the mail holds: an office system sends what a person wrote, and it is read,
filed or laid before staff like any other. Whether somebody speaks in it is ``parsers.mail.notices``' question.
"""

from __future__ import annotations

import re

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
    """Return why this mail must never be answered without staff, in one Chinese sentence; None where it may be.

    ``own_addresses`` are our mailboxes in lower case. What cannot be seen in the mail itself (the folder it was
    found in, budgets, its age) is for others to judge.
    """
    return _by_identity(mail, own_addresses) or _by_headers(mail) or _by_words(mail)


def _by_identity(mail: DecodedMail, own_addresses: tuple[str, ...]) -> str | None:
    # QQ gives a mail a new Message-ID and keeps the sender's in X-OQ-MSGID; our letters repeat theirs in X-Zhengji-ID.
    traces = (mail.message_id, *mail.header("X-OQ-MSGID"), *mail.header("X-Zhengji-ID"))
    if any(trace.strip("< ").lower().startswith(OUR_PREFIX) for trace in traces):
        return "信件编号是本系统自己发出的。"
    own = {address.lower() for address in own_addresses}
    address = mail.sender.address
    if address in own:
        return "发件人是本系统自己的邮箱。"
    returns = mail.header("Return-Path")
    if returns and re.sub(r"\s", "", returns[0]) in {"<>", ""}:
        return "退信地址为空（Return-Path: <>），是机器所发。"
    for candidate in dict.fromkeys((address, *_plain_addresses(returns[:1]), *_plain_addresses(mail.header("Sender")))):
        reason = _by_address(candidate, bounce_is_normal=candidate != address)
        if reason is not None:
            return reason
    return None


_GENERATED = frozenset({"x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source"})


def generated(mail: DecodedMail) -> bool:
    """Whether a mail server's rule made or passed on the mail (Exchange 收件规则), whoever wrote what it says."""
    return bool(_GENERATED & {one.name for one in mail.fields})


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
_FORWARDS = frozenset({"x-qq-auto-fwd", "x-autoforward", "x-auto-forward"})


def _by_rare_headers(mail: DecodedMail, names: set[str]) -> str | None:
    delivered = {value.strip().lower() for value in mail.header("Delivered-To")}
    signs = (
        ("x-failed-recipients" in names, "信头表明是退信（X-Failed-Recipients）。"),
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


def _by_words(mail: DecodedMail) -> str | None:
    if _BODY.search(split_text(mail.text[:20_000]).new[:4000]):
        return "正文说明是系统自动发送、请勿回复的邮件。"
    return None
