"""Header fields from raw bytes (信头): where they end, what each says, and how encoded words read (RFC 5322, RFC 2047).

Mail programs fold inside words, cut encoded words inside a character, put raw GBK where only ASCII may stand, and
leave lines without a colon in the middle. All of that is read here; what had to be guessed is told as a Problem.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from parsers.facts.account import UNACCOUNTED_BYTES
from parsers.facts.problem import Problem, Weight
from parsers.text.charset import canonical, decode
from parsers.text.twice import undo_in_name, undo_twice

HEADER_BYTES = 1 << 20
"""A header block beyond this many bytes is cut there."""
HEADER_LINES = 2000
"""A header block beyond this many lines is cut there."""
VALUE_BYTES = 256 * 1024
"""A single header value beyond this many bytes is cut there."""
ENCODED_WORDS = 2000
"""Encoded words in one value that are decoded; later ones stay as they are written."""

_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_FIELD_AHEAD = re.compile(rb"(?:^|\n)[A-Za-z][A-Za-z0-9_-]{0,80}:")
_FOLD = re.compile(rb"\r?\n(?=[ \t])|\r(?=[ \t])")
_BREAKS = re.compile(rb"[\r\n]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
_SPACES = re.compile(r"[ \t\r\n]+")
# The text of a Q word may hold a bare question mark, but no mark of another word: so a broken word ends early.
_WORD = re.compile(rb"=\?([A-Za-z0-9_.:+*\x27-]{1,60})\?(?:([bB])\?([^?]*)|([qQ])\?((?:[^?=]|=(?!\?)|\?(?!=))*))\?=")
# A word whose end was cut off, by a limit on lines or by a program that counts characters.
_OPEN_WORD = re.compile(rb"(=\?[A-Za-z0-9_.:+*\x27-]{1,60}\?(?:[bB]\?[A-Za-z0-9+/]{4,}={0,2}|[qQ]\?[^?\s]{4,}))\??\Z")
_WRAPPED = 2
"""Words in words are read so many times."""
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: its name in lower case and its raw value, unfolded, without the surrounding blanks."""

    name: str
    value: bytes


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """The fields at the head of a message or part; ``end`` is the offset at which its body begins."""

    fields: tuple[Field, ...]
    end: int
    problems: tuple[Problem, ...] = ()

    def values(self, name: str) -> tuple[bytes, ...]:
        """Return the raw values of every field of this (lower-case) name, in order."""
        return tuple(field.value for field in self.fields if field.name == name)

    def first(self, name: str) -> bytes | None:
        """Return the raw value of the first field of this (lower-case) name."""
        for field in self.fields:
            if field.name == name:
                return field.value
        return None


