"""From the bytes on the wire to the bytes of the file (传输编码): base64, quoted-printable and uuencode, with faults.

Base64 comes with trailing blanks in its label, junk characters, padding in the middle, its end cut off, or a scanner's
footer below. The undamaged common case is one call over a view of the raw mail: no copy besides the result.
"""

from __future__ import annotations

import binascii
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from parsers.facts.problem import Problem, Weight

Tell = Callable[[Problem], None]

UU_BEGINS = 2000
"""Begin lines in one text that are looked at."""

_CHUNK = 1 << 20
_LEAST_WIDTH = 40
"""Base64 is written in lines of 60 to 76 letters; shorter ones tell nothing of where it ends."""
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BLANKS = b" \t\r\n"
_ALPHABET_AND_BREAKS = _ALPHABET + b"\r\n"
_NOT_ALPHABET = bytes(set(range(256)) - set(_ALPHABET))
_PAD_END = re.compile(rb"={1,2}[ \t\r\n]*\Z")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/]+={0,2}\Z")
_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n|\Z)")
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n|\Z)")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{0,250})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"(?:^|\n)[ \t]{0,8}(?:end|====)[ \t]{0,8}(?:\r?\n|\r?\Z)")
_LABELS = {
    "base64": "base64", "xbase64": "base64", "base64encoding": "base64", "b64": "base64", "b": "base64",
    "quotedprintable": "quoted-printable", "quotedprintible": "quoted-printable", "qp": "quoted-printable",
    "q": "quoted-printable", "xuuencode": "uuencode", "uuencode": "uuencode", "xuue": "uuencode", "uue": "uuencode",
    "7bit": "", "8bit": "", "binary": "", "8bits": "", "7bits": "", "none": "", "": "", "ascii": "", "utf8": "",
}  # fmt: skip
# The first letters of the base64 of files people send: %PDF, zip, JPEG, PNG, OLE, Rar!, 7z, GIF.
_TELLING_STARTS = (b"JVBERi0", b"UEsDB", b"/9j/", b"iVBORw0KGgo", b"0M8R4KGxGuE", b"UmFyIRo", b"N3q8ry", b"R0lGOD")


def encoding_name(value: bytes | None, tell: Tell) -> str:
    """Return ``base64``, ``quoted-printable``, ``uuencode`` or ``""`` (as it stands) for a header value."""
    if not value:
        return ""
    words = re.split(rb"[;\s(]", value.strip(b" \t\"';"), maxsplit=1)[0]
    label = re.sub(r"[^a-z0-9]", "", words.decode("latin-1").lower())
    if label in _LABELS:
        return _LABELS[label]
    tell(Problem("transfer-unknown", f"传输编码“{label[:40]}”无人认识，按原样读出。", weight=Weight.LOSSY))
    return ""


@dataclass(frozen=True, slots=True)
class Transferred:
    """The content of a part, and how many of its encoded bytes were left out of it."""

    data: bytes
    unread: int = 0


def transfer(raw: bytes, start: int, end: int, encoding: str, tell: Tell) -> Transferred:
    """Return the content of ``raw[start:end]`` and how much was left out of it. Never raises; repairs are told."""
    left: list[int] = []
    data = decode_transfer(raw, start, end, encoding, tell, left.append)
    return Transferred(data, min(sum(left), end - start))


def _nothing_left(_size: int) -> None:
    return None


def decode_transfer(
    raw: bytes, start: int, end: int, encoding: str, tell: Tell, left: Callable[[int], None] = _nothing_left
) -> bytes:
    """Return the content of ``raw[start:end]``. Never raises; repairs are told, and to ``left`` what was left out."""
    if encoding == "base64":
        return _base64(raw, start, end, tell, left)
    if encoding == "quoted-printable":
        return _quoted_printable(raw[start:end], tell)
    if encoding == "uuencode":
        return _uuencoded(raw[start:end], tell, left)
    return raw[start:end]


def looks_like_base64(raw: bytes, start: int, end: int) -> bool:
    """Whether a part without a label is base64 of a kind of file people send: judged by its first letters."""
    first = raw[start : start + 400].lstrip(_BLANKS)
    if not first.startswith(_TELLING_STARTS):
        return False
    return not first.translate(None, _ALPHABET_AND_BREAKS + b"= \t") and end - start > 40


