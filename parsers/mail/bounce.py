"""Is this mail a delivery report about a letter of ours (退信)? Then which one, and why it failed.

RFC 3464 reports are read from their fields. 163, QQ, Exchange and qmail also write free text; from it come the
recipient, the reason, and the Message-ID of the letter where the text or the returned header names it.
"""

from __future__ import annotations

import re

from parsers.facts.mails import Bounce
from parsers.mail.headers import read_block
from parsers.mail.message import DecodedMail, MailPart

_SENDER = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail[-_.]?delivery|bounces?|mailadmin|mail\.system)(?:[+\-.].*)?@.*"
    r"|mailer[-_.]?daemon|postmaster"
)
_SUBJECT = re.compile(
    r"退信|退回|投递失败|发送失败|未送达|无法投递|无法送达|送达失败|发信失败|undeliver|delivery (?:status|failure"
    r"|has failed|delayed)"
    r"|mail delivery (?:failed|subsystem|failure)|returned mail|failure notice|could not be delivered"
    r"|delivery incomplete",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:邮件|来信|信件)[^\n。]{0,20}(?:被退回|无法(?:送达|投递|发送)|未能(?:送达|投递)|退信|投递失败|发送失败)"
    r"|退信(?:原因|说明|代码|信息)"
    r"|无法发送到|未能送达|收件人?(?:邮箱)?(?:地址)?[^\n]{0,60}(?:不存在|已满|被停用|拒收)"
    r"|could ?n[o']t be delivered|delivery has failed|was not delivered|undelivered"
    r"|delivery to the following recipients? failed"
    r"|permanent(?:ly)? (?:fatal )?(?:error|failure|failed)|this is the qmail-send program|message (?:could"
    r"|was) not (?:be )?(?:sent|delivered)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"延迟|稍后(?:将|会)?(?:继续|再次)|仍在(?:尝试|投递)|delayed|will (?:be retried|keep trying|continue to)"
    r"|warning message only",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+=\-]{0,100}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,150}[A-Za-z0-9])?")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<!\d)([45]\d\d)[ \-#](?=[^\n]{3})")
_ID = re.compile(r"Message-?\s?ID[\"'）)]?\s{0,3}[:：]\s{0,5}(<[^<>\s]{3,400}>)", re.IGNORECASE)
_OUR_ID = re.compile(r"<zhengji\.[^<>\s]{10,300}>", re.IGNORECASE)
_OUR_BARE_ID = re.compile(r"zhengji\.[a-z0-9-]{1,40}\.[a-z0-9-]{1,80}\.[0-9a-f]{32}@[a-z0-9.-]{1,250}", re.IGNORECASE)
_RETURNED = re.compile(
    r"^[ \t>]*-{2,}\s*(?:Below this line|This is a copy|Original message|原始?邮件|以下是|The header|Undelivered)"
    r"|^[ \t>]*(?:Received|Return-Path):",
    re.IGNORECASE | re.MULTILINE,
)
DIAGNOSTIC_CHARACTERS = 300


def find_bounce(mail: DecodedMail) -> Bounce | None:
    """Return what a delivery report says; None where the mail is none, or reports success.

    ``original_message_id`` keeps its angle brackets and is empty where the report does not name the letter.
    """
    status = next(
        (part for part in mail.parts if part.declared in {"message/delivery-status", "message/global-delivery-status"}),
        None,
    )
    kind = (mail.media_parameters.text("report-type") or "").lower()
    if kind == "disposition-notification":
        return None
    if status is not None or mail.media_type == "message/delivery-status":
        fields = _status_fields(status.opening if status is not None else mail.text.encode())
        if fields:
            return _from_fields(mail, fields)
    if not _is_free_text_bounce(mail) or any(_is_a_file(part) for part in mail.parts):
        return None
    return _from_text(mail)


def _is_a_file(part: MailPart) -> bool:
    """Whether a part is more than what a report carries of our letter: then a person sent the mail."""
    carried = part.declared.startswith(("message/", "text/")) or part.name.lower().endswith((".eml", ".msg", ".txt"))
    return not (carried or part.inline)


def _status_fields(data: bytes) -> list[dict[str, str]]:
    """Return the groups of a delivery-status part (RFC 3464, 2.1): the message, then each recipient."""
    groups: list[dict[str, str]] = []
    text = data[:65536].replace(b"\r\n", b"\n")
    for chunk in re.split(rb"\n[ \t]*\n", text)[:50]:
        block = read_block(chunk.strip(b"\n") + b"\n\n", 0, len(chunk.strip(b"\n")) + 2)
        group = {one.name: one.value.decode("utf-8", "replace").replace("\t", " ") for one in reversed(block.fields)}
        if group:
            groups.append(group)
    return groups


