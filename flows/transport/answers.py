"""What a submission server's answer means (发信应答分类): by its token, because the numbers differ between versions.

NetEase's tables give the same token 450, 451, 550 or 554 in different years (notes ``mail.md`` 1.2), so the number
only decides where no token is known.
"""

from __future__ import annotations

import re

from flows.transport.ports import Outcome

_DAY_QUOTA = re.compile(r"MI:STC|RP:TRC|frequency limited|daily.{0,20}(limit|quota)|quota.{0,20}per day", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"User has no permission|MI:SPB|HL:IHU|HL:IPB|IP is rejected|auth error limit|too much fail|"
    r"Mail from must equal|account.{0,20}(blocked|disabled|locked|suspended)|authentication (is )?required",
    re.IGNORECASE,
)
_THROTTLE = re.compile(
    r"HL:REP|HL:ICC|HL:IFC|HL:MEP|MI:DMC|MI:CEL|MI:CCL|MI:SFQ|RP:DRC|RP:CCL|RP:CEL|RP:QRC|too many (connections|mails)|"
    r"rate.?limit|too (fast|frequent)",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"DT:SPM|DT:SUM|\bspam\b|virus|content.{0,20}reject", re.IGNORECASE)
_MESSAGE = re.compile(
    r"Illegal Attachment|exceed(s|ed)?.{0,12}mail ?size|message (size|too large)|5\.3\.4|5\.6\.\d|line too long",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(
    r"Invalid User|User suspended|User unknown|no such user|mailbox (is )?(full|not found|unavailable)|"
    r"5\.1\.[1-6]|5\.2\.[12]|4\.2\.2|recipient.{0,20}reject|over ?quota",
    re.IGNORECASE,
)


_SERVER = re.compile(r"\b4\.3\.\d|system (storage|resources)|insufficient", re.IGNORECASE)
"""What a server says of its own state (RFC 3463, X.3)."""
_CLOSING = 421

_TOKENS: tuple[tuple[re.Pattern[str], Outcome, Outcome], ...] = (
    # pattern, what it means with a 4xx number, what it means with a 5xx number
    (_DAY_QUOTA, Outcome.DAY_QUOTA, Outcome.DAY_QUOTA),
    (_ACCOUNT, Outcome.ACCOUNT, Outcome.ACCOUNT),
    # "retry in 2 min" comes with 4xx; with 5xx the same token is final.
    (_CONTENT, Outcome.THROTTLE, Outcome.CONTENT),
    (_THROTTLE, Outcome.THROTTLE, Outcome.THROTTLE),
    (_MESSAGE, Outcome.MESSAGE, Outcome.MESSAGE),
    # A full mailbox with 4xx may empty itself; everything else about the recipient is for staff.
    (_RECIPIENT, Outcome.RECIPIENT_LATER, Outcome.RECIPIENT),
)


def classify(code: int, text: str, *, stage: str) -> Outcome:
    """Return what an answer that is no success means. ``stage`` is ``login``, ``mail``, ``rcpt`` or ``data``."""
    if stage == "login" or code in {530, 535}:
        passing = code in {421, 450, 451, 454} and not _ACCOUNT.search(text)
        return Outcome.THROTTLE if passing else Outcome.ACCOUNT
    for pattern, temporary, final in _TOKENS:
        if pattern.search(text):
            return temporary if code < 500 else final
    return _by_number(code, text, stage)


def _by_number(code: int, text: str, stage: str) -> Outcome:
    if code < 500:
        # At RCPT a passing refusal is the recipient's, unless the server says that it closes or is unwell itself.
        theirs = stage == "rcpt" and code != _CLOSING and not _SERVER.search(text)
        return Outcome.RECIPIENT_LATER if theirs else Outcome.THROTTLE
    if stage == "rcpt":
        return Outcome.RECIPIENT
    if stage == "mail":
        return Outcome.MESSAGE if code == 552 else Outcome.ACCOUNT
    return Outcome.MESSAGE if code in {552, 555} else Outcome.CONTENT
