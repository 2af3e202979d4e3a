"""A frozen letter as staff read it before they let it go (回信预览), and what it says otherwise than the last one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

_ABOUT = ("受理编号", "申报单位", "您的来信")
"""Lines that differ between any two letters and tell staff nothing."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The words of a letter: its subject and its plain text."""

    subject: str
    text: str


def read_letter(raw: bytes) -> Preview:
    """Return the words of a letter that ``flows.replies.mime`` made."""
    message = message_from_bytes(raw)
    subject = str(make_header(decode_header(str(message["Subject"] or "").replace("\r\n", ""))))
    text = next((_text(part) for part in message.walk() if part.get_content_type() == "text/plain"), "")
    return Preview(subject, text)


def difference(before: Preview, now: Preview) -> tuple[str, ...]:
    """Return what changed, one entry a line: ``－`` stood in the last letter only, ``＋`` stands in this one only.

    The order of lines does not count, nor do blank lines and the lines that name the mail that is answered.
    """
    old, new = _lines(before), _lines(now)
    marks = {"- ": "－", "+ ": "＋"}
    compared = difflib.ndiff(old, new)
    changed = [(marks[line[:2]], line[2:]) for line in compared if line[:2] in marks]
    moved = {words for mark, words in changed if mark == "－"} & {words for mark, words in changed if mark == "＋"}
    return tuple(f"{mark} {words}" for mark, words in changed if words not in moved)


def _lines(letter: Preview) -> list[str]:
    """Return the paragraphs of a letter, wrapped lines joined again, so that a moved line end is no difference."""
    paragraphs = [f"主题：{letter.subject}"]
    for block in letter.text.split("\n\n"):
        joined = ""
        for line in block.splitlines():
            words = line.strip()
            starts = (
                words[:2] in ("· ", "■ ") or words.partition(".")[0].isdigit() or words.partition("：")[0] in _HEADS
            )
            if joined and starts:
                paragraphs.append(joined)
                joined = ""
            joined += (" " if joined[-1:].isascii() and words[:1].isascii() and joined else "") + words
        if joined:
            paragraphs.append(joined)
    return [words for words in paragraphs if words.partition("：")[0] not in _ABOUT]


_HEADS = frozenset(
    {*_ABOUT, "补正方式", "寄送方式", "建议", "文件", "依据", "图像", "登记为", "联系人", "邮箱", "地址", "已收到"}
)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""