def _chunks(raw: bytes, start: int, end: int) -> Iterator[bytes]:
    for position in range(start, end, _CHUNK):
        yield raw[position : min(position + _CHUNK, end)]


def _base64(raw: bytes, start: int, end: int, tell: Tell, left: Callable[[int], None]) -> bytes:
    strange = b"".join(chunk.translate(None, _ALPHABET_AND_BREAKS)[:_CHUNK] for chunk in _chunks(raw, start, end))
    if not strange.strip(_BLANKS + b"=") and len(strange.strip(_BLANKS)) <= 2:
        tail = raw[max(start, end - 200) : end]
        if b"=" not in strange or _PAD_END.search(tail):
            return _whole_base64(raw, start, end, tell)
    return _mended_base64(raw[start:end], len(strange), tell, left)


def _whole_base64(raw: bytes, start: int, end: int, tell: Tell) -> bytes:
    """Nothing but base64 and blanks, padding only at the end: decode the view in one call."""
    view = memoryview(raw)[start:end]
    try:
        return binascii.a2b_base64(view)
    except binascii.Error:
        pass
    finally:
        view.release()
    return _cut_base64(raw[start:end].translate(None, _NOT_ALPHABET), tell)


def _cut_base64(text: bytes, tell: Tell) -> bytes:
    """Decode base64 whose padding is missing or whose end was cut off."""
    tell(
        Problem(
            "base64-cut", "附件的编码在末尾缺了一截，文件可能不完整。", cure="请重新发送该文件。", weight=Weight.LOSSY
        )
    )
    if len(text) % 4 == 1:
        text = text[:-1]
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))


def _mended_base64(text: bytes, strange: int, tell: Tell, left: Callable[[int], None] = _nothing_left) -> bytes:
    if strange > 64 and strange * 8 > len(text):
        tell(Problem("transfer-not-base64", "标明是 base64 的内容其实没有编码，已按原样读出。", weight=Weight.LOSSY))
        return text
    whole = len(text.strip())
    text, around = _without_banners(text)
    segments, junk, footer = _segments(text)
    left(max(0, whole - sum(map(len, segments))))
    footer = footer or around
    out: list[bytes] = []
    for number, segment in enumerate(segments):
        clean = segment.translate(None, _NOT_ALPHABET)
        if len(clean) % 4 and not segment.rstrip(_BLANKS).endswith(b"=") and number == len(segments) - 1:
            out.append(_cut_base64(clean, tell))
            continue
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        out.append(binascii.a2b_base64(clean + b"=" * (-len(clean) % 4)))
    if junk:
        tell(Problem("base64-junk", "附件的编码里混入了多余的字符，已略去；文件可能有损。", weight=Weight.LOSSY))
    if len(segments) > 1:
        tell(Problem("base64-joined", "附件由几段编码拼接而成，已逐段解开相接。", weight=Weight.LOSSY))
    if footer:
        tell(Problem("base64-footer", "附件的编码后面附有别的文字（多为杀毒或群发程序所加），未并入文件。"))
    return b"".join(out)


def _without_banners(text: bytes) -> tuple[bytes, bool]:
    """Cut off what gateways put above and below base64, where its lines show which they are by their length.

    After the last full line at most one shorter one ends the file; words below it are no base64, although each of
    them might be.
    """
    lines = text.split(b"\n")
    clean = [line.rstrip(b"\r \t") for line in lines]
    lengths = Counter(len(line) for line in clean if len(line) >= _LEAST_WIDTH and _BASE64_LINE.match(line))
    if not lengths:
        return text, False
    width = lengths.most_common(1)[0][0]
    full = [number for number, line in enumerate(clean) if len(line) == width and _BASE64_LINE.match(line)]
    first, last = full[0], full[-1]
    ending = clean[last + 1] if last + 1 < len(clean) else b""
    if len(ending) < width and len(ending) % 4 == 0 and ending and _BASE64_LINE.match(ending):
        last += 1
    if clean[last].endswith(b"="):
        # Padding says where the file ends: what follows it is looked at piece by piece.
        last = len(clean) - 1
    around = [*clean[:first], *clean[last + 1 :]]
    words = [line for line in around if line and not _BASE64_LINE.match(line)]
    spoken = any(b" " in line or not line.isascii() for line in words)
    if not spoken or any(len(line) >= _LEAST_WIDTH and b" " not in line for line in words):
        return text, False
    return b"\n".join(lines[first : last + 1]), True


