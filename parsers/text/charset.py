"""Which characters do these bytes mean (字符编码)? The label is a hint; the bytes decide.

Chinese mail programs write gb2312 and mean GB18030, write nothing at all, or name the wrong one of UTF-8 and GBK.
The rule (measured on the mails in ``tests/parsers/mail``): bytes that are strict UTF-8 and hold at least one
character from U+0800 on are UTF-8, for Chinese in UTF-8 always does, while a short GBK string that happens to be
valid UTF-8 (图片 is ``ͼƬ``) almost never does. Everything else in 8 bits is GB18030, the superset of GB 2312 and GBK.
What fits neither is read with replacement characters, and a Problem says so.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from parsers.facts.problem import Problem, Weight


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the character set (Python's name) by which it was read, and the trouble on the way, if any."""

    text: str
    charset: str
    problem: Problem | None = None


_GB = "gb18030"
_GB_LABELS = frozenset(
    [
        "gb2312",
        "gbk",
        "gb18030",
        "gb231280",
        "gb23121980",
        "xgbk",
        "xgb2312",
        "cp936",
        "ms936",
        "windows936",
        "936",
        "euccn",
        "xeuccn",
        "csgb2312",
        "isoir58",
        "csiso58gb231280",
        "chinese",
        "gb",
        "gb180302000",
        "gb180302005",
        "gb180302022",
        "cngb",
        "zhcn",
        "xgb18030",
        "simplifiedchinese",
    ]
)
_UTF8_LABELS = frozenset(["utf8", "utf8mb4", "xutf8", "unicode11utf8", "utf", "65001", "cp65001", "utf8sig"])
_NO_LABELS = frozenset(
    [
        "usascii",
        "ascii",
        "unknown",
        "xunknown",
        "unknown8bit",
        "default",
        "xuserdefined",
        "8bit",
        "7bit",
        "binary",
        "none",
        "null",
        "ansi",
        "ansix341968",
        "iso646us",
        "text",
        "plain",
        "auto",
        "charset",
    ]
)
_WESTERN = frozenset({"iso8859-1", "cp1252", "iso8859-15", "latin_1"})
_BIG5_LABELS = frozenset(["big5", "big5hkscs", "xbig5", "cnbig5", "cp950", "ms950", "csbig5", "big5tw"])
_LABELS = (
    dict.fromkeys(_GB_LABELS, _GB) | dict.fromkeys(_UTF8_LABELS, "utf-8") | dict.fromkeys(_BIG5_LABELS, "big5hkscs")
)
# These write other scripts in seven bits, so ASCII bytes do not prove ASCII text.
_SEVEN_BIT = ("utf-7", "hz", "iso2022", "utf-16", "utf-32")
_PLAIN_CODECS = re.compile(
    r"(?:utf|iso|cp|koi|big|euc|shift|johab|mac|latin|hz|tis|ptcp|kz|gb|hp|cyrillic|greek|arabic|hebrew)[\w-]*$"
)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FROM_0800 = re.compile("[\u0800-\U0010ffff]")
_BEYOND_LATIN = re.compile("[\u0180-\u07ff]")
_GREEK = re.compile("[\x00-\xff\u0391-\u03a9\u03b1-\u03c9]*")
"""Letters as engineers write them (Φ50, λ); that a word of GBK is nothing but these has not been seen."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINES = 5000
_LONG = 400
"""Bytes beyond which an accidental reading in the other character set is out of the question."""


def canonical(label: str | None) -> str | None:
    """Return Python's codec name for a label as mails write it; None for no label; ``""`` for an unknown one."""
    if label is None:
        return None
    plain = label.partition("*")[0].strip(" \t\r\n\"'<>;,").lower()
    squeezed = re.sub(r"[^a-z0-9]", "", plain[:60])
    if not squeezed or squeezed in _NO_LABELS:
        return None
    if squeezed in _LABELS:
        return _LABELS[squeezed]
    try:
        name = codecs.lookup(plain.replace("\0", "")[:60]).name
    except (LookupError, ValueError):
        return ""
    # Python also knows codecs that are no character sets (base64, zip, punycode); a sender may not choose those.
    return name if _PLAIN_CODECS.match(name) else ""


