"""What providers answer, word for word as collected, and what it means."""

from __future__ import annotations

import pytest

from flows.transport.answers import classify
from flows.transport.ports import Outcome

ANSWERS = [
    (421, "HL:REP 该IP发送行为异常", "mail", Outcome.THROTTLE),
    (421, "HL:ICC 该IP同时并发连接数过大", "mail", Outcome.THROTTLE),
    (450, "MI:CEL 发送方出现过多的错误指令", "mail", Outcome.THROTTLE),
    (451, "MI:DMC 当前连接发送的邮件数量超出限制", "mail", Outcome.THROTTLE),
    (451, "MI:SFQ 发信人在15分钟内的发信数量超过限制", "data", Outcome.THROTTLE),
    (554, "MI:SFQ 126 smtp8,b,c 1", "data", Outcome.THROTTLE),
    (451, "RP:CEL 发送方出现过多的错误指令", "rcpt", Outcome.THROTTLE),
    (451, "DT:SPM please try again later, retry in 2 min", "data", Outcome.THROTTLE),
    (451, "Requested action aborted: local error in processing", "data", Outcome.THROTTLE),
    (550, "MI:STC 发件人当天内邮件发送数量超过限制", "mail", Outcome.DAY_QUOTA),
    (554, "RP:TRC 发件人当天内累计邮件数量超过限制", "rcpt", Outcome.DAY_QUOTA),
    (550, "Mailbox frequency limited. http://service.mail.qq.com/", "data", Outcome.DAY_QUOTA),
    (554, "DT:SPM 163 smtp11,D8CowADX 1795331408 http://mail.163.com/help/help_spam_16.htm", "data", Outcome.CONTENT),
    (554, "DT:SUM envelope from and header from mismatch", "data", Outcome.CONTENT),
    (535, "Error: authentication failed", "login", Outcome.ACCOUNT),
    (550, "User has no permission", "login", Outcome.ACCOUNT),
    (550, "User has no permission", "mail", Outcome.ACCOUNT),
    (553, "Mail from must equal authorized user", "mail", Outcome.ACCOUNT),
    (554, "IP is rejected, smtp auth error limit exceed", "login", Outcome.ACCOUNT),
    (451, "too much fail authentication", "login", Outcome.ACCOUNT),
    (454, "Temporary authentication failure", "login", Outcome.THROTTLE),
    (530, "Authentication required", "mail", Outcome.ACCOUNT),
    (554, "HL:IPB 该IP不在网易允许的发送地址列表里", "mail", Outcome.ACCOUNT),
    (550, "MI:SPB 此用户不在网易允许的发信用户列表里", "mail", Outcome.ACCOUNT),
    (550, "Invalid User: x@163.com", "rcpt", Outcome.RECIPIENT),
    (550, "User suspended", "rcpt", Outcome.RECIPIENT),
    (550, "5.1.1 <x@firm.example>: Recipient address rejected: User unknown", "rcpt", Outcome.RECIPIENT),
    (552, "mailbox full", "rcpt", Outcome.RECIPIENT),
    (452, "4.2.2 mailbox full", "rcpt", Outcome.RECIPIENT_LATER),
    (452, "4.2.2 mailbox full", "data", Outcome.RECIPIENT_LATER),
    (450, "4.2.0 <x@firm.example>: Recipient address rejected: Greylisted", "rcpt", Outcome.RECIPIENT_LATER),
    (451, "4.7.1 Greylisting in action, please come back later", "rcpt", Outcome.RECIPIENT_LATER),
    (451, "4.3.0 Temporary lookup failure", "rcpt", Outcome.THROTTLE),
    (452, "4.3.1 Insufficient system storage", "rcpt", Outcome.THROTTLE),
    (421, "4.7.0 closing connection", "rcpt", Outcome.THROTTLE),
    (450, "4.7.1 Error: too frequent, rate limited", "rcpt", Outcome.THROTTLE),
    (450, "words that no table knows", "data", Outcome.THROTTLE),
    (550, "words that no table knows", "rcpt", Outcome.RECIPIENT),
    (552, "Illegal Attachment", "data", Outcome.MESSAGE),
    (552, "Requested mail action aborted: exceeded mailsize limit", "data", Outcome.MESSAGE),
    (554, "words that no table knows", "data", Outcome.CONTENT),
    (450, "words that no table knows", "rcpt", Outcome.RECIPIENT_LATER),
]


@pytest.mark.parametrize(("code", "text", "stage", "meaning"), ANSWERS, ids=[f"{a[0]} {a[1][:30]}" for a in ANSWERS])
def test_an_answer_is_judged_by_its_token(code: int, text: str, stage: str, meaning: Outcome) -> None:
    assert classify(code, text, stage=stage) is meaning
