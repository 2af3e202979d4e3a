"""What mails attached to a mail say is kept beside the mail's own words."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from parsers.facts.mails import MailReading
from parsers.facts.spool import MemorySpool
from parsers.read import MOST_FORWARDED, MOST_MAILS_INSIDE, read_message
from tests.parsers.containers.world import context

FIRM = "浙江远衡精密机械有限公司"


def mail(sender: str, subject: str, text: str, *inside: EmailMessage) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, subject, "<1@example.cn>"
    message.set_content(text)
    for one in inside:
        message.add_attachment(one)
    return message


def read(message: EmailMessage) -> MailReading:
    return read_message(message.as_bytes(), MemorySpool(), context())


def test_subject_text_and_signature_of_a_forwarded_mail_are_kept_without_its_sender_and_history() -> None:
    written = f"{FIRM}的材料，请转报。\n\n-- \n{FIRM}\n李工\n\n在 2026年5月1日，王 <wang@example.cn> 写道：\n> 旧话"
    reading = read(
        mail("office@body.example", "转发", "请查收。", mail("li@firm.example", "AL2026-0007 补充", written))
    )
    assert reading.text == "请查收。"
    (said,) = reading.forwarded
    assert [line for line in said.splitlines() if line.strip("- ")] == [
        "AL2026-0007 补充",
        f"{FIRM}的材料，请转报。",
        FIRM,
        "李工",
    ]


@pytest.mark.parametrize("inside", [[], [mail("a@b.example", "", "")]])
def test_a_mail_with_nothing_said_inside_has_nothing_forwarded(inside: list[EmailMessage]) -> None:
    assert read(mail("a@b.example", "申报", "见附件。", *inside)).forwarded == ()


def test_what_is_kept_is_bounded() -> None:
    inside = [mail("a@b.example", f"第{n}封", "长" * (MOST_FORWARDED + 100)) for n in range(MOST_MAILS_INSIDE + 2)]
    said = read(mail("a@b.example", "转发", "见附件。", *inside)).forwarded
    assert len(said) == MOST_MAILS_INSIDE
    assert max(map(len, said)) <= MOST_FORWARDED + 1
