"""Small PDF files for tests, good and hostile, written by hand or by pypdf."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

_PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
)


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="the owner's", algorithm="AES-256")
    return _written(writer)


def signed_by(data: bytes, signer: str) -> bytes:
    """A signature field with claims; the signature itself is empty, because only the claims are read."""
    return signed_with(data, claims_of(signer))


def claims_of(signer: str, **more: object) -> DictionaryObject:
    claims: dict[str, object] = {
        "Type": NameObject("/Sig"),
        "SubFilter": NameObject("/ETSI.CAdES.detached"),
        "Name": TextStringObject(signer),
        "M": TextStringObject("D:20260508093000+08'00'"),
        "ByteRange": ArrayObject([NumberObject(number) for number in (0, 100, 200, 50)]),
        "Contents": ByteStringObject(b"\0" * 8),
        **more,
    }
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in claims.items()})


def blank_pages(count: int) -> bytes:
    writer = PdfWriter()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    return _written(writer)


def form_that_draws_itself() -> bytes:
    return _raw(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _PAGE,
            _stream("", "/F Do"),
            _stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>", "/F Do /F Do"
            ),
        ]
    )


def a_million_drawings() -> bytes:
    """Six forms, each of which draws the next one ten times."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        _stream("", "/F Do"),
    ]
    for number in range(5, 11):
        resources = f"/Resources << /XObject << /F {number + 1} 0 R >> >>"
        objects.append(_stream(f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}", "/F Do " * 10))
    objects.append(_stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f"))
    return _raw(objects)


def _stream(keys: str, content: str) -> str:
    return f"<< {keys} /Length {len(content)} >>\nstream\n{content}\nendstream"


def _raw(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


Placed = tuple[StreamObject, tuple[float, float, float, float, float, float]]
"""A picture and the matrix that lays it on the page."""


def picture(data: bytes, width: int, height: int, coding: str, **keys: object) -> StreamObject:
    """A picture as PDF stores it; ``keys`` replace or add to what describes it."""
    stream = StreamObject()
    stream._data = data
    described: dict[str, object] = {
        "Type": NameObject("/XObject"),
        "Subtype": NameObject("/Image"),
        "Width": NumberObject(width),
        "Height": NumberObject(height),
        "ColorSpace": NameObject("/DeviceRGB"),
        "BitsPerComponent": NumberObject(8),
        "Filter": NameObject(coding),
        **keys,
    }
    stream.update({NameObject(f"/{key}"): value for key, value in described.items() if value is not None})
    return stream


def jpeg(pixels: NDArray[np.uint8]) -> StreamObject:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=70)
    return picture(out.getvalue(), pixels.shape[1], pixels.shape[0], "/DCTDecode")


def strips(pixels: NDArray[np.uint8], size: tuple[float, float], count: int = 10) -> list[Placed]:
    """The page cut into strips, one below the other, as some scanners store it."""
    height = pixels.shape[0]
    placed: list[Placed] = []
    for index in range(count):
        top, bottom = height * index // count, height * (index + 1) // count
        matrix = (size[0], 0, 0, size[1] * (bottom - top) / height, 0, size[1] * (1 - bottom / height))
        placed.append((jpeg(pixels[top:bottom]), matrix))
    return placed


def pictured(pages: list[tuple[list[Placed], tuple[float, float]]]) -> bytes:
    """A PDF whose pages show these pictures."""
    writer = PdfWriter()
    for placed, size in pages:
        page = writer.add_blank_page(*size)
        names = DictionaryObject()
        orders = ""
        for index, (stream, matrix) in enumerate(placed):
            names[NameObject(f"/I{index}")] = writer._add_object(stream)
            orders += f"q {' '.join(f'{number:.4f}' for number in matrix)} cm /I{index} Do Q\n"
        content = DecodedStreamObject()
        content.set_data(orders.encode())
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): names})
        page[NameObject("/Contents")] = writer._add_object(content)
    return _written(writer)


