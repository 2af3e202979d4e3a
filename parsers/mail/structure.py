"""Where the parts of a mail lie in its raw bytes (邮件结构): cut by our own scanner, nothing is copied.

Standard parsers build a tree of decoded lines that takes nine times the mail's size. This one only notes offsets:
each part is a header block and a span. Boundaries are looked for from the outside in, so an inner part that was never
closed cannot swallow its outer neighbours. Every guard ends in what was read so far plus a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parsers.facts.account import UNACCOUNTED_BYTES
from parsers.facts.problem import Problem, Weight
from parsers.mail.headers import HeaderBlock, decode_words, find_block_end, read_block
from parsers.mail.parameters import Parameters, read_parameters
from parsers.mail.transfer import decode_transfer, encoding_name

DEPTH = 40
"""Multiparts nested deeper than this stay closed."""
PARTS = 2000
"""Parts beyond this number are left unread."""
OUTSIDE_BYTES = 512
"""Text before the first and after the last part beyond this many bytes is told: programs write a line or two there."""

Tell = Callable[[Problem], None]

_GUESS = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}+)\r?\n(?=Content-[A-Za-z-]{1,40}[ \t]*:)", re.IGNORECASE)
_FIRST_LINE = re.compile(rb"\s{0,200}--([^\r\n]{1,200})\r?\nContent-[A-Za-z-]{1,40}[ \t]*:", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}\Z")
_MULTIPART = re.compile(rb"[\s\"'<(]{0,10}multi[ \t_-]{0,3}part(?![a-z])", re.IGNORECASE)
_SUBTYPE = re.compile(rb"mixed|alternative|related|digest|report|signed|encrypted|form-data|parallel", re.IGNORECASE)
_ENCODED_TYPE = re.compile(rb"=\?[A-Za-z0-9-]{1,40}\?[bBqQ]\?")
_BOUNDARY_WORD = re.compile(rb"\bbound?a?r?y?[ \t]{0,5}[=:][ \t]{0,5}[\"']?([^\"';,\r\n]{1,200})", re.IGNORECASE)
_MIME_SENTENCE = re.compile(
    rb"mime|multi-?part|\xb6\xe0\xb2\xbf\xb7\xd6|\xe5\xa4\x9a\xe9\x83\xa8\xe5\x88\x86", re.IGNORECASE
)
_FIELD = re.compile(rb"[!-9;-~]{1,60}[ \t]*:")
PREAMBLE_BYTES = 600
"""What programs write before the first delimiter, where the type does not say that there are parts."""


@dataclass(slots=True)
class Outside:
    """The bytes of one multipart that are in none of its parts."""

    separators: int = 0
    words: int = 0
    unread: int = 0
    """Behind a guard, which was told."""


@dataclass(slots=True)
class Node:
    """One part: its header block, and its body as ``raw[body:end]``. ``section`` numbers it as IMAP does."""

    raw: bytes
    section: str
    block: HeaderBlock
    start: int
    body: int
    end: int
    type: str
    parameters: Parameters
    children: list[Node] = field(default_factory=list)
    marks: list[tuple[int, int, bool]] = field(default_factory=list)
    """The delimiter lines of a multipart, and whether each closes it: for the second opinion."""
    inner: bool = False
    """Whether its bytes are not the mail's own but were decoded from them."""
    span: tuple[int, int, int] = (0, 0, 0)
    """Where header, body and end lay before anything was decoded."""
    cut: bool = False
    """Whether the mail ends in it, before any delimiter closed it."""
    outside: Outside = field(default_factory=Outside)

    @property
    def multipart(self) -> bool:
        """Whether parts were found inside."""
        return bool(self.children)

    @property
    def sound(self) -> bool:
        """Whether the structure is beyond doubt: each delimiter as declared opens one part, the last one closes."""
        if not self.children:
            return not self.parameters.head.startswith("multipart/")
        declared = (self.parameters.text("boundary") or "").encode("latin-1", "replace")
        closings = [closing for _start, _end, closing in self.marks]
        return (
            closings == [False] * len(self.children) + [True]
            and self.raw[slice(*self.marks[0][:2])] == b"--" + declared
            and all(child.sound for child in self.children)
        )


@dataclass(slots=True)
class _Budget:
    tell: Tell
    parts: int = 0
    full: bool = False
    cut: bool = False
    lost: int = 0
    """Words outside all parts, also in what was decoded."""