def find_block_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the header text ends and where the body begins, within ``raw[start:end]``."""
    for blank in (b"\n", b"\r\n"):
        if raw.startswith(blank, start) and start + len(blank) <= end:
            return start, start + len(blank)
    unix = raw.find(b"\n\n", start, end)
    dos = raw.find(b"\n\r\n", start, end if unix < 0 else min(end, unix + 3))
    if dos >= 0 and (unix < 0 or dos < unix):
        return dos + 1, dos + 3
    if unix >= 0:
        return unix + 1, unix + 2
    return end, end


def read_block(raw: bytes, start: int, end: int) -> HeaderBlock:
    """Read the header block at the start of ``raw[start:end]``. Never raises.

    A line that is neither a field nor its continuation is skipped where further fields follow it, and begins the
    body where none does (the blank line is missing).
    """
    text_end, body = find_block_end(raw, start, end)
    problems: list[Problem] = []
    if text_end - start > HEADER_BYTES:
        problems.append(_too_large(f"信头有 {text_end - start} 字节，只读了前 {HEADER_BYTES} 字节。"))
        text_end = start + HEADER_BYTES
    lines = raw[start:text_end].split(b"\n", HEADER_LINES)
    if len(lines) > HEADER_LINES:
        problems.append(_too_large(f"信头超过 {HEADER_LINES} 行，只读了前 {HEADER_LINES} 行。"))
        lines = lines[:HEADER_LINES]
    fields: list[list[bytes]] = []
    names: list[str] = []
    skipped = 0
    offset = start
    for number, line in enumerate(lines):
        match = _NAME.match(line)
        if match is not None:
            names.append(line[: match.end() - 1].rstrip().decode("ascii").lower())
            fields.append([line[match.end() :]])
        elif line[:1] in {b" ", b"\t"} and fields:
            fields[-1].append(line)
        elif line.strip(b"\r \t\0"):
            if _mbox_line(line, number, fields):
                pass
            elif not _field_follows(lines, number):
                problems.append(Problem("header-no-blank-line", "信头与正文之间缺少空行，已按内容分开。"))
                body = offset
                break
            else:
                problems.append(_bad_line(line))
                skipped += len(line)
                if fields and line.lstrip().startswith(b"=?"):
                    fields[-1].append(b" " + line)
        offset += len(line) + 1
    problems += _unread_lines(skipped)
    read = tuple(Field(name, _unfold(b"\n".join(value), problems)) for name, value in zip(names, fields, strict=True))
    return HeaderBlock(read, min(body, end), tuple(problems))


def _mbox_line(line: bytes, number: int, fields: list[list[bytes]]) -> bool:
    """Tell the envelope line of an mbox file (``From a@b Thu ...``), possibly quoted: it is no fault."""
    return number == 0 and not fields and line.startswith((b"From ", b">From "))


def _field_follows(lines: list[bytes], number: int) -> bool:
    """Whether one of the next lines is a field again; base64 and prose have none."""
    return any(_FIELD_AHEAD.match(line) for line in lines[number + 1 : number + 60])


def _unfold(value: bytes, problems: list[Problem]) -> bytes:
    if len(value) > VALUE_BYTES:
        problems.append(_too_large(f"信头中有一项长 {len(value)} 字节，只读了前 {VALUE_BYTES} 字节。"))
        value = value[:VALUE_BYTES]
    if b"\n" in value or b"\r" in value:
        value = _BREAKS.sub(b"", _FOLD.sub(b"", value))
    return value.strip(b" \t\0")


def _too_large(message: str) -> Problem:
    return Problem("header-too-large", message, weight=Weight.SUSPECT)


def _unread_lines(skipped: int) -> tuple[Problem, ...]:
    if skipped <= UNACCOUNTED_BYTES:
        return ()
    message = f"信头中有 {skipped} 字节不成格式，没有读入，里面可能有文件。"
    cure = "请重新发送这封邮件，文件作为普通附件添加。"
    return (Problem("header-lines-unread", message, cure=cure, weight=Weight.UNREADABLE),)


def _bad_line(line: bytes) -> Problem:
    shown = clean_text(decode(line[:60], None).text)
    return Problem("header-bad-line", f"信头中有一行不成格式，已跳过：“{shown}”。", weight=Weight.LOSSY)


def clean_text(text: str) -> str:
    """Return text fit for one line: blanks folded to one, control characters dropped, NUL gone."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()


@dataclass(slots=True)
class _Run:
    """Encoded words that belong together: same character set, nothing but blanks between them."""

    label: str
    data: bytes
    open_base64: bytes = b""
    """Base64 of the last word where it does not end on a full group: the next word may go on with it."""


def decode_words(value: bytes, report: Callable[[Problem], None] | None = None) -> str:
    """Read a header value with its encoded words (RFC 2047) and raw 8-bit text. Never raises.

    Neighbouring words of one character set are joined before they are decoded, for many programs cut inside a
    character. ``report`` receives what went wrong; ``where`` is the caller's to fill.
    """
    text = _decoded_once(value, report or _ignore)
    for _again in range(_WRAPPED):
        # A second program took the words of the first for plain text and encoded them again.
        if not text.isascii() or "=?" not in text or _WORD.search(text.encode("ascii")) is None or text == _said(value):
            break
        text = _decoded_once(text.encode("ascii"), report or _ignore)
    return undo_in_name(text)


