"""Adding the staff's words to a letter that has not left (补充说明): in plain text and HTML, all else byte for byte."""

from __future__ import annotations

import html
import io
from email import message_from_bytes
from email.generator import BytesGenerator
from email.message import Message
from email.policy import compat32

from flows.replies.safe_text import cleaned
from flows.replies.wrap import wrap

PARAGRAPH_LIMIT = 1000
"""Characters of one paragraph that staff may add."""

_POLICY = compat32.clone(linesep="\r\n")


def add_paragraph(raw: bytes, words: str) -> bytes:
    """Return the letter with these words of the staff below its headline; headers and files stay as they are.

    Each line of ``words`` becomes a paragraph. The words stand in both forms, escaped and without control characters.
    """
    paragraphs = [line for line in (cleaned(line, PARAGRAPH_LIMIT) for line in words.splitlines()) if line]
    message = message_from_bytes(raw, policy=_POLICY)
    for part in message.walk():
        if part.get_filename() is not None:
            continue
        if part.get_content_type() == "text/plain":
            _replace(part, _below_headline(_text(part), "".join(f"{wrap(words)}\n\n" for words in paragraphs)))
        elif part.get_content_type() == "text/html":
            styled = (f'<p style="margin:0 0 14px;color:#1f2328;">{html.escape(words)}</p>\n' for words in paragraphs)
            _replace(part, _before_first_paragraph(_text(part), "".join(styled)))
    sink = io.BytesIO()
    # No header is folded anew: that would take long Message-IDs apart and break the thread.
    BytesGenerator(sink, mangle_from_=False, maxheaderlen=0, policy=_POLICY).flatten(message)
    return sink.getvalue()


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""


def _replace(part: Message, text: str) -> None:
    del part["Content-Transfer-Encoding"]
    part.set_payload(text.replace("\n", "\r\n").encode(), charset="utf-8")


def _below_headline(text: str, added: str) -> str:
    head, gap, rest = text.partition("\n\n")
    return f"{head}{gap}{added}{rest}" if gap else added + text


def _before_first_paragraph(page: str, added: str) -> str:
    body = max(0, page.lower().find("<body"))
    first = page.find("<p ", body)
    place = first if first >= 0 else page.find(">", body) + 1
    return page[:place] + added + page[place:]
