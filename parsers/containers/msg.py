"""Outlook's own mail files (.msg): the text and the attachments, other mails inside included (MS-OXMSG)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile

from parsers.containers.budget import Budget, OverBudget
from parsers.containers.entries import Entry, Unopened, damaged
from parsers.containers.entry_names import clean_step
from parsers.containers.mapi import codec_of, decode_bytes

_ATTACHMENT = "__attach_version1.0_#"
_DATA = "3701"
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = "3707", "3704", "3001"
_MIME, _CONTENT_ID, _EXTENSION = "370E", "3712", "3703"
_SUBJECT, _BODY, _SENDER = "0037", "1000", "0C1A"
_MOST_DEPTH = 4


def read_msg(data: bytes, where: str, budget: Budget) -> Iterator[Entry]:
    """Yield the text (an entry without steps) and the attachments; raise ``Unopened`` where it is broken."""
    try:
        ole = olefile.OleFileIO(io.BytesIO(data))
    except Exception as error:  # olefile raises whatever a damaged directory leads it to
        raise Unopened(damaged(where, "邮件文件")) from error
    broken = False
    with ole:
        try:
            message = _Message(_Tree(ole), ())
        except Exception as error:  # as above
            raise Unopened(damaged(where, "邮件文件")) from error
        for entry in _entries(message, where, budget, 0):
            broken = broken or entry is None
            if entry is not None:
                yield entry
    if broken:
        raise Unopened(damaged(where, "邮件文件"))


class _Tree:
    """The names in an OLE file, by the storage they stand in."""

    def __init__(self, ole: olefile.OleFileIO) -> None:
        self.ole = ole
        self.below: dict[tuple[str, ...], list[tuple[str, bool]]] = {}
        for is_stream in (True, False):
            for path in ole.listdir(streams=is_stream, storages=not is_stream):
                self.below.setdefault(tuple(path[:-1]), []).append((path[-1], is_stream))


class _Message:
    """One mail in the OLE file: the top, or a storage inside."""

    def __init__(self, tree: _Tree, place: tuple[str, ...]) -> None:
        self.tree = tree
        self.place = place
        self.streams: dict[str, str] = {}
        storages: dict[str, None] = {}
        for name, is_stream in tree.below.get(place, ()):
            if name.startswith("__substg1.0_") and is_stream:
                self.streams[name[12:16].upper()] = name
            elif name.startswith(_ATTACHMENT) or name.upper() == "__SUBSTG1.0_3701000D":
                storages[name] = None
        self.attachments = sorted(name for name in storages if name.startswith(_ATTACHMENT))
        self.embedded = next((name for name in storages if not name.startswith(_ATTACHMENT)), None)
        self.codec = codec_of(self._code_page())

    def _code_page(self) -> int:
        """Return PR_MESSAGE_CODEPAGE or PR_INTERNET_CPID of the fixed properties, 936 where there is none."""
        try:
            properties = self.tree.ole.openstream([*self.place, "__properties_version1.0"]).read(1 << 16)
        except OSError:
            return 936
        found = {}
        for at in range(len(properties) % 16, len(properties) - 15, 16):
            tag, _, value = struct.unpack_from("<IIi", properties, at)
            found[tag >> 16] = value
        return found.get(0x3FFD) or found.get(0x3FDE) or 936

    def text(self, *wanted: str) -> str:
        """Return the first of these properties that holds text."""
        for property_id in wanted:
            name = self.streams.get(property_id)
            if name is None:
                continue
            raw = self.read(name, 1 << 20)
            text = raw.decode("utf-16-le", "replace") if name.endswith("001F") else decode_bytes(raw, self.codec)
            if text.strip("\x00 "):
                return text.rstrip("\x00")
        return ""

    def read(self, name: str, most: int) -> bytes:
        """Return a stream's bytes, one more than ``most`` at most."""
        content: bytes = self.tree.ole.openstream([*self.place, name]).read(most + 1)
        return content


def _entries(message: _Message, where: str, budget: Budget, depth: int) -> Iterator[Entry | None]:
    """Yield text and attachments; None for an attachment that is broken."""
    try:
        lines = [message.text(_SUBJECT), message.text(_BODY)]
        yield Entry((), None, text="\n".join(line for line in lines if line))
    except Exception:  # noqa: BLE001 - olefile raises whatever broken sectors lead it to
        yield None
    budget.listed(len(message.attachments))
    for number, name in enumerate(message.attachments, 1):
        budget.take_entry(where)
        try:
            attachment = _Message(message.tree, (*message.place, name))
            attachment.codec = message.codec
            yield from _attachment(attachment, number, where, budget, depth)
        except OverBudget:
            raise
        except Exception:  # noqa: BLE001 - as above; the other attachments are still read
            yield None


def _attachment(attachment: _Message, number: int, where: str, budget: Budget, depth: int) -> Iterator[Entry | None]:
    name = clean_step(attachment.text(_LONG_NAME, _DISPLAY_NAME, _SHORT_NAME).replace("\\", "/").rpartition("/")[2])
    name = name or f"附件{number}{clean_step(attachment.text(_EXTENSION))}"
    if attachment.embedded is not None:
        if depth + 1 >= _MOST_DEPTH:
            yield None
            return
        inner = _Message(attachment.tree, (*attachment.place, attachment.embedded))
        budget.opened_inside()
        step = name if name.lower().endswith(".msg") else f"{name}.msg"
        for entry in _entries(inner, f"{where}/{step}", budget, depth + 1):
            yield entry and Entry(
                (step, *entry.steps) if entry.steps else (), entry.data, entry.problems, text=entry.text
            )
        return
    stream = attachment.streams.get(_DATA)
    if stream is None:
        yield None
        return
    meter = budget.meter(f"{where}/{name}")
    try:
        content = attachment.read(stream, budget.limits.entry_bytes)
        meter.add(len(content))
    except OverBudget as over:
        if over.stops is not meter:
            raise
        yield Entry((name,), None, (over.problem,))
        return
    content_id = attachment.text(_CONTENT_ID).strip("<> ")
    yield Entry((name,), content, declared=attachment.text(_MIME), inline=bool(content_id), content_id=content_id)