def _said(value: bytes) -> str:
    return value.decode("latin-1").strip()


def _decoded_once(value: bytes, tell: Callable[[Problem], None]) -> str:
    if b"=?" not in value:
        return clean_text(_plain(value, tell))
    if not value.endswith(b"?="):
        value = _OPEN_WORD.sub(rb"\1?=", value)
    pieces: list[str] = []
    run: _Run | None = None
    position = 0
    for words, match in enumerate(_WORD.finditer(value)):
        if words >= ENCODED_WORDS:
            tell(
                Problem(
                    "header-too-many-words",
                    f"一项信头里有超过 {ENCODED_WORDS} 个编码词，其余未解。",
                    weight=Weight.SUSPECT,
                )
            )
            break
        between = value[position : match.start()]
        label = match[1].decode("ascii")
        joins = run is not None and not between.strip(b" \t\r\n") and canonical(run.label) == canonical(label)
        if run is not None and not joins:
            pieces.append(_close(run, tell))
        if between.strip(b" \t\r\n") or not words:
            pieces.append(_plain(between, tell))
        if run is None or not joins:
            run = _Run(label, b"")
        _extend(run, match, tell)
        position = match.end()
    if run is not None:
        pieces.append(_close(run, tell))
    pieces.append(_plain(value[position:], tell))
    return clean_text("".join(pieces))


def _ignore(_problem: Problem) -> None:
    return None


def _plain(value: bytes, tell: Callable[[Problem], None]) -> str:
    if value.isascii() and b"\x1b$" not in value:
        return value.decode("ascii")
    decoded = decode(value, None)
    if decoded.problem is not None and decoded.problem.weight is Weight.LOSSY:
        tell(decoded.problem)
    else:
        tell(Problem("header-raw-8bit", f"信头里有未经编码的中文，已按 {decoded.charset.upper()} 读出。"))
    return undo_twice(decoded.text) or decoded.text


def _extend(run: _Run, match: re.Match[bytes], tell: Callable[[Problem], None]) -> None:
    if match[2] is None:
        _flush_base64(run)
        run.data += _q_bytes(match[5])
        return
    if match[3].strip(b" \t\r\n=").translate(None, _NOT_BASE64) != match[3].strip(b" \t\r\n="):
        if b"=" in match[3].rstrip(b"= \t"):
            # Two base64 texts pasted into one word: each ends with its own padding.
            for piece in re.split(rb"=+", match[3]):
                _flush_base64(run)
                run.open_base64 = piece.translate(None, _NOT_BASE64)
            _flush_base64(run)
            return
        tell(Problem("header-bad-base64", "信头的编码词里有多余的字符，已略去。", weight=Weight.LOSSY))
    run.open_base64 += match[3].translate(None, _NOT_BASE64)
    if match[3].rstrip().endswith(b"=") or len(run.open_base64) % 4 == 0:
        _flush_base64(run)


def _flush_base64(run: _Run) -> None:
    text = run.open_base64
    run.open_base64 = b""
    if len(text) % 4 == 1:
        text = text[:-1]
    run.data += binascii.a2b_base64(text + b"=" * (-len(text) % 4))


def _q_bytes(text: bytes) -> bytes:
    return binascii.a2b_qp(text.replace(b"\r", b"").replace(b"\n", b""), header=True)


def _close(run: _Run, tell: Callable[[Problem], None]) -> str:
    _flush_base64(run)
    decoded = decode(run.data, run.label)
    if decoded.problem is not None:
        tell(decoded.problem)
    return undo_twice(decoded.text) or decoded.text


def placed(problem: Problem, where: str) -> Problem:
    """Return the problem with its place filled in, unless it names one already."""
    return problem if problem.where else replace(problem, where=where)