def scan(raw: bytes, tell: Tell) -> Node:
    """Find the parts of a whole mail. Never raises; ``tell`` receives what is wrong with the structure."""
    start = 0
    while raw.startswith((b"\r\n", b"\n", b"\xef\xbb\xbf"), start):
        start += 1 if raw.startswith(b"\n", start) else (2 if raw.startswith(b"\r\n", start) else 3)
    budget = _Budget(tell)
    root = _node(raw, start, len(raw), "", "text/plain", 0, budget)
    if budget.cut:
        tell(
            Problem(
                "mail-cut",
                "邮件缺少结尾的分界线，末尾可能有内容丢失。",
                cure="请重新发送这封邮件。",
                weight=Weight.LOSSY,
            )
        )
    if budget.lost > OUTSIDE_BYTES:
        hidden = budget.lost > UNACCOUNTED_BYTES
        tell(
            Problem(
                "bytes-outside-parts",
                f"邮件里有 {budget.lost} 字节不属于任何部分，没有读入。",
                cure="请重新发送这封邮件，文件作为普通附件添加。" if hidden else "",
                weight=Weight.UNREADABLE if hidden else Weight.SUSPECT,
            )
        )
    root.outside.separators += start
    return root


def _node(
    raw: bytes, start: int, end: int, section: str, default: str, depth: int, budget: _Budget, *, inner: bool = False
) -> Node:
    budget.parts += 1
    block = read_block(raw, start, end)
    if not section:
        block = _torn(raw, block, end)
    for problem in block.problems:
        budget.tell(problem)
    media, parameters = _media(block, default, raw, block.end, end, budget.tell)
    node = Node(raw, section, block, start, block.end, end, media, parameters, inner=inner)
    node.span = (start, block.end, end)
    if not media.startswith("message/"):
        _divide(node, depth, budget)
    if not node.children and media.startswith("multipart/"):
        node.type = "text/plain"
    if not section and not node.children:
        node.section = "1"
    return node


def _torn(raw: bytes, block: HeaderBlock, end: int) -> HeaderBlock:
    """Join a header that an empty line tore in two: what follows the line are fields that tell of parts."""
    start = block.end
    while start < end and raw[start] in b"\r\n":
        start += 1
    if block.first("content-type") is not None or _FIELD.match(raw, start, end) is None:
        return block
    rest = read_block(raw, start, end)
    told = rest.first("content-type")
    boundary = None if told is None else read_parameters(told).text("boundary")
    if not boundary or raw.find(b"\n--" + boundary.encode("latin-1", "replace"), rest.end - 1, end) < 0:
        return block
    problem = Problem("header-torn", "信头中间有空行，空行以下的信头已一并读入。", weight=Weight.LOSSY)
    return HeaderBlock((*block.fields, *rest.fields), rest.end, (*block.problems, *rest.problems, problem))


def _media(block: HeaderBlock, default: str, raw: bytes, body: int, end: int, tell: Tell) -> tuple[str, Parameters]:
    """Return the media type and its parameters; of several Content-Type fields the one that fits the body."""
    values = block.values("content-type")
    if not values:
        return default, Parameters()
    read = [read_parameters(value) for value in values[:20]]
    chosen = read[0]
    if len(read) > 1:
        tell(
            Problem("header-two-content-types", "同一部分有两个内容类型，已按与内容相符的一个读。", weight=Weight.LOSSY)
        )
        chosen = next((one for one in read if _fits(one, raw, body, end)), read[0])
    for problem in chosen.problems:
        tell(problem)
    media = chosen.head
    if not _TYPE.match(media):
        media = _odd_type(values[read.index(chosen)], chosen, default)
        if media.startswith("multipart/"):
            tell(Problem("type-ungrammatical", "邮件的内容类型不合格式，已按分界线拆开。"))
    return media, chosen


def _odd_type(value: bytes, read: Parameters, default: str) -> str:
    """Return what an ungrammatical type means: ``multipart/*``, ``multipart;``, ``multipart/mixed,`` are multiparts."""
    plain = value[:400]
    if _ENCODED_TYPE.match(plain):
        plain = decode_words(plain).encode("utf-8", "replace")
    if _MULTIPART.match(plain):
        subtype = _SUBTYPE.search(plain[:80])
        return "multipart/" + (subtype[0].decode("ascii").lower() if subtype else "mixed")
    named = "name" in read.plain or "name" in read.extended
    return "application/octet-stream" if named and not read.head.startswith("text") else default


