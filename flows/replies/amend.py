"""Adding a paragraph to a letter that has not left (补充说明): in plain text and HTML, all else byte for byte."""

from __future__ import annotations

import html
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP

from flows.replies.safe_text import safe


def add_paragraph(raw: bytes, words: str) -> bytes:
    """Return the letter with these words of the staff in front of its text; headers and files stay as they are."""
    message = message_from_bytes(raw, policy=SMTP)
    plain_words = safe(words, 1000)
    for part in message.walk():
        if part.get_filename() is not None:
            continue
        if part.get_content_type() == "text/plain":
            _replace(part, f"{plain_words}\n\n{_text(part)}")
        elif part.get_content_type() == "text/html":
            paragraph = f'<p style="margin:0 0 14px;color:#1f2328;">{html.escape(plain_words)}</p>'
            _replace(part, _after_body_tag(_text(part), paragraph))
    return message.as_bytes()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _replace(part: Message, text: str) -> None:
    del part["Content-Transfer-Encoding"]
    part.set_payload(text, charset="utf-8")


def _after_body_tag(page: str, paragraph: str) -> str:
    start = page.lower().find("<body")
    end = page.find(">", start) + 1 if start >= 0 else 0
    return page[:end] + paragraph + page[end:]
