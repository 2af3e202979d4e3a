r"""Rich Text Format (RTF) as lines: a reader of its groups and control words, after the RTF 1.9.1 specification.

Text comes in the code page of the font or the document (``\'b5\'c4``, two bytes a character in GBK) or as ``\u``;
automatic numbers as the text that the writing program put there (``\listtext``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from parsers.facts.problem import Problem, Weight
from parsers.word.paragraph import Cell, Line, Picture, Place, WordText

BYTES = 64 * 1024 * 1024
DEPTH = 400
PARAGRAPHS = 40_000

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_HEADING_NAME = re.compile(rb"heading ([1-9])", re.IGNORECASE)
_CHARSETS = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 204: "cp1251", 161: "cp1253"}
_PAGES = {936: "gb18030", 54936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8", 10008: "gb18030"}
_SKIPPED = frozenset(
    b"colortbl info themedata datastore objdata fldinst pgdsctbl filetbl revtbl listtable listoverridetable "
    b"rsidtbl generator xmlnstbl annotation atnid atnauthor atntime atnicn bkmkstart bkmkend nonshppict shprslt "
    b"pnseclvl sp sn sv tc xe operator author company comment".split()
)
_OPENED = frozenset(b"shpinst shptxt shppict listtext pntext footnote ud background do dptxbxtext".split())
"""Destinations marked optional that hold what a reader sees."""
_SIGNS = {
    b"tab": "\t",
    b"line": "\n",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"endash": "–",
    b"emdash": "—",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
    b"softline": "\n",
}
_SYMBOLS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}


@dataclass(slots=True)
class _State:
    """What a group changes and gives back at its end."""

    skip: bool = False
    page: str = ""
    unicode_skip: int = 1
    bold: bool = False
    size: float = 12.0
    hidden: bool = False
    deleted: bool = False
    place: Place = Place.BODY
    label: bool = False
    fonts: bool = False
    sheet: bool = False
    eastern: bool = False
    """Associated properties (``\\ab``, ``\\afs``) now speak of Chinese text."""


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    label: list[str] = field(default_factory=list)
    weights: list[tuple[int, bool, float]] = field(default_factory=list)
    pictures: int = 0


class RtfReader:
    """Reads one file; ``lines`` and ``tracked`` hold the result."""

    def __init__(self, data: bytes) -> None:
        self._data = data[:BYTES]
        self._state = _State()
        self._stack: list[_State] = []
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._outlines: dict[int, int] = {}
        self._style = 0
        self._font = 0
        self._bytes = bytearray()
        self._to_skip = 0
        self._optional = False
        self._under_way: dict[Place, _Paragraph] = {}
        self._outline: int | None = None
        self._centred = self._in_table = False
        self._table, self._row, self._column = -1, 0, 0
        self._was_table = False
        self.lines: list[Line] = []
        self.tracked = 0
        self.objects = 0
        self.cut = False
        self.balanced = False

    def read(self) -> None:
        """Read to the end, or to the limit of paragraphs."""
        at = 0
        while at < len(self._data) and not self.cut:
            match = _TOKEN.match(self._data, at)
            if match is None:
                at += 1
                continue
            at = match.end()
            word, number, code, symbol, brace, text = match.groups()
            if word is not None:
                at = self._word(word, int(number) if number else None, at)
            elif code is not None:
                self._raw(bytes([int(code, 16)]))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None:
                self._brace(brace)
                if brace == b"}" and not self._stack:
                    self.balanced = True
                    break
            elif text is not None:
                self._raw(text)
        self._end_paragraph(Place.BODY, final=True)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._to_skip = 0
        if brace == b"{":
            self._stack.append(self._state)
            if len(self._stack) > DEPTH:
                self.cut = True
            self._state = replace(self._state)
        elif self._stack:
            inner, self._state = self._state, self._stack.pop()
            if inner.place is not self._state.place:
                self._end_paragraph(inner.place, final=True)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._optional = True
        elif symbol in {b"\n", b"\r"}:
            self._end_paragraph(self._state.place)
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    def _word(self, word: bytes, number: int | None, at: int) -> int:
        optional, self._optional = self._optional, False
        if word == b"bin":
            self._flush()
            return at + max(0, number or 0)
        if word == b"u" and number is not None:
            self._flush()
            self._say(chr(number & 0xFFFF))
            self._to_skip = self._state.unicode_skip
            return at
        self._flush()
        if word in _SKIPPED or (optional and word not in _OPENED):
            self._state.skip = True
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif (act := _WORDS.get(word)) is not None:
            act(self, number)
        return at

    def _raw(self, content: bytes) -> None:
        if self._to_skip:
            dropped = min(self._to_skip, len(content))
            self._to_skip -= dropped
            content = content[dropped:]
        if content and (not self._state.skip or self._state.sheet):
            self._bytes += content

    def _flush(self) -> None:
        if self._bytes:
            content, self._bytes = bytes(self._bytes), bytearray()
            if self._state.sheet and (named := _HEADING_NAME.search(content[:60])):
                self._outlines.setdefault(self._style, int(named[1]) - 1)
            if not self._state.skip:
                self._say(content.decode(self._state.page or self._default, "replace"))

    def _say(self, text: str) -> None:
        self._flush()
        state = self._state
        if state.skip:
            return
        paragraph = self._under_way.setdefault(state.place, _Paragraph())
        if state.label:
            paragraph.label.append(text)
        elif state.deleted:
            return
        elif state.hidden:
            paragraph.hidden.append(text)
        else:
            paragraph.pieces.append(text)
            paragraph.weights.append((len(text.strip()), state.bold, state.size))

    def _end_paragraph(self, place: Place, *, final: bool = False) -> None:
        self._flush()
        paragraph = self._under_way.pop(place, None) or _Paragraph()
        if (final and not paragraph.pieces and not paragraph.pictures) or self._state.skip:
            return
        if len(self.lines) >= PARAGRAPHS:
            self.cut = True
            return
        total = sum(length for length, _, _ in paragraph.weights) or 1
        lead = 0
        for length, bold, _ in paragraph.weights:
            if not bold and length:
                break
            lead += length
        sizes: Counter[float] = Counter()
        for length, _, size in paragraph.weights:
            sizes[size] += length
        cell = self._cell() if place is Place.BODY else None
        self.lines.append(
            Line(
                _mended("".join(paragraph.pieces)),
                Place.TABLE if cell else place,
                label=_mended("".join(paragraph.label)).strip(" \t·•"),
                outline=self._outline,
                bold=sum(length for length, bold, _ in paragraph.weights if bold) / total,
                lead_bold=lead,
                size=sizes.most_common(1)[0][0] if sizes else None,
                centred=self._centred,
                cell=cell,
                hidden=_mended("".join(paragraph.hidden)),
                pictures=(Picture(),) * min(paragraph.pictures, 20),
            )
        )

    def _cell(self) -> Cell | None:
        if not self._in_table:
            self._was_table = False
            return None
        if not self._was_table:
            self._was_table = True
            self._table, self._row, self._column = self._table + 1, 0, 0
        return Cell(self._table, self._row, self._column)

    # What single control words do.

    def do_paragraph(self, _: int | None) -> None:
        """End the paragraph."""
        self._end_paragraph(self._state.place)

    def do_cell(self, _: int | None) -> None:
        """End a table cell."""
        self._in_table = True
        self._end_paragraph(self._state.place)
        self._column += 1

    def do_row(self, _: int | None) -> None:
        """End a table row."""
        self._row, self._column = self._row + 1, 0

    def do_plain_paragraph(self, _: int | None) -> None:
        """Forget what the paragraph before was like."""
        self._outline, self._centred, self._in_table = None, False, False

    def do_in_table(self, _: int | None) -> None:
        """Note that the paragraph stands in a table."""
        self._in_table = True

    def do_outline(self, number: int | None) -> None:
        """Set the outline level, of the paragraph or of a style."""
        level = number if number is not None and 0 <= number <= 8 else None
        if self._state.sheet and level is not None:
            self._outlines[self._style] = level
        elif not self._state.skip:
            self._outline = level

    def do_style_sheet(self, _: int | None) -> None:
        """Read styles only for their outline levels."""
        self._state.skip = self._state.sheet = True

    def do_style(self, number: int | None) -> None:
        """Take a style, in the sheet or in the text."""
        self._style = number or 0
        if not self._state.sheet:
            self._outline = self._outlines.get(self._style)

    def do_eastern(self, _: int | None) -> None:
        """Turn associated properties to Chinese text."""
        self._state.eastern = True

    def do_western(self, _: int | None) -> None:
        """Turn associated properties away from Chinese text."""
        self._state.eastern = False

    def do_associated_bold(self, number: int | None) -> None:
        """Set boldness of Chinese text."""
        if self._state.eastern:
            self._state.bold = number != 0

    def do_associated_size(self, number: int | None) -> None:
        """Set the size of Chinese text."""
        if self._state.eastern and number:
            self._state.size = number / 2

    def do_centre(self, _: int | None) -> None:
        """Centre the paragraph."""
        self._centred = True

    def do_left(self, _: int | None) -> None:
        """Align the paragraph otherwise."""
        self._centred = False

    def do_plain(self, _: int | None) -> None:
        """Forget character properties."""
        state = self._state
        state.bold, state.hidden, state.deleted, state.size = False, False, False, 12.0

    def do_bold(self, number: int | None) -> None:
        """Set boldness."""
        self._state.bold = number != 0

    def do_size(self, number: int | None) -> None:
        """Set the size, which comes in half points."""
        self._state.size = (number or 24) / 2

    def do_hidden(self, number: int | None) -> None:
        """Hide what follows."""
        self._state.hidden = number != 0

    def do_deleted(self, number: int | None) -> None:
        """Drop what follows as a tracked deletion."""
        self._state.deleted = number != 0
        self.tracked += number != 0

    def do_revised(self, _: int | None) -> None:
        """Count a tracked insertion."""
        self.tracked += 1

    def do_page(self, number: int | None) -> None:
        """Set the code page of the document."""
        self._default = _PAGES.get(number or 1252, f"cp{number}" if number in {1250, 1251, 1253} else "cp1252")

    def do_font_table(self, _: int | None) -> None:
        """Read fonts only for their character sets."""
        self._state.skip = self._state.fonts = True

    def do_font(self, number: int | None) -> None:
        """Take a font, and with it a code page."""
        self._font = number or 0
        if not self._state.fonts:
            self._state.page = self._fonts.get(self._font, "")

    def do_charset(self, number: int | None) -> None:
        """Note the character set of a font."""
        if self._state.fonts and number in _CHARSETS and number:
            self._fonts[self._font] = _CHARSETS[number]

    def do_unicode_skip(self, number: int | None) -> None:
        """Set how many characters stand in for one in Unicode."""
        self._state.unicode_skip = max(0, min(number if number is not None else 1, 8))

    def do_note(self, _: int | None) -> None:
        """Turn to a note."""
        self._state.place = Place.NOTE

    def do_header(self, _: int | None) -> None:
        """Turn to a header or footer."""
        self._state.place = Place.HEADER

    def do_box(self, _: int | None) -> None:
        """Turn to a text box."""
        self._state.place = Place.BOX

    def do_label(self, _: int | None) -> None:
        """Turn to the text of an automatic number."""
        self._state.label = True

    def do_picture(self, _: int | None) -> None:
        """Count a picture and pass over its bytes."""
        if not self._state.skip:
            self._under_way.setdefault(self._state.place, _Paragraph()).pictures += 1
        self._state.skip = True

    def do_object(self, _: int | None) -> None:
        """Count an embedded object."""
        self.objects += 1


_WORDS: dict[bytes, Callable[[RtfReader, int | None], None]] = {
    b"par": RtfReader.do_paragraph,
    b"page": RtfReader.do_paragraph,
    b"sect": RtfReader.do_paragraph,
    b"cell": RtfReader.do_cell,
    b"nestcell": RtfReader.do_cell,
    b"row": RtfReader.do_row,
    b"nestrow": RtfReader.do_row,
    b"pard": RtfReader.do_plain_paragraph,
    b"intbl": RtfReader.do_in_table,
    b"outlinelevel": RtfReader.do_outline,
    b"stylesheet": RtfReader.do_style_sheet,
    b"s": RtfReader.do_style,
    b"dbch": RtfReader.do_eastern,
    b"loch": RtfReader.do_western,
    b"hich": RtfReader.do_western,
    b"rtlch": RtfReader.do_western,
    b"ltrch": RtfReader.do_western,
    b"ab": RtfReader.do_associated_bold,
    b"afs": RtfReader.do_associated_size,
    b"qc": RtfReader.do_centre,
    b"ql": RtfReader.do_left,
    b"qj": RtfReader.do_left,
    b"qr": RtfReader.do_left,
    b"plain": RtfReader.do_plain,
    b"b": RtfReader.do_bold,
    b"fs": RtfReader.do_size,
    b"v": RtfReader.do_hidden,
    b"deleted": RtfReader.do_deleted,
    b"revised": RtfReader.do_revised,
    b"ansicpg": RtfReader.do_page,
    b"fonttbl": RtfReader.do_font_table,
    b"f": RtfReader.do_font,
    b"fcharset": RtfReader.do_charset,
    b"uc": RtfReader.do_unicode_skip,
    b"footnote": RtfReader.do_note,
    b"header": RtfReader.do_header,
    b"headerl": RtfReader.do_header,
    b"headerr": RtfReader.do_header,
    b"headerf": RtfReader.do_header,
    b"footer": RtfReader.do_header,
    b"footerl": RtfReader.do_header,
    b"footerr": RtfReader.do_header,
    b"footerf": RtfReader.do_header,
    b"shptxt": RtfReader.do_box,
    b"dptxbxtext": RtfReader.do_box,
    b"listtext": RtfReader.do_label,
    b"pntext": RtfReader.do_label,
    b"pict": RtfReader.do_picture,
    b"object": RtfReader.do_object,
}


def _mended(text: str) -> str:
    """Join the halves of characters beyond the basic plane."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def read_rtf(data: bytes) -> WordText:
    """Read an RTF file."""
    reader = RtfReader(data)
    reader.read()
    problems: list[Problem] = []
    if reader.cut or len(data) > BYTES:
        problems.append(Problem("word-paragraphs", "文件过大或嵌套过深，只读了前面一部分", "", "", Weight.SUSPECT))
    elif not reader.balanced:
        message = "RTF 文件不完整，读出的内容可能不全"
        problems.append(Problem("word-truncated", message, "", "请用 Word 另存为 docx 后重新发送。", Weight.LOSSY))
    if reader.objects:
        problems.append(Problem("word-objects", f"文件嵌有 {reader.objects} 个对象，未打开", "", "", Weight.SUSPECT))
    return WordText("rtf", tuple(reader.lines), tuple(problems), reader.tracked, readable=not problems)