def _fits(parameters: Parameters, raw: bytes, body: int, end: int) -> bool:
    boundary = parameters.text("boundary") or ""
    return bool(boundary) and raw.find(b"--" + boundary.encode("latin-1", "replace"), body, end) >= 0


def _divide(node: Node, depth: int, budget: _Budget) -> None:
    """Cut a multipart at its boundary, the declared one or the one that is evidently used."""
    declared = node.type.startswith("multipart/")
    boundary = _boundary(node, budget.tell) if declared else _undeclared(node)
    if boundary is None and declared:
        boundary = _boundary(node, _silent) if _decode_whole(node, budget.tell) else None
    if boundary is None:
        if declared:
            budget.tell(
                Problem("boundary-missing", "邮件声明了多个部分，却找不到分界线，已整体当作正文。", weight=Weight.LOSSY)
            )
        return
    if not declared:
        budget.tell(
            Problem("boundary-undeclared", "邮件没有声明多个部分，已按内容里的分界线拆开。", weight=Weight.LOSSY)
        )
        node.type = "multipart/mixed"
    if depth >= DEPTH:
        if not budget.full:
            budget.full = True
            budget.tell(
                Problem("mail-too-deep", f"邮件层层嵌套超过 {DEPTH} 层，更深的没有拆开。", weight=Weight.SUSPECT)
            )
        return
    _cut(node, boundary, depth, budget)
    if not node.children:
        # Nothing but delimiters: the whole is read as words, so nothing of it stands outside.
        budget.lost -= node.outside.words
        node.outside = Outside()


def _silent(_problem: Problem) -> None:
    return None


# After the closing line some programs put a comma or a word; letters there belong to another boundary.
_TAIL = rb"(--(?:[^\r\nA-Za-z0-9_=.+/\-][^\r\n]{0,200})?)?[ \t]*+(?=\r?\n|\r?\Z)"
_ENDS = re.compile(_TAIL)
_FALSE_STARTS = 2000


