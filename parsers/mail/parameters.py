"""Content-Type and Content-Disposition with their parameters (信头参数), and the file name they mean.

RFC 2045 and RFC 2231 as programs really write them: raw GBK in quotes, encoded words unquoted, RFC 2231 pieces cut
inside a character, a plain ``filename=`` beside ``filename*=``, missing semicolons, unclosed quotes, percent signs
in plain names, whole Windows paths.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from parsers.facts.problem import Problem, Weight
from parsers.mail.headers import clean_text, decode_words
from parsers.text.charset import decode
from parsers.text.twice import undo_in_name, undo_twice

PARAMETERS = 200
"""Parameters beyond this number are left unread."""
NAME_BYTES = 255
"""A file name beyond this many bytes of UTF-8 is shortened in its middle; the ending stays."""

_KEY = re.compile(rb"[\s;]*([A-Za-z0-9_.-]{1,60})((?:\*[0-9]{1,5})?\*?)[ \t]*=[ \t]*")
_NEXT_KEY = re.compile(rb";\s*[A-Za-z0-9_.*-]{1,60}[ \t]*=")
_SPACED_KEY = re.compile(rb"\s[A-Za-z0-9_-]{1,30}\*?=(?!\?)")
_WORD_START = re.compile(rb"=\?[^?]{1,60}\?[bBqQ]\?[^?]*\?=")
_EXTENDED = re.compile(rb"([A-Za-z0-9_.:-]{1,40})'([A-Za-z0-9-]{0,20})'")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Parameters:
    """A header value: its head (``text/plain``, ``attachment``) in lower case, and its parameters, raw.

    ``plain`` holds ``key=value`` as written (quotes gone), ``extended`` the RFC 2231 pieces by key and number:
    ``(number, percent-encoded, bytes)``, with -1 for the whole value.
    """

    head: str = ""
    plain: dict[str, bytes] = field(default_factory=dict)
    extended: dict[str, list[tuple[int, bool, bytes]]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def text(self, key: str) -> str | None:
        """Return the parameter as plain ASCII-minded text, for boundary, charset and the like."""
        if key in self.plain:
            return self.plain[key].decode("latin-1")
        if key in self.extended:
            return _join_extended(self.extended[key], _ignore)
        return None


def _ignore(_problem: Problem) -> None:
    return None


def read_parameters(value: bytes | None) -> Parameters:
    """Take a header value apart. Never raises; of parameters written twice the first counts."""
    if not value:
        return Parameters()
    stop = re.search(rb"[;\s]", value)
    head = value[: stop.start()] if stop else value
    position = stop.start() if stop else len(value)
    if b"=" in head and b"/" not in head.split(b"=")[0]:
        head, position = b"", 0
    pairwise = not _is_utf8(value)
    plain: dict[str, bytes] = {}
    extended: dict[str, list[tuple[int, bool, bytes]]] = {}
    problems: list[Problem] = []
    for _count in range(PARAMETERS):
        match = _KEY.match(value, position)
        if match is None:
            skip = value.find(b";", position)
            if skip < 0:
                break
            position = skip + 1
            continue
        content, position = _value_at(value, match.end(), pairwise=pairwise)
        key, stars = match[1].decode("ascii").lower(), match[2]
        if stars:
            number = int(stars.strip(b"*") or b"-1")
            extended.setdefault(key, []).append((number, stars.endswith(b"*"), content))
        else:
            plain.setdefault(key, content)
    else:
        problems.append(
            Problem(
                "header-too-many-parameters", f"一项信头里有超过 {PARAMETERS} 个参数，其余未读。", weight=Weight.SUSPECT
            )
        )
    return Parameters(decode(head, None).text.strip().strip("\"'").lower(), plain, extended, tuple(problems))


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _value_at(value: bytes, start: int, *, pairwise: bool) -> tuple[bytes, int]:
    """Read one parameter value; ``pairwise`` steps over GBK pairs, whose second byte may look like a backslash."""
    if value[start : start + 1] != b'"':
        word = _WORD_START.match(value, start)
        semicolon = value.find(b";", word.end() if word else start)
        end = semicolon if semicolon >= 0 else len(value)
        spaced = _SPACED_KEY.search(value, start, end)
        if spaced is not None:
            end = spaced.start()
        return value[start:end].strip().strip(b"'"), end
    closing = value.find(b'"', start + 1)
    plain = value[start + 1 : closing]
    if closing > 0 and b"\\" not in plain and (not pairwise or plain.isascii()):
        return plain, closing + 1
    out = bytearray()
    position = start + 1
    while position < len(value):
        byte = value[position]
        if byte == 0x22:
            return bytes(out), position + 1
        if byte == 0x5C and value[position + 1 : position + 2] in {b'"', b"\\"}:
            # A backslash before the closing quote of a path (``"C:\"``) is not an escape.
            if value[position + 1] == 0x22 and not value[position + 2 :].strip(b" \t\r\n"):
                out.append(byte)
                position += 1
                continue
            out.append(value[position + 1])
            position += 2
            continue
        if pairwise and byte >= 0x81 and position + 1 < len(value):
            out += value[position : position + 2]
            position += 2
            continue
        out.append(byte)
        position += 1
    # The quote was never closed: what looks like the next parameter ends it.
    ahead = _NEXT_KEY.search(value, start + 1)
    if ahead is None:
        return bytes(out), len(value)
    return value[start + 1 : ahead.start()], ahead.start()


def _join_extended(pieces: list[tuple[int, bool, bytes]], tell: Callable[[Problem], None]) -> str:
    """Join RFC 2231 pieces in the order of their numbers, before any character is decoded."""
    numbered: dict[int, tuple[bool, bytes]] = {}
    for number, encoded, content in sorted(pieces, key=lambda piece: piece[0]):
        numbered.setdefault(number, (encoded, content))
    if -1 in numbered:
        # The whole value (``name*=``) stands beside its pieces: it is enough.
        numbered = {0: numbered[-1]}
    if max(numbered) + 1 != len(numbered):
        tell(Problem("name-incomplete", "文件名分段书写而缺了一段，名称可能不全。", weight=Weight.LOSSY))
    charset: str | None = None
    data = bytearray()
    waiting = bytearray()
    for position, (encoded, content) in enumerate(numbered.values()):
        piece = content
        if encoded and position == 0:
            match = _EXTENDED.match(piece)
            charset = match[1].decode("ascii") if match else None
            piece = piece[match.end() :] if match else piece.removeprefix(b"''")
        if encoded:
            # Some programs cut between the sign and its digits, so neighbours are joined before they are read.
            waiting += piece
            continue
        data += unquote_to_bytes(bytes(waiting)) + piece
        waiting.clear()
    data += unquote_to_bytes(bytes(waiting))
    if not any(encoded for encoded, _content in numbered.values()) or data.lstrip().startswith(b"=?"):
        return decode_words(bytes(data), tell)
    decoded = decode(bytes(data), charset)
    if decoded.problem is not None:
        tell(decoded.problem)
    return undo_in_name(clean_text(undo_twice(decoded.text) or decoded.text))


def parameter_text(parameters: Parameters, key: str, tell: Callable[[Problem], None]) -> str:
    """Return a parameter meant for people (a file name), whichever way it is encoded; ``""`` where it is missing.

    The RFC 2231 form goes before the plain one, which is a fallback for old programs, unless it came out damaged.
    """
    best = ""
    if key in parameters.extended:
        own: list[Problem] = []
        best = _join_extended(parameters.extended[key], own.append)
        if key not in parameters.plain or (best and not any(p.weight is Weight.LOSSY for p in own)):
            for problem in own:
                tell(problem)
            if best:
                return best
    if key in parameters.plain:
        return _plain_text(parameters.plain[key], tell) or best
    return best


def _plain_text(value: bytes, tell: Callable[[Problem], None]) -> str:
    match = _EXTENDED.match(value)
    if match is not None and _PERCENT.search(value, match.end()):
        # Some programs write the RFC 2231 form without its star.
        return clean_text(decode(unquote_to_bytes(value[match.end() :]), match[1].decode("ascii")).text)
    if _PERCENT.search(value) and value.isascii():
        data = unquote_to_bytes(value)
        decoded = decode(data, None)
        if not data.isascii() and "\ufffd" not in decoded.text:
            tell(Problem("name-percent", "文件名以百分号编码书写，已还原。"))
            return clean_text(decoded.text)
    return decode_words(value, tell)


def tidy_name(name: str, tell: Callable[[Problem], None]) -> str:
    """Return a name fit to show: NFC, no path, no control or direction marks, of bounded length.

    It is still only a name: nothing is ever written to disk under it.
    """
    tidy = unicodedata.normalize("NFC", name)
    if _DIRECTION.search(tidy):
        tell(
            Problem(
                "name-direction-marks",
                "文件名里藏有改变文字方向的符号（常用来伪装扩展名），已去掉。",
                weight=Weight.SUSPECT,
            )
        )
    tidy = clean_text(_BIDI.sub("", tidy)).strip("\"' ")
    if "/" in tidy or "\\" in tidy:
        last = [step for step in re.split(r"[/\\]", tidy) if step.strip(". ")]
        tell(Problem("name-path", "文件名里带有路径，只取最后一段。"))
        tidy = last[-1].strip() if last else ""
    if tidy.strip(". ") == "":
        return ""
    if len(tidy.encode("utf-8", "replace")) > NAME_BYTES:
        tell(Problem("name-too-long", f"文件名超过 {NAME_BYTES} 字节，中间已截短。", weight=Weight.LOSSY))
        tidy = _shorten(tidy)
    return tidy


def _shorten(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, ending = name, ""
    tail = dot + ending if ending else ""
    room = NAME_BYTES - len(tail.encode("utf-8")) - len("…".encode())
    return stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + "…" + tail
