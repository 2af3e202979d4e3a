"""winmail.dat (TNEF): what Outlook sends when it takes the receiver for another Outlook (MS-OXTNEF)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.containers.budget import Budget, OverBudget
from parsers.containers.entries import Entry, Unopened, damaged, entry_damaged
from parsers.containers.entry_names import clean_step
from parsers.containers.mapi import codec_of, decode_bytes, properties
from parsers.facts.problem import Problem

_RENDER, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_CODE_PAGE, _SUBJECT, _BODY, _MESSAGE_PROPERTIES = 0x9007, 0x8004, 0x800C, 0x9003
_KNOWN_LEVELS = {1, 2}


@dataclass(slots=True)
class _Attachment:
    title: bytes = b""
    data: bytes | None = None
    sound: bool = True
    more: dict[int, bytes | str] = field(default_factory=dict)


def read_tnef(data: bytes, where: str, budget: Budget) -> Iterator[Entry]:
    """Yield the text (an entry without steps) and the attachments; raise ``Unopened`` where it breaks off."""
    attachments: list[_Attachment] = []
    texts: list[str] = []
    codec = "gb18030"
    whole = True
    for attribute, value, sound in _attributes(data):
        whole = whole and sound
        if attribute == _CODE_PAGE and len(value) >= 4:
            codec = codec_of(struct.unpack_from("<I", value)[0])
        elif attribute in {_SUBJECT, _BODY}:
            texts.append(decode_bytes(value, codec))
        elif attribute == _MESSAGE_PROPERTIES:
            body = properties(value, codec).get(0x1000, "")
            texts.append(body if isinstance(body, str) else "")
        elif attribute == _RENDER or (attribute in {_TITLE, _DATA} and not attachments):
            attachments.append(_Attachment())
        if attachments:
            _take(attachments[-1], attribute, value, codec, sound=sound)
    if any(texts):
        yield Entry((), None, text="\n".join(text for text in texts if text))
    budget.listed(len(attachments))
    for number, attachment in enumerate(attachments, 1):
        budget.take_entry(where)
        yield from _entry(attachment, number, where, budget, codec)
    if not whole:
        raise Unopened(damaged(where, "Outlook 附件包"))


def _attributes(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Yield attribute, value, and whether its check sum fits; the identity -1 where the stream breaks off."""
    at = 6
    while at < len(data):
        if at + 9 > len(data) or data[at] not in _KNOWN_LEVELS:
            yield -1, b"", False
            return
        tag, length = struct.unpack_from("<II", data, at + 1)
        value = data[at + 9 : at + 9 + length]
        ending = data[at + 9 + length : at + 11 + length]
        sound = len(ending) == 2 and sum(value) & 0xFFFF == int.from_bytes(ending, "little")
        yield tag & 0xFFFF, value, sound
        at += 11 + length


def _take(attachment: _Attachment, attribute: int, value: bytes, codec: str, *, sound: bool) -> None:
    if attribute == _TITLE:
        attachment.title = value
    elif attribute == _DATA:
        attachment.data, attachment.sound = value, sound
    elif attribute == _PROPERTIES:
        attachment.more = properties(value, codec)


def _entry(attachment: _Attachment, number: int, where: str, budget: Budget, codec: str) -> Iterator[Entry]:
    more = attachment.more
    long_name = more.get(0x3707) or more.get(0x3001) or more.get(0x3704)
    name = long_name if isinstance(long_name, str) else ""
    name = name.strip("\x00 ") or decode_bytes(attachment.title, codec)
    name = clean_step(name.replace("\\", "/").rpartition("/")[2]) or f"附件{number}"
    inner = more.get(0x3701)
    content = attachment.data if attachment.data is not None else inner if isinstance(inner, bytes) else None
    if isinstance(inner, bytes) and inner.startswith(b"\x78\x9f\x3e\x22"):
        content, name = inner, name if name.lower().endswith(".dat") else f"{name}.dat"
    meter = budget.meter(f"{where}/{name}")
    problems: tuple[Problem, ...] = () if attachment.sound and content is not None else (entry_damaged(meter.where),)
    try:
        meter.add(len(content or b""))
    except OverBudget as over:
        if over.stops is not meter:
            raise
        content, problems = None, (over.problem,)
    mime, content_id = more.get(0x370E, ""), more.get(0x3712, "")
    yield Entry(
        (name,),
        content,
        problems,
        declared=mime if isinstance(mime, str) else "",
        inline=bool(content_id),
        content_id=content_id.strip("<> ") if isinstance(content_id, str) else "",
    )
