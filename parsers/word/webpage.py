"""Web pages and web archives (html, mhtml) that pass for Word files, as lines."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, replace

from lxml import etree, html

from parsers.facts.problem import Problem, Weight
from parsers.word.ooxml import RESEND
from parsers.word.paragraph import Cell, Line, Picture, Place, WordText

BYTES = 32 * 1024 * 1024
PARAGRAPHS = 40_000
DEPTH = 400

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "tr",
        "td",
        "th",
        "table",
        "ul",
        "ol",
        "blockquote",
        "section",
        "article",
        "header",
        "footer",
        "body",
        "center",
        "pre",
        "dd",
        "dt",
        "form",
        "fieldset",
        "hr",
        "address",
        "main",
        "aside",
        "caption",
        "tbody",
        "thead",
        "tfoot",
    ]
)
_SKIPPED = frozenset(
    ("script", "style", "head", "title", "meta", "link", "noscript", "template", "object", "xml", "select")
)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SIZE = re.compile(r"font-size\s*:\s*([\d.]{1,6})pt", re.IGNORECASE)
_GONE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_LABEL = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_CENTRE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    size: float | None = None
    centred: bool = False
    hidden: bool = False
    label: bool = False
    outline: int | None = None
    cell: Cell | None = None
    place: Place = Place.BODY


class _PageReader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.cut = False
        self.outside = 0
        self._pieces: list[tuple[str, _Look]] = []
        self._pictures = 0
        self._table = -1

    def element(self, element: etree._Element, look: _Look, depth: int) -> None:
        """Read one element with what stands in it."""
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or depth > DEPTH or self.cut:
            return
        tag = element.tag.rpartition(":")[2].lower()
        look = _changed(element, tag, look)
        if tag in _BLOCKS:
            self.end(look)
        if tag == "br":
            self._pieces.append(("\n", look))
        elif tag == "img":
            self._pictures += 1
            self.outside += element.get("src", "").lower().startswith(("http:", "https:", "//", "\\\\"))
        if tag == "table":
            self._table += 1
            self._rows(element, look, depth, self._table)
        else:
            self._say(element.text, look)
            for inner in element:
                self.element(inner, look, depth + 1)
                self._say(inner.tail, look)
        if tag in _BLOCKS:
            self.end(look)

    def _rows(self, table: etree._Element, look: _Look, depth: int, own: int) -> None:
        row = -1
        for inner in table.iter("tr"):
            if next((above for above in inner.iterancestors() if above.tag == "table"), None) is not table:
                continue
            row += 1
            for column, cell in enumerate(inner.iterchildren("td", "th")):
                self.element(cell, replace(look, cell=Cell(own, row, column), place=Place.TABLE), depth + 3)

    def _say(self, text: str | None, look: _Look) -> None:
        if text:
            self._pieces.append((re.sub(r"[ \t\r\n]+", " ", text), look))

    def end(self, look: _Look) -> None:
        """End a paragraph."""
        shown = [(text, own) for text, own in self._pieces if not own.hidden and not own.label]
        text = "".join(piece for piece, _ in shown).strip(" ")
        hidden = "".join(piece for piece, own in self._pieces if own.hidden).strip()
        label = "".join(piece for piece, own in self._pieces if own.label).strip(" \xa0·•")
        pictures, self._pictures, pieces, self._pieces = self._pictures, 0, self._pieces, []
        if not text and not hidden and not pictures:
            return
        if len(self.lines) >= PARAGRAPHS:
            self.cut = True
            return
        own = pieces[0][1] if pieces else look
        total = sum(len(piece.strip()) for piece, _ in shown) or 1
        lead = 0
        for piece, part in shown:
            if not part.bold and piece.strip():
                break
            lead += len(piece.strip())
        bold = sum(len(piece.strip()) for piece, part in shown if part.bold) / total
        self.lines.append(
            Line(
                text,
                own.place,
                label,
                own.outline,
                bold=bold,
                lead_bold=lead,
                size=max(((len(piece), part.size) for piece, part in shown), default=(0, None), key=lambda e: e[0])[1],
                centred=own.centred,
                cell=own.cell,
                hidden=hidden,
                pictures=(Picture(),) * min(pictures, 50),
            )
        )


def _changed(element: etree._Element, tag: str, look: _Look) -> _Look:
    style = element.get("style", "")[:2000]
    size = _SIZE.search(style)
    try:
        points = float(size[1]) if size else look.size
    except ValueError:
        points = look.size
    return replace(
        look,
        bold=look.bold
        or tag in {"b", "strong", "th"}
        or bool(re.fullmatch("h[1-6]", tag))
        or bool(_BOLD.search(style)),
        size=points,
        centred=look.centred or tag == "center" or element.get("align") == "center" or bool(_CENTRE.search(style)),
        hidden=look.hidden or tag == "del" or bool(_GONE.search(style)),
        label=look.label or bool(_LABEL.search(style)),
        outline=int(tag[1]) - 1 if re.fullmatch("h[1-6]", tag) else look.outline,
    )


def read_page(data: bytes, kind: str = "html") -> WordText:
    """Read a web page, or the page inside a web archive."""
    problems: list[Problem] = []
    if len(data) > BYTES:
        data = data[:BYTES]
        problems.append(Problem("word-part-size", "网页文件过大，只读了前面一部分", "", RESEND, Weight.SUSPECT))
    charset = ""
    if re.match(rb"\s*(?:MIME-Version|From:|Content-Type:|Subject:|Date:|X-)", data[:400], re.IGNORECASE):
        data, charset = _archived(data)
    reader = _PageReader()
    try:
        root = html.document_fromstring(
            _decoded(data, charset), parser=html.HTMLParser(no_network=True, huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        problem = Problem("word-damaged", "网页文件是空的或已损坏", "", RESEND, Weight.UNREADABLE)
        return WordText(kind, problems=(*problems, problem), readable=False)
    reader.element(root, _Look(), 0)
    reader.end(_Look())
    if reader.cut:
        problems.append(Problem("word-paragraphs", "段落过多，只读了前面一部分", "", "", Weight.SUSPECT))
    if reader.outside:
        message = f"文件引用 {reader.outside} 张外部图片，未访问"
        problems.append(Problem("word-external", message, "", "", Weight.SUSPECT))
    problems.append(
        Problem(
            "word-is-page",
            "文件实际是网页，并非真正的 Word 文件",
            "",
            "请用 Word 另存为 docx 后重新发送。",
            Weight.NOTE,
        )
    )
    return WordText(kind, tuple(reader.lines), tuple(problems), readable=not reader.cut)


def _archived(data: bytes) -> tuple[bytes, str]:
    """Return the first page of a web archive and its character set."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in list(message.walk())[:500]:
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return (content if isinstance(content, bytes) else b""), str(part.get_content_charset() or "")
    return b"", ""


def _decoded(data: bytes, charset: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    found = _CHARSET.search(data[:4000])
    name = charset or (found[1].decode("ascii") if found else "")
    if name.lower() in {"gb2312", "gbk", "x-gbk", "gb18030"}:
        name = "gb18030"
    for code in (name, "utf-8", "gb18030"):
        try:
            text = data.decode(code or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    return data.decode("gb18030", "replace")
