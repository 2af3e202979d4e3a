"""Files of plain characters (纯文本文件), and the words inside file formats that nobody asked for (OFD, pptx)."""

from __future__ import annotations

import email
import re
from email.message import Message

from parsers.containers import zip_file
from parsers.containers.zip_directory import directory
from parsers.facts.account import UNACCOUNTED_BYTES
from parsers.facts.looks import Look
from parsers.facts.problem import Problem
from parsers.mail.account import coded_words, read_as_words
from parsers.text.charset import decode

MOST_CHARACTERS = 4000
"""As much text as a Look keeps."""

_MOST_BYTES = 200_000
_MOST_PARTS = 40
_MOST_PART_BYTES = 4 << 20


def look_at_text(data: bytes, kind: str) -> Look:
    """Read the beginning of a text file, whatever its encoding."""
    head = data[:_MOST_BYTES]
    read = decode(head, None)
    problems: tuple[Problem, ...] = () if read.problem is None or len(head) < len(data) else (read.problem,)
    if (size := coded_words(read.text)) > UNACCOUNTED_BYTES:
        problems = (*problems, read_as_words(size, ""))
    return Look(kind, text=read.text.replace("\x00", "")[:MOST_CHARACTERS], problems=problems)


def look_at_xml_parts(data: bytes, kind: str) -> Look:
    """Read the words of an OFD (GB/T 33190, ``TextCode``) or of slides (``a:t``)."""
    tag = b"TextCode" if kind == "ofd" else b"t"
    wanted = b"Content.xml" if kind == "ofd" else b"ppt/slides/slide"
    pattern = re.compile(rb"<(?:\w+:)?" + tag + rb"(?: [^>]*)?>([^<]*)</")
    words: list[str] = []
    parts = [
        record for record in directory(data).records if wanted in record.raw_name and record.raw_name.endswith(b".xml")
    ]
    for record in parts[:_MOST_PARTS]:
        found = pattern.findall(zip_file.first_bytes(data, record, _MOST_PART_BYTES))
        words.append("".join(word.decode("utf-8", "replace") for word in found))
        if sum(map(len, words)) > MOST_CHARACTERS:
            break
    text = "\n".join(words)
    for entity, mark in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, mark)
    return Look(kind, text=text[:MOST_CHARACTERS])


def web_page_of_archive(data: bytes) -> bytes:
    """Return the page in a web archive (.mhtml, which Word saves as .doc too); the whole where there is none."""
    message = email.message_from_bytes(data[: 32 << 20])
    for part in message.walk():
        if isinstance(part, Message) and part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                return page
    return data