def decode(data: bytes, declared: str | None) -> Decoded:
    """Read bytes as text, trusting the bytes before the label. Never raises.

    ``declared`` is the label as the mail wrote it, or None. A gb2312 or GBK label means GB18030 without a Problem;
    every other departure from the label, and every loss, is told in ``problem``.
    """
    label = canonical(declared)
    if b"\x1b$)" in data and (chinese := _iso_2022_cn(data)) is not None:
        return Decoded(chinese, "iso-2022-cn")
    if data.isascii() and not (label or "").startswith(_SEVEN_BIT):
        return Decoded(data.decode("ascii"), "ascii")
    if data.startswith(_MARKS) and (marked := _by_mark(data)) is not None:
        return marked
    return _labelled(data, label, declared or "") if label else _unlabelled(data, declared)


def _iso_2022_cn(data: bytes) -> str | None:
    """Read ISO-2022-CN (RFC 1922), for which Python has no codec: GB 2312 between SO and SI."""
    out: list[str] = []
    for line in data.split(b"\n"):
        pieces = re.split(rb"\x1b\$[)*][A-Z]|(\x0e[^\x0f]*\x0f?)", line)
        for piece in pieces:
            if not piece:
                continue
            if piece.startswith(b"\x0e"):
                packed = piece.strip(b"\x0e\x0f")
                hanzi = _strict(bytes(byte | 0x80 for byte in packed), "gb2312")
                if hanzi is None:
                    return None
                out.append(hanzi)
            else:
                out.append(piece.replace(b"\x0f", b"").decode("ascii", "replace"))
        out.append("\n")
    return "".join(out)[:-1]


def _labelled(data: bytes, label: str, declared: str) -> Decoded:
    by_label = {"utf-8": _as_utf8, _GB: _as_gb}.get(label)
    return by_label(data, declared) if by_label else _as_other(data, label, declared)


def _by_mark(data: bytes) -> Decoded | None:
    for mark, name in zip(_MARKS, ("utf-8", "utf-16-le", "utf-16-be"), strict=True):
        if data.startswith(mark):
            text = _strict(data[len(mark) :], name)
            return None if text is None else Decoded(text, name)
    return None