def with_text_boxes(data: bytes, boxes: list[tuple[str, tuple[float, float, float, float]]]) -> bytes:
    """Text boxes put on top of the first page, as people fill a form who have no printer; nothing draws them."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    notes = ArrayObject()
    for text, sides in boxes:
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/FreeText"),
                NameObject("/Contents"): TextStringObject(text),
                NameObject("/Rect"): ArrayObject([FloatObject(side) for side in sides]),
            }
        )
        notes.append(writer._add_object(note))
    writer.pages[0][NameObject("/Annots")] = notes
    return _written(writer)


def with_widgets(data: bytes, change: Callable[[int, DictionaryObject, PdfWriter], None]) -> bytes:
    """The file with each of its first page's fields changed."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for index, reference in enumerate(writer.pages[0]["/Annots"]):  # type: ignore[arg-type] # a list of references
        change(index, reference.get_object(), writer)
    return _written(writer)


def turned_in_place(data: bytes, degrees: int) -> bytes:
    """The first page's drawing turned clockwise, while the page says that it lies upright."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    page = writer.pages[0]
    matrices = {90: (0, -1, 1, 0, 0, 595), 180: (-1, 0, 0, -1, 595, 842), 270: (0, 1, -1, 0, 842, 0)}
    page.add_transformation([*matrices[degrees]])
    if degrees != 180:
        page.mediabox.upper_right = (842, 595)
    return _written(writer)


def joined(*files: bytes) -> bytes:
    writer = PdfWriter()
    for data in files:
        writer.append(PdfReader(io.BytesIO(data)))
    return _written(writer)


def with_attachment(data: bytes, name: str, *, portfolio: bool) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.add_attachment(name, b"%PDF-1.7 inside")
    if portfolio:
        writer.root_object[NameObject("/Collection")] = DictionaryObject({NameObject("/View"): NameObject("/D")})
    return _written(writer)


def without_letter_table(data: bytes) -> bytes:
    """The file without the tables that say which letter a glyph is: what one sees is right, what one copies is not."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for one in writer._objects:
        if isinstance(one, DictionaryObject) and "/ToUnicode" in one:
            del one["/ToUnicode"]
    return _written(writer)


def signed_with(data: bytes, claims: DictionaryObject) -> bytes:
    """A signature field with these claims."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("公章1"),
            NameObject("/V"): writer._add_object(claims),
        }
    )
    fields = ArrayObject([writer._add_object(field)])
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): fields})
    return _written(writer)


def _laughs(first: int, levels: int = 6) -> list[str]:
    """Forms from this number on, each of which draws the next one ten times."""
    objects = []
    for number in range(first, first + levels):
        resources = f"/Resources << /XObject << /F {number + 1} 0 R >> >>"
        objects.append(_stream(f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources}", "/F Do " * 10))
    return [*objects, _stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f")]


def _bomb(resources: str, content: str, *objects: str, more: str = "") -> bytes:
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> {more} >>"
    )
    tree = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    return _raw([*tree, page, _stream("", content), *objects])


def hidden_by_an_escape() -> bytes:
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /FA 5 0 R >> >>"
    return _bomb("/XObject << /FA 5 0 R >>", "/F#41 Do", _stream(form, "/FA Do /F#41 Do"))


def in_a_note() -> bytes:
    note = "<< /Type /Annot /Subtype /Stamp /Rect [0 0 99 99] /F 4 /AP << /N 6 0 R >> >>"
    return _bomb("", "n", note, *_laughs(6), more="/Annots [5 0 R]")


def in_a_pattern() -> bytes:
    keys = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9"
    pattern = _stream(f"{keys} /Resources << /Pattern << /P 5 0 R >> >>", "/Pattern cs /P scn 0 0 9 9 re f")
    return _bomb("/Pattern << /P 5 0 R >>", "/Pattern cs /P scn 0 0 500 500 re f", pattern)


def in_a_mask() -> bytes:
    return _bomb("/ExtGState << /G << /SMask << /S /Luminosity /G 5 0 R >> >> >>", "/G gs 0 0 9 9 re f", *_laughs(5))


def in_a_font() -> bytes:
    font = (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 "
        "/Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> "
        "/Resources << /XObject << /F 7 0 R >> >> >>"
    )
    letter = _stream("", "9 0 d0 " + "/F Do " * 10)
    return _bomb("/Font << /T 5 0 R >>", "BT /T 12 Tf 9 9 Td (aaaa) Tj ET", font, letter, *_laughs(7))
