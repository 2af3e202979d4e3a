"""Word packages written by hand, so that tests know what they hold: raw OOXML, no library in between."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_W = "http://purl.oclc.org/ooxml/wordprocessingml/main"
STRICT_R = "http://purl.oclc.org/ooxml/officeDocument/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def run(text: str, properties: str = "") -> str:
    looks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{looks}<w:t xml:space="preserve">{escaped(text)}</w:t></w:r>'


def paragraph(*inner: str, properties: str = "") -> str:
    looks = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{looks}{''.join(inner)}</w:p>"


def said(text: str, run_properties: str = "", properties: str = "") -> str:
    return paragraph(run(text, run_properties), properties=properties)


@dataclass
class MadeWord:
    """A package under way. ``body`` is what stands in ``w:body``; the other parts appear where they are needed."""

    body: list[str] = field(default_factory=list)
    styles: str = ""
    numbering: str = ""
    footnotes: list[str] = field(default_factory=list)
    endnotes: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    header: str = ""
    footer: str = ""
    media: dict[str, bytes] = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    extra: dict[str, bytes] = field(default_factory=dict)
    company: str = ""
    strict: bool = False
    main_type: str = MAIN

    def add(self, *xml: str) -> None:
        self.body += xml

    def footnote(self, xml: str) -> str:
        self.footnotes.append(xml)
        return f'<w:r><w:footnoteReference w:id="{len(self.footnotes)}"/></w:r>'

    def endnote(self, xml: str) -> str:
        self.endnotes.append(xml)
        return f'<w:r><w:endnoteReference w:id="{len(self.endnotes)}"/></w:r>'

    def picture(self, data: bytes, ending: str = "png", inches: float = 5.0) -> str:
        number = len(self.media) + 1
        self.media[f"image{number}.{ending}"] = data
        self.relate(f"rIdPic{number}", "image", f"media/image{number}.{ending}")
        size = int(inches * 914400)
        return (
            f'<w:r><w:drawing><wp:inline><wp:extent cx="{size}" cy="{size}"/><a:graphic><a:graphicData><pic:pic>'
            f'<pic:blipFill><a:blip r:embed="rIdPic{number}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def relate(self, key: str, kind: str, target: str, *, external: bool = False) -> None:
        mode = ' TargetMode="External"' if external else ""
        self.relations.append(f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"{mode}/>')

    def document(self) -> bytes:
        section = ""
        if self.header:
            section += '<w:headerReference w:type="default" r:id="rIdHeader"/>'
        if self.footer:
            section += '<w:footerReference w:type="default" r:id="rIdFooter"/>'
        return self._part("document", f"<w:body>{''.join(self.body)}<w:sectPr>{section}</w:sectPr></w:body>")

    def save(self) -> bytes:
        parts: dict[str, bytes] = {"word/document.xml": self.document()}
        relations = list(self.relations)

        def relate(name: str, kind: str, content: str) -> None:
            parts[f"word/{name}.xml"] = content.encode() if isinstance(content, str) else content
            key = f"rId{kind.capitalize()}"
            relations.append(f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{name}.xml"/>')

        if self.styles:
            relate("styles", "styles", self._part("styles", self.styles).decode())
        if self.numbering:
            relate("numbering", "numbering", self._part("numbering", self.numbering).decode())
        for kind, notes in (("footnote", self.footnotes), ("endnote", self.endnotes)):
            if notes:
                relate(f"{kind}s", f"{kind}s", self._part(f"{kind}s", _notes(kind, notes)).decode())
        if self.comments:
            inner = "".join(f'<w:comment w:id="{n}">{xml}</w:comment>' for n, xml in enumerate(self.comments))
            relate("comments", "comments", self._part("comments", inner).decode())
        for kind, content, tag in (("header", self.header, "hdr"), ("footer", self.footer, "ftr")):
            if content:
                relate(kind, kind, self._part(tag, content).decode())
        for name, data in self.media.items():
            parts[f"word/media/{name}"] = data
        if self.company:
            parts["docProps/app.xml"] = (
                '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
                f"<Company>{escaped(self.company)}</Company></Properties>"
            ).encode()
        parts["word/_rels/document.xml.rels"] = _relations(relations)
        parts["_rels/.rels"] = _relations(
            [f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>']
        )
        parts["[Content_Types].xml"] = (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{self.main_type}"/></Types>'
        ).encode()
        if self.strict:
            parts = {
                name: data.replace(W.encode(), STRICT_W.encode()).replace(R.encode(), STRICT_R.encode())
                if name.endswith((".xml", ".rels"))
                else data
                for name, data in parts.items()
            }
        return zipped({**parts, **self.extra})

    def _part(self, tag: str, inner: str) -> bytes:
        return f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} {NAMES}>{inner}</w:{tag}>'.encode()


def _notes(kind: str, notes: list[str]) -> str:
    separator = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:t>分隔线</w:t></w:r></w:p></w:{kind}>'
    return separator + "".join(f'<w:{kind} w:id="{n}">{xml}</w:{kind}>' for n, xml in enumerate(notes, 1))


def _relations(entries: list[str]) -> bytes:
    inner = "".join(entries)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'.encode()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()