def _strict(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None
    if name != "utf-8" and _SURROGATES.search(text):
        return None
    return text


def _as_utf8(data: bytes, declared: str) -> Decoded:
    text = _strict(data, "utf-8")
    if text is not None:
        if not _FROM_0800.search(text) and _BEYOND_LATIN.search(text):
            # Whole words of Greek or Russian never read as everyday hanzi throughout; short GBK does (图片 as ͼƬ).
            gb = _strict(data, _GB)
            if gb is not None and _common_share(gb) == 1.0 and not _GREEK.fullmatch(text):
                return Decoded(gb, _GB, _mislabelled(declared, _GB))
        return Decoded(text, "utf-8")
    return _replaced_or_gb(data, declared)


def _as_gb(data: bytes, declared: str) -> Decoded:
    as_utf8 = _strict(data, "utf-8")
    as_gb = _strict(data, _GB)
    if as_utf8 is not None and _FROM_0800.search(as_utf8):
        # Both readings are possible for a few characters; the one made of everyday characters is meant.
        if as_gb is None or len(data) > _LONG or _common_share(as_utf8) >= _common_share(as_gb):
            return Decoded(as_utf8, "utf-8", _mislabelled(declared, "utf-8"))
        return Decoded(as_gb, _GB)
    if as_gb is not None:
        return Decoded(as_gb, _GB)
    return _replaced(data, declared)


def _as_other(data: bytes, label: str, declared: str) -> Decoded:
    text = _strict(data, label)
    if text is not None:
        if label in _WESTERN:
            better = _not_western(data)
            if better is not None:
                return Decoded(better[0], better[1], _mislabelled(declared, better[1]))
        return Decoded(text, label)
    guess = _guess(data)
    if guess is not None:
        return Decoded(guess[0], guess[1], _mislabelled(declared, guess[1]))
    replaced = _SURROGATES.sub("\ufffd", data.decode(label, "replace"))
    return Decoded(replaced, label, _lossy(label))


def _unlabelled(data: bytes, declared: str | None) -> Decoded:
    guess = _guess(data)
    if guess is None:
        return _replaced(data, declared or "")
    text, name = guess
    if canonical(declared) == "":
        problem = Problem("charset-unknown", f"标明的编码“{_shown(declared)}”无人认识，已按 {_name(name)} 读出。")
    else:
        problem = Problem("charset-missing", f"没有标明编码，已按 {_name(name)} 读出。")
    return Decoded(text, name, problem)


def _guess(data: bytes) -> tuple[str, str] | None:
    """Apply the rule of the house: strict UTF-8 with a character from U+0800 on, else GB18030."""
    as_utf8 = _strict(data, "utf-8")
    if as_utf8 is not None and _FROM_0800.search(as_utf8):
        return as_utf8, "utf-8"
    as_gb = _strict(data, _GB)
    if as_gb is not None:
        return as_gb, _GB
    return (as_utf8, "utf-8") if as_utf8 is not None else None


def _not_western(data: bytes) -> tuple[str, str] | None:
    """Chinese under a Western label: UTF-8 by the rule, or GB 2312 in which every character is a hanzi or its mark."""
    as_utf8 = _strict(data, "utf-8")
    if as_utf8 is not None and _FROM_0800.search(as_utf8):
        return as_utf8, "utf-8"
    pairs = re.findall(rb"[\x80-\xff]+", data[:4000])
    as_gb = _strict(data, "gb2312")
    if as_gb is not None and sum(map(len, pairs)) >= 4 and all(len(run) % 2 == 0 for run in pairs):
        return as_gb, _GB
    return None


def _replaced_or_gb(data: bytes, declared: str) -> Decoded:
    """Read what was called UTF-8 and is not wholly so: damaged at a spot, or GB18030 altogether."""
    text = data.decode("utf-8", "replace")
    strange = len(_NOT_ASCII.findall(text))
    if strange >= 8 and text.count("\ufffd") * 8 <= strange:
        return Decoded(text, "utf-8", _lossy("utf-8"))
    as_gb = _strict(data, _GB)
    if as_gb is not None:
        return Decoded(as_gb, _GB, _mislabelled(declared, _GB))
    return _replaced(data, declared)


def _replaced(data: bytes, declared: str) -> Decoded:
    """Nothing fits: take the reading that loses fewer characters, and say so."""
    mixed = _line_by_line(data)
    if mixed is not None:
        return mixed
    candidates = [(data.decode(name, "replace"), name) for name in ("utf-8", _GB)]
    if canonical(declared) == _GB:
        candidates.reverse()
    text, name = min(candidates, key=lambda candidate: candidate[0].count("\ufffd"))
    return Decoded(_SURROGATES.sub("\ufffd", text), name, _lossy(name))


def _line_by_line(data: bytes) -> Decoded | None:
    """Read text whose lines are in different character sets, as programs quote what they do not convert."""
    lines = data.split(b"\n", _LINES)
    if not 1 < len(lines) <= _LINES:
        return None
    read = [_guess(line) if not line.isascii() else (line.decode("ascii"), "") for line in lines]
    if any(one is None for one in read):
        return None
    names = {one[1] for one in read if one is not None} - {""}
    text = "\n".join(one[0] for one in read if one is not None)
    message = f"各行的编码不一（{'、'.join(sorted(map(_name, names)))}），已逐行读出。"
    return Decoded(text, "utf-8", Problem("charset-mixed", message))


def _common_share(text: str) -> float:
    """Share of the non-ASCII characters that are level-1 hanzi or marks of GB 2312: everyday Chinese."""
    strange = _NOT_ASCII.findall(text[:_LONG])
    if not strange:
        return 0.0
    common = 0
    for character in strange:
        try:
            lead = character.encode("gb2312")[0]
        except UnicodeEncodeError:
            continue
        common += 0xB0 <= lead <= 0xD7 or lead in {0xA1, 0xA3}
    return common / len(strange)


def _shown(declared: str | None) -> str:
    return re.sub(r"[^\x20-\x7e]", "?", declared or "")[:40]


def _name(charset: str) -> str:
    return {"utf-8": "UTF-8", _GB: "GB18030"}.get(charset, charset)


def _mislabelled(declared: str, charset: str) -> Problem:
    return Problem(
        "charset-mislabelled", f"标明的编码是“{_shown(declared)}”，内容其实是 {_name(charset)}，已按后者读出。"
    )


def _lossy(charset: str) -> Problem:
    return Problem(
        "charset-lossy",
        f"有些字按任何编码都读不通，已按 {_name(charset)} 读出，读不出的字以“\ufffd”代替。",
        weight=Weight.LOSSY,
    )