def _from_fields(mail: DecodedMail, groups: list[dict[str, str]]) -> Bounce | None:
    recipients = [group for group in groups if "action" in group or "final-recipient" in group or "status" in group]
    failed = [
        group for group in recipients if group.get("action", "failed").split()[0:1] in (["failed"], ["delayed"], [])
    ]
    order = sorted(failed, key=lambda group: group.get("action", "").lower() != "failed")
    if not order:
        return None
    worst = order[0]
    status = _STATUS.search(worst.get("status", "")) or _STATUS.search(worst.get("diagnostic-code", ""))
    action = worst.get("action", "failed").lower()
    code = status[1] if status else ""
    return Bounce(
        recipient=_typed(worst.get("final-recipient", ""))
        or _typed(worst.get("original-recipient", ""))
        or _recipient(mail),
        original_message_id=_original_id(mail),
        status=code,
        diagnostic=_short(worst.get("diagnostic-code", "").partition(";")[2] or worst.get("diagnostic-code", "")),
        permanent=action == "failed" and not code.startswith("4"),
    )


def _typed(value: str) -> str:
    """``rfc822; a@b`` without its type."""
    match = _ADDRESS.search(value.rpartition(";")[2] or value)
    return match[0].lower() if match else ""


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()[:DIAGNOSTIC_CHARACTERS]


def _is_free_text_bounce(mail: DecodedMail) -> bool:
    """Two of three must agree: a daemon wrote it, the subject says so, the words say so."""
    returns = mail.header("Return-Path")
    daemon = (
        _SENDER.fullmatch(mail.sender.address) is not None
        or _SENDER.fullmatch(mail.sender.name.lower().replace(" ", "-")) is not None
        or bool(returns and returns[0].strip() in {"<>", ""})
        or bool(mail.header("X-Failed-Recipients"))
        or mail.media_type == "multipart/report"
    )
    by_subject = _SUBJECT.search(mail.subject) is not None
    by_words = _BODY.search(mail.text[:20_000]) is not None
    return daemon and (by_subject or by_words)


def _from_text(mail: DecodedMail) -> Bounce:
    words = _own_words(mail.text[:50_000])
    status = _STATUS.search(words)
    code = _CODE.search(words)
    shown = status[1] if status else ""
    line = next((line for line in words.split("\n") if _STATUS.search(line) or _CODE.search(line)), "")
    if not line:
        line = next((line for line in words.split("\n") if _BODY.search(line)), "")
    temporary = shown.startswith("4") or (not shown and code is not None and code[1].startswith("4"))
    return Bounce(
        recipient=_recipient(mail),
        original_message_id=_original_id(mail),
        status=shown,
        diagnostic=_short(line),
        permanent=not temporary and not (not shown and _DELAYED.search(mail.subject + "\n" + words[:2000])),
    )


def _own_words(text: str) -> str:
    """Return the report's own words, without the returned letter below."""
    match = _RETURNED.search(text)
    return text[: match.start()] if match and match.start() > 40 else text


def _recipient(mail: DecodedMail) -> str:
    failed = mail.header("X-Failed-Recipients")
    if failed:
        match = _ADDRESS.search(failed[0])
        if match is not None:
            return match[0].lower()
    known = {mail.sender.address, *(one.address for one in mail.to)}
    for match in _ADDRESS.finditer(_own_words(mail.text[:50_000])):
        address = match[0].lower()
        if address not in known and not _SENDER.fullmatch(address):
            return address
    return ""


def _original_id(mail: DecodedMail) -> str:
    """Find the Message-ID of the letter: in the returned header, the text, or the references, in this order."""
    for part in mail.parts:
        if part.declared in {"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"}:
            found = _id_in(part)
            if found:
                return found
    for text in (mail.text, mail.html):
        match = _OUR_ID.search(text) or _ID.search(text)
        if match is not None:
            return match[match.lastindex or 0]
    for part in mail.parts:
        # The letter itself under some other type, as a file or as plain words.
        bare = _OUR_BARE_ID.search(part.opening.decode("latin-1"))
        if bare is not None:
            return f"<{bare[0]}>"
    ours = [one for one in (*mail.references, *mail.in_reply_to) if _OUR_ID.fullmatch(one)]
    if ours:
        return ours[-1]
    return (mail.in_reply_to or mail.references[-1:] or ("",))[0]


def _id_in(part: MailPart) -> str:
    block = read_block(part.opening, 0, len(part.opening))
    for name in ("x-zhengji-id", "x-oq-msgid", "message-id"):
        value = re.sub(r"\s+", "", (block.first(name) or b"").decode("latin-1"))
        if value.startswith("<") and value.endswith(">") and len(value) > 3:
            return value
        if name != "message-id" and "@" in value:
            # X-Zhengji-ID names the installation before a slash.
            return f"<{value.strip('<>').rpartition('/')[2]}>"
    return ""
