"""What staff add to a held letter stands in both forms; everything else stays as it was frozen."""

import email
import email.policy
from dataclasses import replace
from typing import Any

from flows.replies.amend import add_paragraph
from flows.replies.compose import compose
from flows.replies.letter import Letter, LetterKind
from flows.replies.mime import to_bytes
from tests.checks.dossiers import cases_2026, complete_dossier
from tests.replies.situations import NOW, PNG, SEAL_PLACE

LONG_ID = f"<{'x' * 150}@example.com>"


def frozen() -> tuple[Letter, bytes]:
    letter = compose(
        LetterKind.DEFICIENT, complete_dossier(), (SEAL_PLACE,), cases_2026(), NOW, pictures={"5" * 64: PNG}
    )
    letter = replace(letter, in_reply_to=LONG_ID, references=(LONG_ID,))
    raw = to_bytes(
        letter, sender="a@example.org", sender_name="分会", message_id="<m@example.org>", date=NOW, instance_id="zj"
    )
    return letter, raw


def parsed(raw: bytes) -> Any:
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_the_words_stand_below_the_headline_in_both_forms() -> None:
    letter, raw = frozen()
    mail = parsed(add_paragraph(raw, "请于周五前寄出。\n<b>如有困难</b>请来电。"))
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = mail.get_body(("html",)).get_content().replace("\r\n", "\n")
    head, rest = letter.text.split("\n\n", 1)
    assert text == f"{head}\n\n请于周五前寄出。\n\n<b>如有困难</b>请来电。\n\n{rest}"
    added = [
        f'<p style="margin:0 0 14px;color:#1f2328;">{words}</p>\n'
        for words in ("请于周五前寄出。", "&lt;b&gt;如有困难&lt;/b&gt;请来电。")
    ]
    assert html.replace("".join(added), "") == letter.html
    assert html.index("请补正：") < html.index(added[0]) < html.index("您好！")


def test_headers_and_pictures_stay_byte_for_byte() -> None:
    _, raw = frozen()
    changed = add_paragraph(raw, "补充一句。")
    assert changed.split(b"\r\n\r\n", 1)[0] == raw.split(b"\r\n\r\n", 1)[0]
    assert changed.count(LONG_ID.encode()) == 2
    picture = raw[raw.index(b"Content-Type: image/jpeg") :]
    assert changed.endswith(picture)
    assert b"\n" not in changed.replace(b"\r\n", b"")


def test_control_characters_add_no_header_and_no_part() -> None:
    _, raw = frozen()
    changed = parsed(add_paragraph(raw, "一\r\nBcc: x@y.z\x00\u202e二"))
    assert changed["Bcc"] is None
    assert "Bcc: x@y.z二" in changed.get_body(("plain",)).get_content()


def test_nothing_to_add_changes_no_word() -> None:
    letter, raw = frozen()
    mail = parsed(add_paragraph(raw, " \n \n"))
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == letter.text