def _segments(text: bytes) -> tuple[list[bytes], bool, bool]:
    """Cut base64 at its padding; what follows padding counts only if it is clean base64 itself."""
    pieces = [match[0] for match in re.finditer(rb"[^=]*=+[ \t\r\n]*|[^=]+\Z", text)]
    kept: list[bytes] = []
    junk = footer = False
    for piece in pieces:
        body = piece.rstrip(b"= \t\r\n")
        squeezed = body.translate(None, _BLANKS)
        dirty = squeezed.translate(None, _ALPHABET) != b""
        if kept and (dirty or not _is_lines(body)):
            footer = footer or bool(squeezed)
            break
        if not squeezed:
            continue
        junk = junk or dirty
        kept.append(piece)
    return kept, junk, footer


def _is_lines(body: bytes) -> bool:
    """Whether every line is base64 without blanks inside, as programs write it and people do not."""
    return all(_BASE64_LINE.match(line.strip()) for line in body.split(b"\n") if line.strip())


def _quoted_printable(text: bytes, tell: Tell) -> bytes:
    if b"=" not in text:
        return text
    if _BAD_ESCAPE.search(text):
        text = _SOFT_BREAK.sub(b"=", text)
        if _BAD_ESCAPE.search(text):
            tell(
                Problem(
                    "quoted-printable-bad", "quoted-printable 编码里有不成对的等号，已照原样保留。", weight=Weight.LOSSY
                )
            )
    return binascii.a2b_qp(text)


def _uuencoded(text: bytes, tell: Tell, left: Callable[[int], None]) -> bytes:
    blocks = list(uu_blocks(text, tell))
    if blocks:
        left(len(text) - (blocks[0][1] - blocks[0][0]))
        return blocks[0][3]
    lines = text.split(b"\n")
    return _uu_lines(lines, tell)


def uu_blocks(text: bytes, tell: Tell) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Yield ``(start, end, name, data)`` of every ``begin 644 name`` block in the text."""
    position = 0
    stop: tuple[int, int] | None = None
    for match in islice(_UU_BEGIN.finditer(text), UU_BEGINS):
        if match.start() < position:
            continue
        based = b"begin-base64" in match[0]
        if not based and not _is_uu(text[match.end() : match.end() + 400]):
            continue
        if stop is None or stop[0] < match.end() - 1:
            # Looked for once per block, not once per begin line: a mail of begin lines alone stays cheap.
            ending = _UU_END.search(text, match.end() - 1)
            stop = (ending.start(), ending.end()) if ending else (len(text), len(text))
            if ending is None:
                tell(
                    Problem(
                        "uuencode-cut",
                        "uuencode 附件没有结束行，可能不完整。",
                        cure="请重新发送该文件。",
                        weight=Weight.LOSSY,
                    )
                )
        body = text[match.end() : stop[0]]
        data = _mended_base64(body, 0, tell) if based else _uu_lines(body.split(b"\n"), tell)
        yield match.start(), stop[1], match[1].strip(), data
        position = stop[1]


def _is_uu(body: bytes) -> bool:
    """Whether the first lines have the length that their first character claims."""
    lines: list[bytes] = []
    for line in body.split(b"\n", 6)[:4]:
        if line.strip() in {b"`", b"end"}:
            break
        lines.append(line.rstrip(b"\r"))
    return bool(lines) and all(line and _uu_fits(line) for line in lines)


def _uu_fits(line: bytes) -> bool:
    count = (line[0] - 32) & 63
    need = 1 + (count + 2) // 3 * 4
    return 32 <= line[0] <= 96 and need - 4 <= len(line) <= need + 2


def _uu_lines(lines: list[bytes], tell: Tell) -> bytes:
    out: list[bytes] = []
    damaged = False
    for raw_line in lines:
        line = raw_line.rstrip(b"\r")
        if not line or line[:5] == b"begin" or line in {b"end", b"`"}:
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            try:
                # Some programs count the checksum character or trailing blanks into the line.
                count = (((line[0] - 32) & 63) * 4 + 5) // 3
                out.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                damaged = True
    if damaged:
        tell(
            Problem(
                "uuencode-bad",
                "uuencode 编码里有读不通的行，文件可能有损。",
                cure="请重新发送该文件。",
                weight=Weight.LOSSY,
            )
        )
    return b"".join(out)
