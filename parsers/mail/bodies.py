"""The words of a mail (正文): which parts are its text, in which characters, and HTML turned into text."""

from __future__ import annotations

import binascii
import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from parsers.facts.problem import Problem, Weight
from parsers.mail.headers import placed
from parsers.mail.parameters import Parameters
from parsers.mail.transfer import uu_blocks
from parsers.text.charset import canonical, decode
from parsers.text.twice import undo_entities, undo_twice

TEXT_BYTES = 1 << 20
"""Text beyond this many bytes is left unread; pictures written into HTML do not count."""
FILES_IN_TEXT = 100
"""Files inside one text beyond this number stay in it."""
HTML_BYTES = 512 * 1024
"""HTML beyond this many characters is turned into text by leaving out its tags, without laying it out."""

Tell = Callable[[Problem], None]

_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_PICTURE = re.compile(
    rb"data:([a-z]{1,20}/[A-Za-z0-9.+-]{1,80})(?:;[a-z-]{1,20}=[^;,\"'\s]{0,80}){0,3};base64,([A-Za-z0-9+/\r\n]{1000,}={0,2})"
)
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_DROPPED = re.compile(
    r"<(script|style|head|title)\b[^>]{0,2000}>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_LINE_TAG = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6]|/?table|/?blockquote|hr)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z/!?][^<>]{0,20000}>")
_QUOTE_DEPTH = re.compile(r"(?:> ?)*")
_HAS_TAGS = re.compile(r"<(?:html|body|div|p|br|table|span|font)\b", re.IGNORECASE)


@dataclass(slots=True)
class Uuencoded:
    """A file that stood inside the text."""

    name: bytes
    data: bytes
    media: str = "application/octet-stream"


@dataclass(slots=True)
class Body:
    """One readable part: ``plain`` text, or ``html`` source."""

    kind: str
    text: str
    files: list[Uuencoded] = field(default_factory=list)


def read_body(data: bytes, media: str, parameters: Parameters, where: str, tell: Tell) -> Body:
    """Read one text part whose transfer encoding is already undone. Never raises."""
    declared = parameters.text("charset")
    is_html = media == "text/html"
    files: list[Uuencoded] = []
    if is_html and b";base64," in data:
        data = _without_pictures(data, files)
    if len(data) > TEXT_BYTES and b"begin" in data and not is_html:
        data = _without_files(data, files, lambda problem: tell(placed(problem, where)))
    if len(data) > TEXT_BYTES:
        tell(
            Problem(
                "text-too-long", f"正文有 {len(data)} 字节，只读了前 {TEXT_BYTES} 字节。", where, weight=Weight.LOSSY
            )
        )
        data = data[:TEXT_BYTES]
    elif not is_html and b"begin" in data:
        data = _without_files(data, files, lambda problem: tell(placed(problem, where)))
    if is_html and not canonical(declared):
        meta = _META.search(data[:4096])
        declared = meta[1].decode("ascii") if meta else declared
    decoded = decode(data, declared)
    if decoded.problem is not None:
        tell(placed(decoded.problem, where))
    text = undo_twice(decoded.text) or decoded.text
    if not is_html:
        text = undo_entities(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "")
    if not is_html and (parameters.text("format") or "").lower() == "flowed":
        text = unflow(text, delete_space=(parameters.text("delsp") or "").lower() == "yes")
    return Body("html" if is_html else "plain", text, files)


def _without_files(data: bytes, files: list[Uuencoded], tell: Tell) -> bytes:
    """Cut uuencoded files out of the text and keep what stands around them."""
    kept: list[bytes] = []
    position = 0
    for start, end, name, content in islice(uu_blocks(data, tell), FILES_IN_TEXT):
        kept.append(data[position:start])
        files.append(Uuencoded(name, content))
        position = end
    if not files:
        return data
    return b"".join([*kept, data[position:]])


def _without_pictures(data: bytes, files: list[Uuencoded]) -> bytes:
    """Cut pictures written into the HTML itself (``data:image/png;base64,…``) out of it, and keep them as files."""

    def cut(match: re.Match[bytes]) -> bytes:
        if len(files) < FILES_IN_TEXT:
            text = match[2].translate(None, _NOT_BASE64)
            text = text[: len(text) - (len(text) % 4 == 1)]
            files.append(
                Uuencoded(b"", binascii.a2b_base64(text + b"=" * (-len(text) % 4)), match[1].decode("ascii").lower())
            )
        return b"data:,"

    return _PICTURE.sub(cut, data)


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the lines that format=flowed broke (RFC 3676)."""
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        match = _QUOTE_DEPTH.match(line)
        prefix = match[0] if match else ""
        depth = prefix.count(">")
        content = line[len(prefix) :]
        if depth == 0 and content.startswith(" "):
            content = content[1:]
        signature = content == "-- "
        flows = content.endswith(" ") and not signature
        kept = content[:-1] if flows and delete_space else content
        if open_depth == depth and not signature:
            out[-1].append(kept)
        else:
            out.append(["> " * min(depth, 50), kept])
        open_depth = depth if flows else None
    return "\n".join("".join(pieces) for pieces in out)


def text_of_html(source: str) -> str:
    """Return the readable text of HTML, laid out in lines. Never raises."""
    if not source.strip():
        return ""
    if len(source) <= HTML_BYTES and source.count("<table") <= 200 and source.count("<") <= 20_000:
        try:
            from inscriptis import get_text  # noqa: PLC0415 - pulls in lxml, which mails without HTML do not need
            from inscriptis.css_profiles import CSS_PROFILES  # noqa: PLC0415 - as above
            from inscriptis.model.config import ParserConfig  # noqa: PLC0415 - as above

            return _tidy(str(get_text(_without_head(source), ParserConfig(css=CSS_PROFILES["strict"]))))
        except Exception:  # noqa: BLE001, S110 - lxml and inscriptis raise anything on hostile HTML; the plain way follows
            pass
    return _tidy(_stripped(source))


def _without_head(source: str) -> str:
    """Drop what stops lxml: an XML declaration with an encoding, and NUL."""
    return re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", source).replace("\0", "")


def _stripped(source: str) -> str:
    text = _DROPPED.sub(" ", source)
    text = re.sub(r"\s+", " ", text)
    text = _LINE_TAG.sub("\n", text)
    return entities.unescape(_TAG.sub("", text))


def _tidy(text: str) -> str:
    lines = [line.replace("\xa0", " ").rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def looks_like_html(text: str) -> bool:
    """Whether text that calls itself plain is HTML source."""
    return text.lstrip()[:1] == "<" and _HAS_TAGS.search(text[:2000]) is not None
