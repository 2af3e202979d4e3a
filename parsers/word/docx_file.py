"""A Word package (docx, docm, strict, templates, flat and Word 2003 XML) as lines and problems."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from PIL import Image, UnidentifiedImageError

from parsers.facts.problem import Problem, Weight
from parsers.word.docx_styles import Styles, read_styles
from parsers.word.docx_walk import DocxWalk
from parsers.word.numbering import Numbering, read_numbering
from parsers.word.ooxml import RESEND, Package, PackageError, Relation, refuse_doctype, tree
from parsers.word.paragraph import Picture, Place, WordText
from parsers.word.xml_names import children, local, value

_MAIN_TYPE = re.compile(
    rb'PartName="/?([^"]+)"\s+ContentType="application/[^"]*'
    rb'(?:wordprocessingml\.(?:document|template)|word\.(?:document|template)\.macroEnabled[^"]*)\.?main\+xml"'
)
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml", "macrosheets/")
_HARMLESS_PROGRAMS = ("equation", "excel", "visio", "paint", "chart", "mathtype", "msgraph", "photoshop", "autocad")
_OUTSIDE_KINDS = {
    "attachedTemplate": "外部模板",
    "subDocument": "外部子文档",
    "oleObject": "外部链接对象",
    "image": "外部图片",
    "frame": "外部框架",
    "mailMergeSource": "外部数据源",
    "aFChunk": "外部内容",
    "video": "外部视频",
}
_COMPANY = re.compile(r"[\w（）()·]{2,40}(?:公司|集团|厂|中心|工作室|事务所|研究院)")
_PICTURES = 400
"""Of how many pictures the size is looked up; what is beyond is counted without it."""


def read_docx(data: bytes, kind: str = "docx") -> WordText:
    """Read a Word package; a file that cannot be opened gives no lines and the problem that says why."""
    try:
        package = Package(data)
        main = _main_part(package)
    except PackageError as error:
        return WordText(kind, problems=(error.problem,), readable=False)
    problems: list[Problem] = []
    content, whole = _content(package, main, problems)
    if not content:
        return WordText(kind, problems=tuple(problems), readable=False)
    relations = package.relations(main)
    walk = DocxWalk(
        _styles(package, relations), _numbering(package, relations), relations, _pictures(package, relations)
    )
    walk.read_body(content)
    readable = whole and not walk.found.broken
    if walk.found.broken:
        problems.append(Problem("word-damaged-xml", "正文 XML 有损坏，读出的内容可能不全", main, RESEND, Weight.LOSSY))
    _read_notes(package, relations, walk, problems)
    _read_headers(package, relations, walk, problems)
    problems += _dangers(package, walk)
    readable &= not walk.found.alternatives and not _holds_documents(walk)
    return WordText(
        kind,
        tuple(walk.lines),
        tuple(problems + _losses(walk)),
        walk.found.tracked,
        _comments(package, relations),
        _companies(package),
        readable=readable and not walk.found.too_many,
    )


def read_word_xml(data: bytes) -> WordText:
    """Read a Word 2003 XML or flat OPC file: the same walk over one XML file."""
    try:
        refuse_doctype(data, "文件")
    except PackageError as error:
        return WordText("docx", problems=(error.problem,), readable=False)
    walk = DocxWalk(Styles(), Numbering(), {}, {})
    walk.read_body(data)
    return WordText("docx", tuple(walk.lines), tracked=walk.found.tracked, readable=not walk.found.broken)


def _main_part(package: Package) -> str:
    """Return the part that holds the document: by its relation, by its content type, by its usual name."""
    for relation in package.relations("").values():
        if relation.kind == "officeDocument" and package.has(relation.target):
            return relation.target
    if package.has("[Content_Types].xml"):
        match = _MAIN_TYPE.search(package.part("[Content_Types].xml"))
        if match and package.has(name := match[1].decode("utf-8", "replace")):
            return name
    for name in package.names:
        if re.fullmatch(r"(?:.*/)?document\d*\.xml", name):
            return name
    raise PackageError(
        Problem("word-no-document", "文件包内没有 Word 正文（可能不是 Word 文件）", "", RESEND, Weight.UNREADABLE)
    )


def _content(package: Package, main: str, problems: list[Problem]) -> tuple[bytes, bool]:
    """Return the main part and whether it is whole."""
    try:
        content = package.part(main)
        refuse_doctype(content, main)
    except PackageError as error:
        if error.problem.code != "word-part-damaged":
            problems.append(error.problem)
            return b"", False
        content = package.salvage(main)
        problems.append(Problem("word-damaged", "文件已损坏，只读出一部分内容", main, RESEND, Weight.LOSSY))
        try:
            refuse_doctype(content, main)
        except PackageError as refused:
            problems.append(refused.problem)
            return b"", False
        return content, False
    return content, True


def _related(package: Package, relations: dict[str, Relation], kind: str) -> Iterator[tuple[str, etree._Element]]:
    """Parts of this kind that the main part relates to, with their XML; what cannot be read is passed over."""
    for relation in relations.values():
        if relation.kind == kind and not relation.external and package.has(relation.target):
            try:
                yield relation.target, tree(package.part(relation.target), relation.target)
            except PackageError:
                continue


def _styles(package: Package, relations: dict[str, Relation]) -> Styles:
    return next((read_styles(root) for _, root in _related(package, relations, "styles")), Styles())


def _numbering(package: Package, relations: dict[str, Relation]) -> Numbering:
    return next((read_numbering(root) for _, root in _related(package, relations, "numbering")), Numbering())


def _pictures(package: Package, relations: dict[str, Relation]) -> dict[str, Picture]:
    """Sizes in pixels of the pictures, from their first bytes only."""
    targets = {
        relation.target
        for relation in relations.values()
        if relation.kind == "image" and not relation.external and package.has(relation.target)
    }
    return {target: Picture(pixels=_pixels(package, target)) for target in sorted(targets)[:_PICTURES]}


def _pixels(package: Package, name: str) -> tuple[int, int] | None:
    try:
        with package.open(name) as stream, Image.open(stream) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    except Exception:  # noqa: BLE001 - Pillow's format readers and zlib raise whatever a hostile picture provokes
        return None


def _read_notes(package: Package, relations: dict[str, Relation], walk: DocxWalk, problems: list[Problem]) -> None:
    """Read the footnotes and endnotes that the text refers to."""
    wanted = set(walk.found.notes)
    for kind in ("footnote", "endnote"):
        for name, root in _related(package, relations, f"{kind}s"):
            for note in children(root, kind):
                if (kind, value(note, "id")) in wanted:
                    walk.read_story(note, Place.NOTE)
            wanted = {key for key in wanted if key[0] != kind}
            if walk.found.too_many:
                problems.append(Problem("word-notes", "脚注过多，只读了一部分", name, "", Weight.LOSSY))


def _read_headers(package: Package, relations: dict[str, Relation], walk: DocxWalk, problems: list[Problem]) -> None:
    """Read each header and footer in use once."""
    targets = {relations[key].target for key in walk.found.headers if key in relations}
    for kind in ("header", "footer"):
        for name, root in _related(package, relations, kind):
            if name in targets:
                walk.read_story(root, Place.HEADER)
    if walk.found.too_many:
        problems.append(
            Problem("word-paragraphs", "段落过多，只读了前面一部分", "", "请核对文件是否正常。", Weight.SUSPECT)
        )


def _dangers(package: Package, walk: DocxWalk) -> list[Problem]:
    """Macros, links to the outside and embedded objects, each named for staff."""
    found: list[Problem] = []
    macros = [name for name in package.names if any(mark in name for mark in _MACRO_NAMES)]
    if macros:
        found.append(Problem("word-macros", f"文件含宏（{macros[0]}），宏未运行", macros[0], "", Weight.SUSPECT))
    for part in package.names:
        if not part.endswith(".rels"):
            continue
        folder, _, name = part.rpartition("_rels/")
        for relation in package.relations(folder + name.removesuffix(".rels")).values():
            what = _OUTSIDE_KINDS.get(relation.kind)
            if relation.external and what is not None:
                message = f"文件引用{what}：{relation.target[:80]}，未访问"
                found.append(Problem("word-external", message, folder + name, "", Weight.SUSPECT))
    found += [
        Problem("word-external", f"文件含外部引用域：{code[:80]}，未访问", "", "", Weight.SUSPECT)
        for code in walk.found.codes[:20]
    ]
    embedded = [name for name in package.names if "/embeddings/" in name and not name.endswith(".xlsx")]
    if embedded or walk.found.programs:
        names = "、".join([*walk.found.programs, *(name.rpartition("/")[2] for name in embedded)][:5])
        found.append(Problem("word-objects", f"文件嵌有对象：{names}，未打开", "", "", Weight.SUSPECT))
    controls = [name for name in package.names if "activex" in name and name.endswith((".bin", ".xml"))]
    if controls:
        found.append(Problem("word-controls", f"文件含 ActiveX 控件（{controls[0]}），未运行", "", "", Weight.SUSPECT))
    return found[:40]


def _holds_documents(walk: DocxWalk) -> bool:
    """Whether an embedded object may hold text that belongs to the report."""
    return any(not program.lower().startswith(_HARMLESS_PROGRAMS) for program in walk.found.programs)


def _losses(walk: DocxWalk) -> list[Problem]:
    found: list[Problem] = []
    if walk.found.alternatives:
        message = f"正文有 {walk.found.alternatives} 处以其他格式整体插入的内容，未能读入"
        found.append(Problem("word-alternate", message, "", "请用 Word 打开后另存为 docx 再发送。", Weight.LOSSY))
    if _holds_documents(walk):
        message = "正文嵌有其他文档（双击才能打开），其中文字未计入"
        found.append(Problem("word-embedded", message, "", "请把嵌入文档的内容直接写入正文。", Weight.LOSSY))
    return found


def _comments(package: Package, relations: dict[str, Relation]) -> int:
    return sum(sum(1 for _ in children(root, "comment")) for _, root in _related(package, relations, "comments"))


def _companies(package: Package) -> tuple[str, ...]:
    """Company names in the document's properties (作者、单位), in order, each once."""
    found: dict[str, None] = {}
    for part in ("docprops/app.xml", "docprops/core.xml"):
        if not package.has(part):
            continue
        try:
            root = tree(package.part(part), part)
        except PackageError:
            continue
        for element in root:
            if local(element) in {"Company", "Manager", "creator", "lastModifiedBy"} and element.text:
                match = _COMPANY.search(element.text[:200])
                if match or local(element) == "Company":
                    found[(match[0] if match else element.text[:80]).strip()] = None
    return tuple(name for name in found if name)