def _delimiters(node: Node, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield the delimiter lines as ``(line break before it, end, closing)``.

    Finding and looking is quickest for one mail's boundary; where thousands only look like it, a pattern made for
    them is.
    """
    raw, end = node.raw, node.end
    mark = b"\n--" + boundary
    # The body begins a line, so the break before it may begin a delimiter.
    position = node.body - 1 if node.body and raw[node.body - 1] == 0x0A else node.body
    for _false in range(_FALSE_STARTS):
        while (at := raw.find(mark, position, end)) >= 0:
            tail = _ENDS.match(raw, at + len(mark), end)
            if tail is None:
                position = at + 1
                break
            yield at, tail.end(), tail[1] is not None
            position = tail.end()
        else:
            return
    for match in re.compile(re.escape(mark) + _TAIL).finditer(raw, position, end):
        yield match.start(), match.end(), match[1] is not None


def _boundary(node: Node, tell: Tell) -> bytes | None:
    """Return the boundary that really occurs in the body: as declared, unfolded otherwise, or guessed."""
    declared = _declared(node)
    if declared is not None:
        return declared
    match = _GUESS.search(node.raw, max(node.body - 1, 0), node.end)
    if match is None:
        return None
    guess = match[1].rstrip(b" \t")
    if not guess.strip(b"-") or not _occurs(node, guess):
        return None
    tell(Problem("boundary-guessed", "声明的分界线与实际的不一致，已按实际的拆开。", weight=Weight.LOSSY))
    return guess


def _declared(node: Node) -> bytes | None:
    """Return the boundary that the type names, in any spelling, where it occurs."""
    text = node.parameters.text("boundary")
    told = [] if text is None else [text.encode("latin-1", "replace")]
    if not told:
        # ``multipart/mixed,boundary=x``, ``boundary: x``, ``boundry=x``: no parameter by the grammar.
        values = (value[:2000] for value in node.block.values("content-type")[:5] if b"oun" in value.lower())
        told = [match[1] for value in values if (match := _BOUNDARY_WORD.search(value)) is not None]
    for exact in told:
        for candidate in dict.fromkeys((exact, exact.strip(), b"".join(exact.split()), b" ".join(exact.split()))):
            if candidate and _occurs(node, candidate):
                return candidate
    return None


def _occurs(node: Node, boundary: bytes) -> bool:
    if node.raw.find(b"--" + boundary, node.body, node.end) < 0:
        return False
    return next(_delimiters(node, boundary), None) is not None


def _undeclared(node: Node) -> bytes | None:
    """Tell a multipart whose type does not say so: it names a boundary that occurs, or its body begins with parts.

    Parts begin at the very first line, or below the sentence that programs write above them; and they are closed.
    """
    declared = _declared(node)
    if declared is not None:
        return declared
    match = _FIRST_LINE.match(node.raw, node.body, node.end) or _below_sentence(node)
    if match is None:
        return None
    guess = match[1].rstrip(b" \t")
    closes = node.raw.find(b"\n--" + guess + b"--", match.end(), node.end) >= 0
    return guess if closes and guess.strip(b"-") else None


def _below_sentence(node: Node) -> re.Match[bytes] | None:
    stop = min(node.end, node.body + PREAMBLE_BYTES)
    if node.raw.find(b"\n--", node.body, min(node.end, stop + 300)) < 0:
        return None
    if not _MIME_SENTENCE.search(node.raw, node.body, stop):
        return None
    match = _GUESS.search(node.raw, node.body, min(node.end, stop + 300))
    return match if match is not None and _MIME_SENTENCE.search(node.raw, node.body, match.start()) else None


def _decode_whole(node: Node, tell: Tell) -> bool:
    """Undo the encoding of a whole multipart: it must not be (RFC 2045, 6.4), and sometimes is."""
    encoding = encoding_name(node.block.first("content-transfer-encoding"), tell)
    if encoding not in {"base64", "quoted-printable"}:
        return False
    content = decode_transfer(node.raw, node.body, node.end, encoding, tell)
    if b"--" not in content:
        return False
    node.raw = b"\n" + content
    node.start, node.body, node.end = 0, 1, len(node.raw)
    return True


def _cut(node: Node, boundary: bytes, depth: int, budget: _Budget) -> None:
    raw, end = node.raw, node.end
    default = "message/rfc822" if node.type == "multipart/digest" else "text/plain"
    opened: int | None = None
    begin = node.body
    for at, after, closed in _delimiters(node, boundary):
        node.marks.append((at + 1, after, closed))
        stop = max(begin, at - (raw[at - 1 : at] == b"\r"))
        if opened is not None and stop >= opened:
            _child(node, opened, stop, default, depth, budget)
        else:
            _between(node, begin, stop, budget)
        if budget.parts >= PARTS:
            _stop(budget)
            node.outside.unread += end - stop
            return
        line_end = raw.find(b"\n", after, end)
        begin = end if line_end < 0 else line_end + 1
        node.outside.separators += begin - stop
        opened = None if closed else begin
    if opened is not None:
        budget.cut = True
        if opened < end:
            _child(node, opened, end, default, depth, budget)
            node.children[-1].cut = end == len(raw)
    else:
        _between(node, begin, end, budget)


def _between(node: Node, begin: int, end: int, budget: _Budget) -> None:
    """Note what stands before the first part, between parts and after the last."""
    words = len(node.raw[begin:end].strip())
    node.outside.words += words
    node.outside.separators += end - begin - words
    budget.lost += words


def _stop(budget: _Budget) -> None:
    if not budget.full:
        budget.full = True
        budget.tell(Problem("mail-too-many-parts", f"邮件超过 {PARTS} 个部分，其余没有读。", weight=Weight.SUSPECT))


def _child(node: Node, start: int, end: int, default: str, depth: int, budget: _Budget) -> None:
    section = f"{node.section}.{len(node.children) + 1}" if node.section else str(len(node.children) + 1)
    inner = node.inner or node.body != node.span[1]
    node.children.append(_node(node.raw, start, end, section, default, depth + 1, budget, inner=inner))


def skeleton(root: Node) -> bytes:
    """Return a small copy of the mail for another parser: how its parts are divided, without names and bodies."""
    top = [
        b"%s: %s\r\n" % (one.name.encode("ascii"), one.value) for one in root.block.fields if one.name == "content-type"
    ]
    pieces = [*top, b"\r\n"]
    _bones(root, pieces)
    return b"".join(pieces)


def _bones(node: Node, pieces: list[bytes]) -> None:
    children = iter(node.children)
    for start, end, closing in node.marks:
        pieces += [node.raw[start:end], b"\r\n"]
        child = None if closing else next(children, None)
        if child is not None:
            if child.parameters.head.startswith(("multipart/", "message/")):
                text_end, _body = find_block_end(child.raw, child.start, child.end)
                pieces.append(child.raw[child.start : min(text_end, child.body)])
            pieces.append(b"\r\n")
            if child.marks:
                _bones(child, pieces)
            pieces.append(b"\r\n")
